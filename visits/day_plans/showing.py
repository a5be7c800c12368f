"""A plan as its officer reads it now: what is left of it, in words."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise

from django.conf import settings
from django.utils import timezone

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.core.coordinates import Point
from liaison.core.distances import great_circle
from liaison.core.routing import shortest
from visits.day_plans.reading import day_of
from visits.models import DayPlan, PlannedCall
from visits.planning.scoring import Site, is_done
from visits.planning.words import no_place, sentence

# For a plan of more calls than can be ordered exactly: somebody waits.
SECONDS = 0.2


@dataclass(frozen=True)
class Why:
    code: str
    points: int
    sentence: str


@dataclass(frozen=True)
class Call:
    """``position`` counts the calls that are left; ``leg`` is metres of road, None: not known."""

    enterprise: Enterprise
    position: int
    score: int
    reasons: list[Why]
    leg: int | None


@dataclass(frozen=True)
class Start:
    starts_from: str
    longitude: float | None
    latitude: float | None


@dataclass(frozen=True)
class Shown:
    day: date
    made_at: datetime | None
    being_made: bool
    start: Start
    walk: int
    done: int
    calls: list[Call]


def show(officer: User, day: date, *, start: Point | None = None) -> Shown:
    """The officer's own plan of that day. With ``start`` the calls left are ordered from there.
    Writes nothing; two queries."""
    now = timezone.now()
    plan = DayPlan.objects.visible_to(officer).of(officer, day).with_urgency().first()
    if plan is None:
        return Shown(day, None, False, _start(None, start), 0, 0, [])
    seen = Enterprise.objects.visible_to(officer)
    calls = list(
        PlannedCall.objects.filter(plan=plan, enterprise__in=seen)
        .select_related("enterprise__cadence")
        .order_by("position")
    )
    left = [one for one in calls if not _is_done(one, day)]
    ordered = _from(start, left) if start else [(one, one.leg) for one in left]
    return Shown(
        day=day,
        made_at=plan.made_at,
        being_made=plan.is_being_made(now) or plan.urgent,  # type: ignore[attr-defined]
        start=_start(plan, start),
        walk=sum(leg or 0 for _call, leg in ordered),
        done=len(calls) - len(left),
        calls=[
            Call(one.enterprise, position, one.score, _whys(one, now, day), leg)
            for position, (one, leg) in enumerate(ordered, 1)
        ],
    )


def _is_done(call: PlannedCall, day: date) -> bool:
    cadence = call.enterprise.cadence
    site = Site(
        key=call.enterprise_id,
        contacted_on=day_of(cadence.last_contact_at),
        entered_on=day_of(cadence.last_visit_at),
    )
    return is_done(site, day, (one["code"] for one in call.reasons))


def _from(start: Point, calls: list[PlannedCall]) -> list[tuple[PlannedCall, int | None]]:
    """The shortest order from that point; those without a place stay last."""
    placed = [one for one in calls if one.enterprise.point is not None]
    table = great_circle([start, *(one.enterprise.point for one in placed if one.enterprise.point)])
    order = shortest(table, seconds=SECONDS).order
    walked: list[tuple[PlannedCall, int | None]] = [
        (placed[here - 1], round(table[before][here] * settings.ROAD_DETOUR))
        for before, here in pairwise(order)
    ]
    return walked + [(one, None) for one in calls if one.enterprise.point is None]


def _whys(call: PlannedCall, now: datetime, day: date) -> list[Why]:
    found = [
        Why(one["code"], one["points"], sentence(one["code"], one["facts"], now, day))
        for one in call.reasons
    ]
    if call.leg is None:
        found.append(Why("no_place", 0, no_place()))
    return found


def _start(plan: DayPlan | None, given: Point | None) -> Start:
    if given is not None:
        return Start(DayPlan.StartsFrom.GIVEN, given.lon, given.lat)
    if plan is None or not plan.starts_from:
        return Start(DayPlan.StartsFrom.NOWHERE, None, None)
    return Start(plan.starts_from, plan.longitude, plan.latitude)
