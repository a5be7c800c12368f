"""Deadlines follow the calendar, when a year is published or corrected."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from issues.actions.clock import clock_set
from issues.actions.engine import write_event, written
from issues.deadlines import callback_due_on, derive, ran_out
from issues.models import EscalationRule, Issue, Pause
from issues.workflow import Clock
from liaison.accounts.models import User
from liaison.calendars.work_time import hours_of, work_calendar
from liaison.core.due import start_of
from liaison.core.workdays import WorkCalendar

BATCH = 100
# How it stands in the timeline; no move that anybody could make.
RECOMPUTE = "recompute"


def move_callbacks(first: date, last: date) -> None:
    """Put the last day for a callback where the calendar has it now, if these dates lie before it.
    What is late stays late, and no day is put into the past. One UPDATE for each day of close-out,
    of which few are waiting."""
    today, calendar = timezone.localdate(), work_calendar()
    waiting = (
        Issue.objects.all()
        .unheard()
        .filter(
            callback_due_on__gte=max(first, today), closed_at__lt=start_of(last + timedelta(days=1))
        )
    )
    moments = waiting.order_by().values_list("closed_at", flat=True)
    days = {timezone.localdate(one) for one in moments if one is not None}
    for day in sorted(days):
        of_the_day = waiting.filter(
            closed_at__gte=start_of(day), closed_at__lt=start_of(day + timedelta(days=1))
        )
        due = max(today, callback_due_on(start_of(day), calendar))
        of_the_day.update(callback_due_on=due)


def doubt_deadlines(first: date, last: date) -> None:
    """Mark open lines counted across these dates as uncertain, until they are recomputed.

    A step of the ladder so many working days from a deadline may be another day now even where
    the deadline stays: the sweep reckons those lines anew.
    """
    counted = Issue.objects.all().open().filter(round_the_clock=False)
    counted.filter(
        resolve_due_at__gte=start_of(first), started_at__lt=start_of(last + timedelta(days=1))
    ).update(due_uncertain=True)
    counted.filter(
        Q(next_escalation_at__gte=start_of(first)) | Q(next_due_at__gte=start_of(first)),
        next_escalation_at__isnull=False,
    ).update(next_escalation_at=timezone.now())


def recompute_uncertain(now: datetime) -> dict[str, int]:
    """What an import of the calendar left undone, or what was begun beside it.

    Whatever earlier day is played, a deadline that has run out by the clock stands.
    """
    return {"deadlines": recompute_deadlines(max(now, timezone.now()))}


def recompute_deadlines(now: datetime, *, by: User | None = None) -> int:
    """Set the uncertain deadlines of open lines anew by the calendar as it stands.

    In batches with a transaction each, so that nobody waits long; run again it goes on where it
    was cut off. Returns how many moved. A line that somebody moves at the same moment is left to
    the next run.
    """
    moved, last = 0, 0
    rules = list(EscalationRule.objects.all())
    while True:
        with transaction.atomic():
            lines = list(
                Issue.objects.all()
                .uncertain()
                .left_alone()
                .filter(pk__gt=last)
                .for_ledger()
                .prefetch_related("pauses")
                .order_by("pk")[:BATCH]
            )
            if not lines:
                return moved
            calendars = calendars_of(lines)
            moved += sum(
                _recompute(line, calendars[line.unit_id], rules, now, by=by) for line in lines
            )
        last = lines[-1].pk


def calendars_of(lines: Iterable[Issue]) -> dict[int, WorkCalendar]:
    """The calendar of each unit; with its hours where a pause is to be given back."""
    days = work_calendar()
    paused = {line.unit_id: line.unit for line in lines if line.pauses.all()}
    with_hours = {pk: replace(days, windows=hours_of(unit)) for pk, unit in paused.items()}
    return {line.unit_id: with_hours.get(line.unit_id, days) for line in lines}


def _recompute(
    line: Issue,
    calendar: WorkCalendar,
    rules: list[EscalationRule],
    now: datetime,
    *,
    by: User | None,
) -> bool:
    """Whether the deadline moved. One that has run out stands, whatever is published later, and
    none is set so early that it would have run out unseen."""
    pauses: list[Pause] = list(line.pauses.all())
    found, before = derive(line, pauses, calendar), line.resolve_due_at
    if found is None or before is None:
        return False
    uncertain = not found.due.is_certain
    stands = ran_out(before, pauses, now) or ran_out(found.due.at, pauses, now)
    if found.due.at == before or stands:
        if stands or not uncertain:
            Issue.objects.filter(pk=line.pk, version=line.version).update(due_uncertain=False)
        return False
    # While it waits, the day until which it waits is the clock that runs.
    changes: dict[str, Any] = {"resolve_due_at": found.due.at, "due_uncertain": uncertain}
    if line.running_clock != Clock.WAIT:
        changes["next_due_at"] = found.due.at
        changes |= clock_set(line, changes, rules=rules, calendar=calendar, now=now)
    won = Issue.objects.filter(pk=line.pk, stage=line.stage, version=line.version).update(
        version=F("version") + 1, **changes
    )
    if not won:
        return False
    line.refresh_from_db(fields=["version", *changes])
    write_event(
        line,
        RECOMPUTE,
        by=by,
        from_stage=line.stage,
        # A promise that moves is told to whom it was given.
        public=True,
        values={"from": written(before), "due": written(found.due.at)},
    )
    return True
