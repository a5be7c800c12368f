"""Yesterday's night on one page, as it was reported and as it is known now."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, Unit, User
from liaison.core.ledgers import cut_page
from patrols.actions.morning import in_words, last_due
from patrols.flag_words import in_words as flags_in_words
from patrols.models import (
    Absence,
    CheckIn,
    NightReport,
    PatrolIncident,
    PatrolRun,
    PatrolTeam,
    RunStop,
)
from patrols.nights import evening_of
from patrols.station_asked import station_asked
from patrols.tallies import by_team, total

ONE = timedelta(days=1)
# Of each kind of trouble so many are on the page; a night with more has other worries.
MOST = 60


@dataclass(frozen=True)
class TeamNight:
    """A team's numbers now, and as they were reported (None before there is a report)."""

    team: PatrolTeam
    now: Counter[str]
    reported: Counter[str] | None

    @property
    def changed(self) -> bool:
        return self.reported is not None and self.reported != self.now


@open_to(*STAFF)
@require_safe
def latest(request: HttpRequest) -> HttpResponse:
    """The last night that is due to be reported."""
    address = reverse("patrol_morning", args=[last_due(timezone.now())])
    query = request.GET.urlencode()
    return redirect(f"{address}?{query}" if query else address)


@open_to(*STAFF)
@require_safe
def morning(request: HttpRequest, evening: str) -> HttpResponse:
    """The night of that evening, at one's own station or at ``?unit=``."""
    try:
        night = date.fromisoformat(evening)
    except ValueError as error:
        raise Http404 from error
    return _night(request, night)


def _night(request: HttpRequest, evening: date) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    unit = station_asked(request)
    now = timezone.now()
    context: dict[str, Any] = {
        "evening": evening,
        "before": evening - ONE,
        "after": evening + ONE if evening < evening_of(now) else None,
        "unit": unit,
        "of_unit": f"unit={unit.code}&" if unit and "unit" in request.GET else "",
        "query": f"?unit={unit.code}" if unit and "unit" in request.GET else "",
    }
    if unit is None:
        units = Unit.objects.visible_to(user).stations()
        context["page"] = cut_page(request, units, ("name", "pk"))
        context["reports"] = _reports(user, context["page"].items, evening)
        return render(request, "patrols/morning_stations.html", context)
    numbers = by_team(unit, evening, evening)
    report = NightReport.objects.visible_to(user).filter(unit=unit, night_on=evening).first()
    context |= {
        "report": report,
        "teams": _teams(user, numbers, report),
        "whole": total(numbers.values()),
        "over": evening < evening_of(now),
        **_troubles(user, unit, evening),
    }
    return render(request, "patrols/morning.html", context)


def _teams(
    user: User, numbers: dict[int, Counter[str]], report: NightReport | None
) -> list[TeamNight]:
    teams = PatrolTeam.objects.visible_to(user).filter(pk__in=numbers).order_by("number", "pk")
    told = report.teams if report else None
    return [
        TeamNight(
            one, numbers[one.pk], None if told is None else Counter(told.get(str(one.pk), {}))
        )
        for one in teams
    ]


def _troubles(user: User, unit: Unit, evening: date) -> dict[str, Any]:
    """What somebody should look into, each with its round."""
    of_night = {"night__team__unit": unit, "night__night_on": evening}
    runs = PatrolRun.objects.visible_to(user).filter(**of_night)
    runs = runs.select_related("night__team", "route", "started_by").order_by("planned_start", "pk")
    late = timedelta(minutes=settings.PATROL_ALERT_MINUTES[0])
    stops = RunStop.objects.filter(
        run__in=runs.filter(started_at__isnull=False), seen_at__isnull=True
    ).select_related("checkpoint", "run__night__team", "run__route")
    flagged = CheckIn.objects.visible_to(user).filter(**of_night).exclude(flags=[])
    flagged = flagged.select_related("checkpoint", "guard__enterprise", "run__night__team")
    odd = list(flagged.order_by("at", "pk")[:MOST])
    for one in odd:
        one.flag_words = flags_in_words(one.flags)  # type: ignore[attr-defined]
    incidents = PatrolIncident.objects.visible_to(user).filter(**of_night)
    incidents = incidents.select_related("night__team", "guard__enterprise", "issue")
    absences = Absence.objects.filter(enterprise__unit=unit, night_on=evening)
    return {
        "unwalked": runs.filter(started_at__isnull=True)[:MOST],
        "late": runs.filter(started_at__gte=F("planned_start") + late)[:MOST],
        "gaps": stops.order_by("run__planned_start", "run_id", "position")[:MOST],
        "odd": odd,
        "incidents": incidents.order_by("-sos", "happened_at", "pk")[:MOST],
        "absences": absences.select_related("enterprise", "guard", "substitute").order_by("pk"),
    }


def _reports(user: User, units: Sequence[Unit], evening: date) -> list[tuple[Unit, str]]:
    """Each station with its night in words, empty where none is reported."""
    rows = NightReport.objects.visible_to(user).filter(unit__in=units, night_on=evening)
    told = {
        one.unit_id: in_words(total(Counter(team) for team in one.teams.values())) for one in rows
    }
    return [(one, told.get(one.pk, "")) for one in units]
