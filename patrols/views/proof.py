"""What nights came to over a month, and the nights and rounds behind each number."""

from datetime import date
from typing import Any

from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_safe

from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, Unit, User
from liaison.core.ledgers import cut_page, export
from patrols import proof as proving
from patrols.flag_words import in_words
from patrols.models import CheckIn, DutyGuard, PatrolRun, RunStop
from patrols.nights import evening_of
from patrols.proof import KINDS, Kind
from patrols.roster_dates import month_before, month_of, next_month, read_month
from patrols.station_asked import station_asked
from patrols.tallies import OUTCOMES, duties_between, outcome_of

STATES = {
    "done": (pgettext_lazy("duty", "Done"), "jade"),
    "missed": (pgettext_lazy("duty", "Missed"), "seal"),
    "unplanned": (pgettext_lazy("duty", "No round planned"), ""),
}


@open_to(*STAFF)
@require_safe
def proof(request: HttpRequest) -> HttpResponse:
    """``?by=`` enterprise, guard or team; ``?month=``; ``?unit=`` for whoever sees several."""
    user: User = request.user  # type: ignore[assignment]
    unit, month, kind = _asked(request)
    context: dict[str, Any] = {
        "unit": unit,
        "month": month,
        "before": month_before(month),
        "after": next_month(month),
        "kind": kind,
        "kinds": KINDS.values(),
        "of_unit": f"unit={unit.code}&" if unit and "unit" in request.GET else "",
    }
    if unit is None:
        units = Unit.objects.visible_to(user).stations()
        context["page"] = cut_page(request, units, ("name", "pk"))
        return render(request, "patrols/proof_stations.html", context)
    now = timezone.now()
    tallies = proving.counted(kind, unit, month, now)
    listed, order = proving.subjects(kind, user, list(tallies))
    page = cut_page(request, listed, order, size=50)
    calls = proving.responses(kind, user, unit, month, now)
    context |= {"page": page, "rows": proving.rows(page.items, tallies, calls)}
    return render(request, "patrols/proof.html", context)


@open_to(*STAFF)
@require_safe
def proof_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    if kind not in ("xlsx", "csv"):
        raise Http404
    user: User = request.user  # type: ignore[assignment]
    unit, month, of = _asked(request)
    if unit is None:
        return _choose(request)
    now = timezone.now()
    tallies = proving.counted(of, unit, month, now)
    listed, order = proving.subjects(of, user, list(tallies))
    calls = proving.responses(of, user, unit, month, now)
    rows = proving.rows(list(listed.order_by(*order)), tallies, calls)
    title = _("%(unit)s: patrols of %(month)s") % {"unit": unit, "month": f"{month:%Y-%m}"}
    name = f"patrols-{month:%Y-%m}-{of.key}"
    cells = proving.cells(of, rows)
    return export(proving.columns(of), cells, name=name, title=title, kind=kind)


@open_to(*STAFF)
@require_safe
def proof_nights(request: HttpRequest) -> HttpResponse:
    """The duties behind a number: ``?enterprise=``, ``?guard=`` or ``?team=``, ``?state=``."""
    unit, month, _kind = _asked(request)
    if unit is None:
        return _choose(request)
    duties = duties_between(unit, *proving.period(month, timezone.now()))
    for name, field in (
        ("enterprise", "enterprise"),
        ("guard", "guards__guard"),
        ("team", "night__team"),
    ):
        if name in request.GET:
            duties = duties.filter(**{field: _key(request.GET[name])})
    state = request.GET.get("state", "")
    if state in STATES:
        duties = duties.filter(OUTCOMES[state])
    guards = DutyGuard.objects.select_related("guard").order_by("guard__name", "pk")
    runs = PatrolRun.objects.select_related("route").order_by("planned_start", "pk")
    duties = duties.select_related("enterprise", "night__team").prefetch_related(
        Prefetch("guards", guards), Prefetch("night__runs", runs)
    )
    page = cut_page(request, duties, ("night__night_on", "night__team__number", "pk"), size=50)
    for duty in page.items:
        duty.state_words, duty.state_tone = STATES[outcome_of(duty)]
    context = {"page": page, "unit": unit, "month": month, "state": state, "states": STATES}
    return render(request, "patrols/proof_nights.html", context)


@open_to(*STAFF)
@require_safe
def round_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One round as it was recorded: what should have been passed when, each check-in with what is
    odd about it, who was told."""
    user: User = request.user  # type: ignore[assignment]
    stops = RunStop.objects.select_related("checkpoint").order_by("position")
    runs = PatrolRun.objects.visible_to(user).select_related(
        "night__team__unit", "route", "started_by", "ended_by"
    )
    run = get_object_or_404(runs.prefetch_related(Prefetch("stops", stops)), pk=pk)
    seen = CheckIn.objects.filter(run=run).select_related("checkpoint", "guard", "position")
    check_ins = list(seen.order_by("at", "pk"))
    for one in check_ins:
        one.flag_words = in_words(one.flags)  # type: ignore[attr-defined]
        one.metres = getattr(getattr(one, "position", None), "distance", None)  # type: ignore[attr-defined]
    alerts = run.alerts.select_related("checkpoint").order_by("at", "step", "pk")
    context = {"run": run, "check_ins": check_ins, "alerts": alerts}
    return render(request, "patrols/round.html", context)


def _asked(request: HttpRequest) -> tuple[Unit | None, date, Kind]:
    month = read_month(request.GET.get("month", ""))
    kind = KINDS.get(request.GET.get("by", ""), KINDS["enterprise"])
    return station_asked(request), month or month_of(evening_of(timezone.now())), kind


def _choose(request: HttpRequest) -> HttpResponse:
    """Whoever sees several stations chooses one first; one that is not there is none."""
    if "unit" in request.GET:
        raise Http404
    return redirect("patrol_proof")


def _key(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0
