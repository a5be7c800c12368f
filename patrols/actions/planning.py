"""The rounds of a night, from the routes as they are in its evening."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from patrols.alerting import Round, alerts
from patrols.models import Checkpoint, DutyNight, PatrolRun, Route, RunStop
from patrols.nights import evening_of
from patrols.routing.ordering import arrivals
from patrols.routing.times import starts


def plan_tonight(now: datetime) -> dict[str, int]:
    """Plan each published night of this evening that has no rounds yet; how many rounds were made.

    Run again, and by two at once, it makes nothing twice. Of a roster that is published in the
    middle of a night only what is still ahead is planned: nobody is late for what was never asked.
    """
    nights = (
        DutyNight.objects.filter(night_on=evening_of(now), roster__state="published")
        .filter(runs__isnull=True, team__routes__active=True)
        .distinct()
        .order_by("pk")
    )
    return {"patrol_rounds": sum(plan_night(one, after=now) for one in nights)}


@transaction.atomic
def plan_night(night: DutyNight, *, after: datetime | None = None) -> int:
    """The rounds of one night that begin ``after`` this moment, drawn (``patrols.routing.times``)
    and written; how many were new. A route without checkpoints is not walked."""
    made = 0
    for route in Route.objects.active().filter(team=night.team_id).order_by("pk"):
        there = list(route.checkpoints.there())
        if not there:
            continue
        ways = arrivals([one.point for one in there])
        planned = starts(
            night.night_on,
            route.pk,
            route.rounds,
            first=settings.PATROL_FIRST,
            last=settings.PATROL_LAST,
            lasts=timedelta(seconds=ways[-1]),
            secret=settings.SECRET_KEY.encode(),
        )
        for number, start in enumerate(planned, 1):
            if after is None or start > after:
                made += _round(night, route, number, start, list(zip(there, ways, strict=True)))
    return made


def _round(
    night: DutyNight,
    route: Route,
    number: int,
    start: datetime,
    stops: list[tuple[Checkpoint, int]],
) -> int:
    minutes = settings.PATROL_ALERT_MINUTES
    _due, following = alerts(Round(start, started=False, stops=()), (), start, minutes)
    run, new = PatrolRun.objects.get_or_create(
        night=night,
        route=route,
        round=number,
        defaults={"planned_start": start, "next_alert_at": following},
    )
    if new:
        RunStop.objects.bulk_create(
            RunStop(run=run, checkpoint=one, position=position, after=after)
            for position, (one, after) in enumerate(stops)
        )
    return int(new)
