"""The people of a unit, kept by its system administrator."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from liaison.accounts.access import SYSTEM_ADMINISTRATORS, open_to
from liaison.accounts.forms import PersonForm
from liaison.accounts.models import User
from liaison.accounts.people import (
    add_person,
    close_account,
    edit_person,
    open_account,
    reset_password,
)
from liaison.core.forms import show_refusal
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused

VERBS = {"close": close_account, "open": open_account}


@open_to(SYSTEM_ADMINISTRATORS)
def people_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    people = User.objects.visible_to(user).select_related("unit")
    page = cut_page(request, people, ("-is_active", "unit_id", "kind", "name", "id"))
    return render(request, "accounts/people.html", {"page": page})


@open_to(SYSTEM_ADMINISTRATORS)
@never_cache
def person_new(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    form = PersonForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            person, password = add_person(form.cleaned_data, by=user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            return _show_password(request, person, password)
    context = {"form": form, "heading": _("Add a person")}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/person.html", context, status=status)


@open_to(SYSTEM_ADMINISTRATORS)
def person_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    person = _find(user, pk)
    initial = {name: getattr(person, name) for name in PersonForm.base_fields}
    form = PersonForm(request.POST or None, user=user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            edit_person(person, form.cleaned_data, by=user)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("people_list")
    context = {"form": form, "heading": _find(user, pk).name, "person": person}
    status = 422 if form.is_bound else 200
    return render(request, "accounts/person.html", context, status=status)


@open_to(SYSTEM_ADMINISTRATORS)
@require_POST
def person_account(request: HttpRequest, pk: int) -> HttpResponse:
    """Close or open the account: ``do`` says which."""
    user: User = request.user  # type: ignore[assignment]
    person = _find(user, pk)
    verb = VERBS.get(request.POST.get("do", ""))
    if verb is None:
        return redirect("person_edit", pk)
    try:
        verb(person, by=user)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("person_edit", pk)
    messages.success(request, _("Saved."))
    return redirect("people_list")


@open_to(SYSTEM_ADMINISTRATORS)
@require_POST
@never_cache
def person_password(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    person = _find(user, pk)
    try:
        password = reset_password(person, by=user)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("person_edit", pk)
    return _show_password(request, person, password)


def _find(user: User, pk: int) -> User:
    return get_object_or_404(User.objects.visible_to(user).select_related("unit"), pk=pk)


def _show_password(request: HttpRequest, person: User, password: str) -> HttpResponse:
    """Shown once, on the answer itself: it is kept nowhere and cannot be shown again."""
    context = {"person": person, "password": password}
    return render(request, "accounts/person_password.html", context)
