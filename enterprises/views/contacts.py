"""The people to talk to at an enterprise."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from enterprises.actions import add_contact, contact_left, edit_contact, may_keep_contacts
from enterprises.forms import ContactForm
from enterprises.models import Contact, Enterprise
from liaison.accounts.access import open_to
from liaison.accounts.models import STATION_STAFF, User
from liaison.core.forms import show_refusal
from liaison.core.refused import Refused


@open_to(*STATION_STAFF)
def contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    enterprises = Enterprise.objects.visible_to(user).select_related("unit")
    enterprise = get_object_or_404(enterprises, pk=pk)
    if not may_keep_contacts(user, enterprise):
        raise Http404
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            add_contact(enterprise, form.cleaned_data, by=user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("enterprise_detail", pk)
    context = {"form": form, "enterprise": enterprise, "heading": _("Add a contact")}
    status = 422 if form.is_bound else 200
    return render(request, "enterprises/form.html", context, status=status)


@open_to(*STATION_STAFF)
def contact_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a contact, or note that the person has left."""
    user: User = request.user  # type: ignore[assignment]
    contacts = Contact.objects.visible_to(user).present().select_related("enterprise__unit")
    contact = get_object_or_404(contacts, pk=pk)
    if not may_keep_contacts(user, contact.enterprise):
        raise Http404
    initial = {name: getattr(contact, name) for name in ContactForm.base_fields}
    leaves = request.method == "POST" and "left" in request.POST
    form = ContactForm(None if leaves else request.POST or None, initial=initial)
    if leaves or (request.method == "POST" and form.is_valid()):
        try:
            if leaves:
                contact_left(contact, by=user)
            else:
                edit_contact(contact, form.cleaned_data, by=user)
        except Refused as refused:
            if leaves:
                messages.warning(request, str(refused.message))
            else:
                show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("enterprise_detail", contact.enterprise_id)
    context = {
        "form": form,
        "enterprise": contact.enterprise,
        "heading": contact.name,
        "may_leave": True,
    }
    status = 422 if form.is_bound else 200
    return render(request, "enterprises/form.html", context, status=status)
