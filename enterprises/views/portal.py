"""Our people: the page of an enterprise's contacts about themselves."""

from typing import Any

from django.contrib import messages
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from enterprises.actions import add_contact, contact_left, put_in_charge, revoke_invitation
from enterprises.contact_states import people_of
from enterprises.forms import ContactForm
from enterprises.models import Contact, Enterprise
from enterprises.views.people import found, invited, pressed
from liaison.accounts.access import open_to
from liaison.accounts.models import Kind, User
from liaison.core.forms import show_refusal
from liaison.core.refused import Refused


@open_to(Kind.CONTACT)
def portal_contacts(request: HttpRequest) -> HttpResponse:
    """Who speaks for us here, who signs in, who is in charge; for the latter, the buttons."""
    user: User = request.user  # type: ignore[assignment]
    enterprises = {one.pk: one for one in Enterprise.objects.visible_to(user).order_by("name")}
    contacts = Contact.objects.visible_to(user).for_people()
    told = people_of(contacts.order_by(F("left_on").asc(nulls_first=True), "name", "pk"))
    groups: list[dict[str, Any]] = [
        {
            "enterprise": enterprise,
            "people": [one for one in told if one.contact.enterprise_id == pk],
            "in_charge": _in_charge(told, pk, user),
        }
        for pk, enterprise in enterprises.items()
    ]
    return render(request, "enterprises/portal/contacts.html", {"groups": groups})


@open_to(Kind.CONTACT)
def portal_contact_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a colleague; only for the one in charge there."""
    user: User = request.user  # type: ignore[assignment]
    mine = user.contact_for.filter(left_on__isnull=True, in_charge=True).values("enterprise")
    seen = Enterprise.objects.visible_to(user).filter(pk__in=mine).select_related("unit")
    enterprise = get_object_or_404(seen, pk=pk)
    form = ContactForm(request.POST or None)
    del form.fields["is_primary"]
    if request.method == "POST" and form.is_valid():
        try:
            add_contact(enterprise, form.cleaned_data, by=user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Entered. Invite them now, so that they can sign in."))
            return redirect("portal_contacts")
    context = {"form": form, "enterprise": enterprise}
    status = 422 if form.is_bound else 200
    return render(request, "enterprises/portal/contact_new.html", context, status=status)


@open_to(Kind.CONTACT)
@require_POST
@never_cache
def portal_contact_invite(request: HttpRequest, pk: int) -> HttpResponse:
    contact = _kept(request, pk)
    return invited(request, contact, frame="portal/frame.html", back=reverse("portal_contacts"))


@open_to(Kind.CONTACT)
@require_POST
def portal_contact_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    said = _("The invitation is revoked.")
    contact = _kept(request, pk)
    return pressed(request, revoke_invitation, contact, said, reverse("portal_contacts"))


@open_to(Kind.CONTACT)
@require_POST
def portal_contact_leave(request: HttpRequest, pk: int) -> HttpResponse:
    contact = _kept(request, pk)
    said = _("%(who)s has no access any more.") % {"who": contact.name}
    return pressed(request, contact_left, contact, said, reverse("portal_contacts"))


@open_to(Kind.CONTACT)
@require_POST
def portal_contact_in_charge(request: HttpRequest, pk: int) -> HttpResponse:
    contact = _kept(request, pk)
    said = _("%(who)s is in charge now.") % {"who": contact.name}
    return pressed(request, put_in_charge, contact, said, reverse("portal_contacts"))


def _kept(request: HttpRequest, pk: int) -> Contact:
    """A contact whom the asker keeps: for others at the enterprise there is no such address."""
    user: User = request.user  # type: ignore[assignment]
    contact = found(request, pk)
    if not user.contact_for.filter(
        enterprise=contact.enterprise_id, left_on__isnull=True, in_charge=True
    ).exists():
        raise Http404
    return contact


def _in_charge(told: list[Any], pk: int, user: User) -> bool:
    return any(
        one.contact.enterprise_id == pk and one.contact.user_id == user.pk and one.contact.in_charge
        for one in told
    )
