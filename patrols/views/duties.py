"""The enterprise's own nights: who goes, what it wishes, swaps, and that somebody cannot come."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enterprises.models import Enterprise
from liaison.accounts.access import open_to
from liaison.accounts.models import Kind, User
from liaison.core.forms import refuse
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused
from patrols.actions.absences import report_absence
from patrols.actions.swapping import ask_swap
from patrols.at_a_glance import with_guards
from patrols.models import Duty, Membership, SwapRequest
from patrols.nights import evening_of
from patrols.querysets import DutyQuerySet
from patrols.roster_forms import AbsenceForm, SwapForm, WishForm
from patrols.swap_moves import MOVES
from patrols.views.rosters import ics
from patrols.views.swaps import coming, moved, removed, wished

SWAPS_SHOWN = 10
# Nights that may be asked for in return.
NIGHTS_OFFERED = 6


@open_to(Kind.CONTACT)
def portal_duties(request: HttpRequest) -> HttpResponse:
    """Tonight first, then the nights to come, and what others ask of us."""
    user: User = request.user  # type: ignore[assignment]
    page = cut_page(request, with_guards(_mine(user)), ("night__night_on", "pk"))
    evening = evening_of(timezone.now())
    for duty in page.items:
        duty.tonight = duty.night.night_on == evening
    asked = SwapRequest.objects.visible_to(user).open().filter(gives_on__gte=evening)
    swaps = list(asked.select_related("team", "asking", "asked").order_by("gives_on")[:SWAPS_SHOWN])
    own = set(user.contact_for.filter(left_on__isnull=True).values_list("enterprise", flat=True))
    for swap in swaps:
        sides = {"asking": swap.asking_id in own, "asked": swap.asked_id in own}
        swap.moves = [  # type: ignore[attr-defined]
            name
            for name, move in MOVES.items()
            if swap.state in move.before and sides.get(move.side, False)
        ]
    return render(request, "patrols/portal/duties.html", {"page": page, "swaps": swaps})


@open_to(Kind.CONTACT)
def portal_duty(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _duty(request, pk))


@open_to(Kind.CONTACT)
@require_POST
def portal_duty_swap(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    duty = _duty(request, pk)
    form = SwapForm(request.POST, duty=duty, others=_others(duty))
    status = 422
    if form.is_valid():
        asked, takes_on = form.chosen()
        try:
            ask_swap(duty, asked, by=user, takes_on=takes_on, reason=form.cleaned_data["reason"])
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("Asked: you hear as soon as they answer."))
            return redirect("portal_duties")
    return _page(request, duty, swap=form, status=status)


@open_to(Kind.CONTACT)
@require_POST
def portal_duty_absent(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    duty = _duty(request, pk)
    form = AbsenceForm(request.POST, duty=duty)
    status = 422
    if form.is_valid():
        given = form.cleaned_data
        guard = None if given["who"] == "all" else form.guards[int(given["who"])]
        try:
            report_absence(duty, by=user, guard=guard, reason=given["reason"])
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("The station knows and looks for somebody else."))
            return redirect("portal_duties")
    return _page(request, duty, absent=form, status=status)


@open_to(Kind.CONTACT)
@require_POST
def portal_swap_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    seen = SwapRequest.objects.visible_to(user).select_related("team__unit", "asking", "asked")
    moved(request, get_object_or_404(seen, pk=pk), verb)
    return redirect("portal_duties")


@open_to(Kind.CONTACT)
def portal_wishes(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    enterprises = list(Enterprise.objects.visible_to(user).order_by("name", "pk"))
    form = WishForm(request.POST or None, enterprises=enterprises)
    status = wished(request, form)
    if status is None:
        return redirect("portal_wishes")
    page = cut_page(request, coming(user), ("night_on", "pk"))
    context = {"page": page, "form": form, "several": len(enterprises) > 1}
    return render(request, "patrols/portal/wishes.html", context, status=status)


@open_to(Kind.CONTACT)
@require_POST
def portal_wish_remove(request: HttpRequest, pk: int) -> HttpResponse:
    removed(request, pk)
    return redirect("portal_wishes")


@open_to(Kind.CONTACT)
def portal_duties_ics(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    return ics(with_guards(_mine(user)), _("Our patrol nights"), "patrol-nights.ics")


def _mine(user: User) -> DutyQuerySet:
    evening = evening_of(timezone.now())
    return Duty.objects.visible_to(user).filter(night__night_on__gte=evening)


def _duty(request: HttpRequest, pk: int) -> Duty:
    user: User = request.user  # type: ignore[assignment]
    duty: Duty = get_object_or_404(with_guards(_mine(user)), pk=pk)
    return duty


def _others(duty: Duty) -> list[tuple[Enterprise, list[date]]]:
    """Who could be asked: of the team, not on duty that night; each with nights of its own on
    which this enterprise is not out."""
    night = duty.night
    members = Membership.objects.on(night.night_on).filter(team=night.team)
    members = members.select_related("enterprise").order_by("enterprise__name")
    nights: dict[int, list[date]] = {}
    out = Duty.objects.filter(
        night__team=night.team,
        night__roster__state="published",
        night__night_on__gte=evening_of(timezone.now()),
    ).values_list("enterprise", "night__night_on")
    for enterprise, on in out.order_by("night__night_on"):
        nights.setdefault(enterprise, []).append(on)
    own = set(nights.get(duty.enterprise_id, []))
    return [
        (
            one.enterprise,
            [on for on in nights.get(one.enterprise_id, []) if on not in own][:NIGHTS_OFFERED],
        )
        for one in members
        if one.enterprise_id != duty.enterprise_id
        and night.night_on not in nights.get(one.enterprise_id, [])
    ]


def _page(
    request: HttpRequest,
    duty: Duty,
    *,
    swap: SwapForm | None = None,
    absent: AbsenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    together = Duty.objects.filter(night=duty.night).exclude(pk=duty.pk)
    asked = SwapRequest.objects.all().open()
    asked = asked.filter(asking=duty.enterprise, gives_on=duty.night.night_on)
    context = {
        "duty": duty,
        "together": with_guards(together),
        "asked": asked.select_related("asked").first(),
        "swap_form": swap or SwapForm(None, duty=duty, others=_others(duty)),
        "absent_form": absent or AbsenceForm(None, duty=duty),
    }
    return render(request, "patrols/portal/duty.html", context, status=status)
