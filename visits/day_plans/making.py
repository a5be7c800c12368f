"""Making one plan: facts in, the calls of the day out, and the row written."""

import hashlib
from array import array
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import starmap

from django.conf import settings
from django.utils import timezone

from liaison.accounts.models import User
from liaison.core.coordinates import Point
from liaison.core.distances import Row, from_point, great_circle, packed, unpacked
from visits.day_plans.reading import read_sites
from visits.models import DayPlan, PlannedCall, SiteDistances
from visits.planning.choosing import Call, choose
from visits.planning.scoring import Reason, Site, is_done, next_look, points_of, reasons_for
from visits.planning.weights import Terms

# Distances between more places than this are for a worker to compute: on a slow machine that
# would take longer than a page may.
PLACES_AT_ONCE = 200
# Of an officer who looks after more, those for which most speaks are considered.
PLACES_AT_MOST = 400

Start = tuple[str, Point | None]
Reasons = dict[int, list[Reason]]


def make(plan: DayPlan, now: datetime, *, at_once: bool) -> bool:
    """Plan the day anew and write it, with the row of ``plan`` held by the caller.

    What was visited that day is done and stays out, and counts towards the day's calls. False:
    with ``at_once`` nothing was done, since the distances must be computed first and that takes
    too long for somebody who waits.
    """
    sites = read_sites(plan.officer, plan.day)
    reasons = {site.key: reasons_for(site, plan.day, now) for site in sites}
    placed = _considered([site for site in sites if site.point is not None], reasons)
    metres = _distances(plan.officer, placed, at_once=at_once)
    if metres is None:
        return False
    _write(plan, sites, reasons, placed, metres, now)
    return True


def terms(done: int = 0) -> Terms:
    """How many calls are left of a day in which so many were made. One always is: for what is
    urgent, however much was done."""
    return Terms(
        fewest=max(0, settings.DAY_PLAN_FEWEST - done),
        most=max(1, settings.DAY_PLAN_MOST - done),
        points_a_km=settings.DAY_PLAN_POINTS_A_KM,
        detour=settings.ROAD_DETOUR,
    )


def _write(
    plan: DayPlan,
    sites: Sequence[Site],
    reasons: Reasons,
    placed: Sequence[Site],
    metres: Sequence[Row],
    now: datetime,
) -> None:
    points = [site.point for site in placed if site.point is not None]
    plan.starts_from, start = _start(plan, points)
    plan.longitude, plan.latitude = (start.lon, start.lat) if start else (None, None)
    place = {site.key: n for n, site in enumerate(placed, 1)}
    open_ = [
        site
        for site in sites
        if not is_done(site, plan.day, (one.code for one in reasons[site.key]))
        and (site.point is None or site.key in place)
    ]
    calls = [Call(site.key, points_of(reasons[site.key]), place.get(site.key)) for site in open_]
    done = sum(site.entered_on == plan.day for site in sites)
    chosen = choose(calls, _from_start(start, points, metres), terms(done))
    plan.calls.all().delete()
    PlannedCall.objects.bulk_create(
        [
            PlannedCall(
                plan=plan,
                enterprise_id=one.key,
                position=position,
                score=points_of(reasons[one.key]),
                reasons=[asdict(reason) for reason in reasons[one.key]],
                leg=one.leg,
            )
            for position, one in enumerate(chosen, 1)
        ]
    )
    plan.walk = sum(one.leg or 0 for one in chosen)
    plan.made_at = now
    # A day to come is looked at again when it is there.
    today = timezone.localdate(now) == plan.day
    plan.due_at = next_look(sites, plan.day, now) if today else None
    plan.save()


def _considered(placed: list[Site], reasons: Reasons) -> list[Site]:
    """Of very many the most deserving, in the order of their keys."""
    if len(placed) <= PLACES_AT_MOST:
        return placed
    worth = sorted(placed, key=lambda site: (-points_of(reasons[site.key]), site.key))
    return sorted(worth[:PLACES_AT_MOST], key=lambda site: site.key)


def _distances(officer: User, placed: Sequence[Site], *, at_once: bool) -> Sequence[Row] | None:
    """Between these places: as kept, where they are the same ones at the same points, else
    computed and kept. None: that would take too long at once."""
    digest = _digest(placed)
    kept = SiteDistances.objects.filter(officer=officer, digest=digest).first()
    if kept is not None:
        return unpacked(bytes(kept.metres), len(placed))
    if at_once and len(placed) > PLACES_AT_ONCE:
        return None
    metres = great_circle([site.point for site in placed if site.point is not None])
    SiteDistances.objects.update_or_create(
        officer=officer, defaults={"digest": digest, "metres": packed(metres)}
    )
    return metres


def _digest(placed: Sequence[Site]) -> str:
    places = ((site.key, site.point) for site in placed)
    text = ";".join(starmap("{}:{}".format, places))
    return hashlib.sha256(text.encode()).hexdigest()


def _start(plan: DayPlan, points: Sequence[Point]) -> Start:
    """Where the officer is, else the station, else the middle of the enterprises."""
    if plan.given_start is not None:
        return DayPlan.StartsFrom.GIVEN, plan.given_start
    unit = plan.officer.unit
    if unit is not None and unit.point is not None:
        return DayPlan.StartsFrom.STATION, unit.point
    if points:
        lon = sum(one.lon for one in points) / len(points)
        lat = sum(one.lat for one in points) / len(points)
        return DayPlan.StartsFrom.CENTRE, Point(lon, lat)
    return DayPlan.StartsFrom.NOWHERE, None


def _from_start(start: Point | None, points: Sequence[Point], metres: Sequence[Row]) -> list[Row]:
    """The table with the start before all others."""
    way = array("I", from_point(start, points)) if start else array("I")
    return [
        array("I", [0]) + way,
        *(array("I", [to]) + row for to, row in zip(way, metres, strict=True)),
    ]
