"""Telling of what has not happened in a night, and letting positions go when their time is over."""

from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Prefetch
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from liaison.accounts.models import Kind, User
from liaison.core.due import moment
from liaison.core.sweeping import longest_wait, sweep
from liaison.notices.actions import notify
from patrols.alerting import Alert, Round, Stop, alerts
from patrols.models import CheckInPosition, PatrolAlert, PatrolIncident, PatrolRun, RunStop

# A round that cannot be told of is tried again after so long.
PUT_OFF = timedelta(minutes=5)
BATCH = 500
ROUNDED_TO = 100


def ring_patrols(now: datetime) -> Counter[str]:
    """Tell of every round and checkpoint that is late by now, each step once; how many alerts."""
    stops = RunStop.objects.select_related("checkpoint").order_by("position")
    due = (
        PatrolRun.objects.all()
        .to_alert(now)
        .select_related("night__team__unit", "night__team__leader__user", "route")
        .prefetch_related(Prefetch("stops", stops))
    )
    counts = Counter(patrol_alerts=0)
    counts.update(
        sweep(
            due.order_by("next_alert_at", "pk"),
            lambda runs: sum((_ring(one, now) for one in runs), Counter()),
            lambda run: PatrolRun.objects.filter(pk=run.pk).update(next_alert_at=now + PUT_OFF),
        )
    )
    return counts


def oldest_unrung(now: datetime) -> timedelta | None:
    """For how long the oldest has been due that nobody was told of."""
    return longest_wait(now, (PatrolRun.objects.all().to_alert(now), "next_alert_at"))


def set_alert(run: PatrolRun, now: datetime) -> None:
    """Write anew when somebody is to be told next; called by whoever changed the round and holds
    it. What is due already the next sweep tells."""
    due, following = alerts(
        as_round(run, list(run.stops.all())), _told(run), now, settings.PATROL_ALERT_MINUTES
    )
    PatrolRun.objects.filter(pk=run.pk).update(next_alert_at=now if due else following)


def as_round(run: PatrolRun, stops: list[RunStop]) -> Round:
    """The round as the rules see it. Where the walk should be counts from when it really began."""
    begun = run.started_at or run.planned_start
    return Round(
        run.planned_start,
        run.started_at is not None,
        [
            Stop(one.checkpoint_id, begun + timedelta(seconds=one.after), one.seen_at is not None)
            for one in stops
        ],
    )


def purge_patrol_positions(now: datetime) -> dict[str, int]:
    """Take the coordinates away that were kept for as long as they may be; the records stay, their
    distance to the nearest hundred metres. How many rows it were."""
    before = now - timedelta(days=settings.PATROL_POSITION_KEEP_DAYS)
    half_up = F("distance") + ROUNDED_TO // 2
    purged = 0
    while True:
        due = CheckInPosition.objects.all().due_to_go(before).order_by("received_at", "pk")
        batch = list(due.values_list("pk", flat=True)[:BATCH])
        with transaction.atomic():
            placed = CheckInPosition.objects.filter(pk__in=batch, longitude__isnull=False)
            purged += placed.update(
                longitude=None,
                latitude=None,
                accuracy=None,
                purged_at=now,
                distance=half_up - half_up % ROUNDED_TO,
            )
        if len(batch) < BATCH:
            break
    incidents = PatrolIncident.objects.all().due_to_go(before)
    purged += incidents.update(longitude=None, latitude=None)
    return {"patrol_positions": purged}


def _told(run: PatrolRun) -> set[Alert]:
    return set(PatrolAlert.objects.filter(run=run).values_list("what", "checkpoint", "step"))


def _ring(run: PatrolRun, now: datetime) -> Counter[str]:
    stops = list(run.stops.all())
    minutes = settings.PATROL_ALERT_MINUTES
    due, following = alerts(as_round(run, stops), _told(run), now, minutes)
    PatrolAlert.objects.bulk_create(
        PatrolAlert(night=run.night, run=run, what=what, checkpoint_id=place, step=step, at=now)
        for what, place, step in due
    )
    names = {one.checkpoint_id: one.checkpoint.name for one in stops}
    with translation.override(settings.LANGUAGE_CODE):
        for what, place, step in due:
            _tell(run, what, names.get(place or 0, ""), place, step, now)
    PatrolRun.objects.filter(pk=run.pk).update(next_alert_at=following)
    return Counter(patrol_alerts=len(due))


def _tell(
    run: PatrolRun, what: str, name: str, place: int | None, step: int, now: datetime
) -> None:
    said = PatrolAlert.What(what).label
    title = f"{run.night.team} · {name or run.route}: {said}"
    planned = moment(run.planned_start, now).exact
    notify(
        _people(run, step),
        occasion=f"patrol:{run.pk}:{what}:{place or ''}:{step}",
        kind=f"patrol.{what}",
        title=title,
        text=f"{run.route}\n" + _("Planned start: %(when)s") % {"when": planned},
        url=reverse("patrol_tonight"),
        now=now,
    )


def _people(run: PatrolRun, step: int) -> list[User]:
    """Whom this step tells; where there is nobody, the next one up, so that it is not unheard."""
    team = run.night.team
    leader = team.leader.user if team.leader is not None else None
    staff = User.objects.active().at(team.unit)
    steps: list[list[User]] = [
        [leader] if leader is not None and leader.is_active else [],
        list(staff.filter(kind=Kind.DESK)),
        list(staff.filter(kind=Kind.CHIEF)),
    ]
    return next((people for people in steps[min(step, 2) :] if people), [])
