"""Working on a division: the draft on the map and in a list, what is settled, publishing."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enterprises.models import Enterprise
from liaison.accounts.access import open_to
from liaison.accounts.models import OVERSEERS, Unit, User
from liaison.core.forms import refuse
from liaison.core.refused import Refused
from patrols.actions.dividing import (
    Asked,
    discard_division,
    move_place,
    propose_division,
    usual,
)
from patrols.actions.publishing_teams import publish_division
from patrols.actions.settling import remove_barrier, remove_pin, set_barrier, set_pin
from patrols.models import Barrier, Draft, Membership, Pin
from patrols.pins import wrong_sizes
from patrols.reasons import metres
from patrols.team_forms import BarrierForm, MoveForm, PinForm, ProposeForm, PublishForm
from patrols.team_map import drawn, teams_of


@open_to(*OVERSEERS)
def division(request: HttpRequest) -> HttpResponse:
    """The open draft; where there is none, the form that begins one."""
    user, unit = _mine(request)
    draft = _open(user, unit)
    if draft is None:
        return redirect("division_new")
    return _page(request, draft)


def _page(request: HttpRequest, draft: Draft) -> HttpResponse:
    places = list(
        draft.places.select_related("enterprise").order_by("team_number", "enterprise__name")
    )
    team_of = {one.enterprise: one.team_number for one in places}
    teams = teams_of(team_of, draft.teams)
    barriers = Barrier.objects.filter(unit=draft.unit_id).order_by("pk")
    numbers = {one.enterprise_id: one.team_number for one in places}
    wrong = wrong_sizes(numbers, draft.teams, draft.smallest, draft.largest)
    context = {
        "draft": draft,
        "teams": teams,
        "lists": [
            (team, [one for one in places if one.team_number == team.number]) for team in teams
        ],
        "out": [one for one in places if one.team_number is None],
        "wrong": wrong,
        "covered": sum(team.size for team in teams),
        "way": metres(sum(team.metres for team in teams)),
        **drawn(team_of, teams, barriers),
    }
    return render(request, "patrols/division.html", context)


@open_to(*OVERSEERS)
def division_new(request: HttpRequest) -> HttpResponse:
    """A proposal, also anew in place of the open draft."""
    user, unit = _mine(request)
    draft = _open(user, unit)
    asked = usual(unit)
    if draft is not None:
        asked = Asked(draft.teams, draft.smallest, draft.largest, draft.seed)
    initial = {
        "teams": asked.teams,
        "smallest": asked.smallest,
        "largest": asked.largest,
        "seed": asked.seed,
        "version": draft.version if draft else None,
    }
    form = ProposeForm(request.POST or None, initial=initial)

    def do(given: dict[str, Any]) -> str:
        wanted = Asked(given["teams"], given["smallest"], given["largest"], given["seed"])
        propose_division(unit, wanted, by=user, version=given["version"])
        return _("Proposed. Nothing holds before it is published.")

    context = {"draft": draft}
    return _asked(request, form, do, "division", "patrols/division_new.html", context)


@open_to(*OVERSEERS)
def division_place(request: HttpRequest, pk: int) -> HttpResponse:
    """One enterprise of the draft, to be put into another team; the map sends the same form."""
    user, unit = _mine(request)
    draft = _open(user, unit)
    if draft is None:
        raise Http404
    place = get_object_or_404(draft.places.select_related("enterprise"), enterprise=pk)
    initial = {"team": str(place.team_number or "none"), "version": draft.version}
    form = MoveForm(request.POST or None, draft=draft, initial=initial)

    def do(given: dict[str, Any]) -> str:
        move_place(draft, place.enterprise, given["team"], by=user, version=given["version"])
        return _("%(who)s is moved.") % {"who": place.enterprise.name}

    context = {"place": place}
    return _asked(request, form, do, "division", "patrols/place.html", context)


@open_to(*OVERSEERS)
def division_publish(request: HttpRequest) -> HttpResponse:
    user, unit = _mine(request)
    draft = _open(user, unit)
    if draft is None:
        raise Http404
    form = PublishForm(request.POST or None, initial={"version": draft.version})

    def do(given: dict[str, Any]) -> str:
        publish_division(
            draft,
            given["begins_on"],
            by=user,
            version=given["version"],
            any_size=given["any_size"],
        )
        return _("Published.")

    return _asked(request, form, do, "team_list", "patrols/publish.html", _ahead(user, draft))


def _ahead(user: User, draft: Draft) -> dict[str, Any]:
    """What publishing the draft would come to."""
    wanted = dict(draft.places.values_list("enterprise", "team_number"))
    rows = Membership.objects.visible_to(user).filter(team__unit=draft.unit_id)
    now = dict(rows.filter(ended_on__isnull=True).values_list("enterprise", "team__number"))
    uncovered = sum(number is None for number in wanted.values())
    return {
        "draft": draft,
        "covered": len(wanted) - uncovered,
        "uncovered": uncovered,
        "changing": sum(now.get(key) != wanted.get(key) for key in now.keys() | wanted.keys()),
        "wrong": wrong_sizes(wanted, draft.teams, draft.smallest, draft.largest),
    }


@open_to(*OVERSEERS)
@require_POST
def division_discard(request: HttpRequest) -> HttpResponse:
    user, unit = _mine(request)
    draft = _open(user, unit)
    version = request.POST.get("version", "")
    if draft is None or not version.isdecimal():
        raise Http404
    try:
        discard_division(draft, by=user, version=int(version))
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("division")
    messages.success(request, _("The draft is discarded."))
    return redirect("team_list")


@open_to(*OVERSEERS)
def pin_list(request: HttpRequest) -> HttpResponse:
    """What is settled, and one more."""
    user, unit = _mine(request)
    form = PinForm(request.POST or None, user=user)

    def do(given: dict[str, Any]) -> str:
        set_pin(
            unit,
            given["kind"],
            given["enterprise"],
            by=user,
            other=given["other"],
            team_number=given["team_number"],
            reason=given["reason"],
        )
        return _("Settled. The next proposal keeps to it.")

    pins = Pin.objects.visible_to(user).select_related("enterprise", "other", "by")
    context = {"pins": pins.order_by("pk")}
    return _asked(request, form, do, "pin_list", "patrols/pins.html", context)


@open_to(*OVERSEERS)
@require_POST
def pin_remove(request: HttpRequest, pk: int) -> HttpResponse:
    user, _unit = _mine(request)
    pin = get_object_or_404(
        Pin.objects.visible_to(user).select_related("unit", "enterprise"), pk=pk
    )
    return _taken(request, lambda: remove_pin(pin, by=user), "pin_list")


@open_to(*OVERSEERS)
def barrier_list(request: HttpRequest) -> HttpResponse:
    """Rivers, railways and roads that no team lies across, and one more, drawn by clicks."""
    user, unit = _mine(request)
    form = BarrierForm(request.POST or None)

    def do(given: dict[str, Any]) -> str:
        set_barrier(unit, given["kind"], given["name"], given["points"], by=user)
        return _("Kept. The next proposal goes round it.")

    barriers = list(Barrier.objects.visible_to(user).order_by("pk"))
    live = Enterprise.objects.filter(unit=unit, longitude__isnull=False).live()
    places = dict.fromkeys(live.only("pk", "name", "longitude", "latitude"), None)
    context = {"barriers_kept": barriers, **drawn(places, [], barriers)}
    return _asked(request, form, do, "barrier_list", "patrols/barriers.html", context)


@open_to(*OVERSEERS)
@require_POST
def barrier_remove(request: HttpRequest, pk: int) -> HttpResponse:
    user, _unit = _mine(request)
    barrier = get_object_or_404(Barrier.objects.visible_to(user).select_related("unit"), pk=pk)
    return _taken(request, lambda: remove_barrier(barrier, by=user), "barrier_list")


def _asked(
    request: HttpRequest,
    form: forms.Form,
    do: Callable[[dict[str, Any]], str],
    goes_on: str,
    template: str,
    context: dict[str, Any],
) -> HttpResponse:
    """The form's page; what was sent is done, or refused beside its field."""
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            said = do(form.cleaned_data)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, said)
            return redirect(goes_on)
    return render(request, template, {**context, "form": form}, status=status)


def _taken(request: HttpRequest, do: Callable[[], None], back: str) -> HttpResponse:
    try:
        do()
    except Refused as refused:
        messages.error(request, str(refused.message))
    return redirect(back)


def _mine(request: HttpRequest) -> tuple[User, Unit]:
    user: User = request.user  # type: ignore[assignment]
    if user.unit is None or not user.is_station_staff:
        raise Http404
    return user, user.unit


def _open(user: User, unit: Unit) -> Draft | None:
    return Draft.objects.visible_to(user).filter(unit=unit).open().select_related("unit").first()
