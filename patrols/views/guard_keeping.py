"""Adding, editing and leaving, the same for the station and for the enterprise's own door."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liaison.accounts.models import User
from liaison.core.forms import refuse
from liaison.core.refused import Refused
from patrols.actions.guards import FACTS, add_guard, edit_guard, guard_left
from patrols.guard_forms import GuardForm, LeaveForm, OffDutyForm
from patrols.models import Guard
from patrols.rights import keeps


@dataclass(frozen=True)
class Face:
    """Where these pages stand: their frame and the names of their addresses."""

    frame: str
    listing: str
    edit: str
    leave: str
    detail: str = ""

    def home_of(self, guard: Guard) -> str:
        return reverse(self.detail, args=(guard.pk,)) if self.detail else reverse(self.listing)


STAFF_FACE = Face("staff/frame.html", "guard_list", "guard_edit", "guard_leave", "guard_detail")
PORTAL_FACE = Face("portal/frame.html", "portal_guards", "portal_guard_edit", "portal_guard_leave")


def guard_new(request: HttpRequest, face: Face) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    if not (user.is_contact or user.is_station_staff):
        raise Http404
    form = GuardForm(request.POST or None, user=user, initial=_asked_for(request))
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            guard = add_guard(form.cleaned_data["enterprise"], _facts(form), by=user)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect(face.home_of(guard))
    context = {
        "form": form,
        "face": face,
        "heading": _("Add a guard"),
        "back": reverse(face.listing),
    }
    return render(request, "patrols/guards/form.html", context, status=status)


def guard_edit(request: HttpRequest, face: Face, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    guard = find(request, pk)
    form = GuardForm(
        request.POST or None, user=user, guard=guard, initial=GuardForm.initial_of(guard)
    )

    def does(cleaned: dict[str, Any]) -> list[date]:
        return edit_guard(
            guard,
            _facts(form),
            version=cleaned["version"],
            by=user,
            off_duty=cleaned["off_duty"],
        )

    leaves = reverse(face.leave, args=(guard.pk,))
    return _change(request, face, guard, form, does, heading=guard.name, leaves=leaves)


def guard_leave(request: HttpRequest, face: Face, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    guard = find(request, pk)
    initial = {"version": guard.version, "left_on": timezone.localdate()}
    form = LeaveForm(request.POST or None, initial=initial)

    def does(cleaned: dict[str, Any]) -> list[date]:
        return guard_left(
            guard,
            cleaned["left_on"],
            version=cleaned["version"],
            by=user,
            off_duty=cleaned["off_duty"],
        )

    heading = _("%(who)s leaves") % {"who": guard.name}
    return _change(request, face, guard, form, does, heading=heading)


def find(request: HttpRequest, pk: int) -> Guard:
    """One who still serves and whom this person keeps; others are not there to be changed."""
    user: User = request.user  # type: ignore[assignment]
    guards = Guard.objects.visible_to(user).select_related("enterprise__unit")
    guard = get_object_or_404(guards, pk=pk, left_on__isnull=True)
    if not user.is_contact and not keeps(user, guard.unit_id):
        raise Http404
    return guard


def say_saved(request: HttpRequest, freed: list[date]) -> None:
    messages.success(request, _("Saved."))
    if freed:
        said = ngettext(
            "The guard was taken off %(n)d night; the station has been told.",
            "The guard was taken off %(n)d nights; the station has been told.",
            len(freed),
        )
        messages.warning(request, said % {"n": len(freed)})


def refused_change(form: OffDutyForm, refused: Refused) -> int:
    """The refusal beside its field; the box to agree with, where nights would be lost."""
    if refused.code == "loses_duties":
        form.ask_off_duty()
    return refuse(form, refused)


def _change(
    request: HttpRequest,
    face: Face,
    guard: Guard,
    form: OffDutyForm,
    does: Callable[[dict[str, Any]], list[date]],
    **more: Any,
) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        try:
            freed = does(form.cleaned_data)
        except Refused as refused:
            status = refused_change(form, refused)
        else:
            say_saved(request, freed)
            return redirect(face.home_of(guard))
    context = {"form": form, "face": face, "guard": guard, "back": face.home_of(guard), **more}
    return render(request, "patrols/guards/form.html", context, status=status)


def _facts(form: GuardForm) -> dict[str, Any]:
    return {name: value for name, value in form.cleaned_data.items() if name in FACTS}


def _asked_for(request: HttpRequest) -> dict[str, Any]:
    """From the page of an enterprise its own is chosen."""
    asked = request.GET.get("enterprise", "")
    return {"enterprise": asked} if asked.isdecimal() else {}
