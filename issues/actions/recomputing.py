"""Deadlines follow the calendar, when a year is published or corrected."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from issues.actions.engine import write_event
from issues.deadlines import derive, ran_out
from issues.models import Issue, Pause
from issues.workflow import Stage
from liaison.accounts.models import User
from liaison.calendars.work_time import hours_of, work_calendar
from liaison.core.due import start_of
from liaison.core.workdays import WorkCalendar

BATCH = 100
# How it stands in the timeline; no move that anybody could make.
RECOMPUTE = "recompute"


def doubt_deadlines(first: date, last: date) -> None:
    """Mark open lines counted across these dates as uncertain, until they are recomputed."""
    Issue.objects.all().open().filter(
        round_the_clock=False,
        resolve_due_at__gte=start_of(first),
        started_at__lt=start_of(last + timedelta(days=1)),
    ).update(due_uncertain=True)


def recompute_deadlines(*, by: User | None = None) -> int:
    """Set the uncertain deadlines of open lines anew by the calendar as it is now.

    In batches with a transaction each, so that nobody waits long; run again it goes on where it
    was cut off. Returns how many moved. A line that somebody moves at the same moment is left to
    the next run.
    """
    moved, last = 0, 0
    while True:
        with transaction.atomic():
            lines = list(
                Issue.objects.all()
                .uncertain()
                .filter(pk__gt=last)
                .for_ledger()
                .prefetch_related("pauses")
                .order_by("pk")[:BATCH]
            )
            if not lines:
                return moved
            calendars = calendars_of(lines)
            moved += sum(_recompute(line, calendars[line.unit_id], by=by) for line in lines)
        last = lines[-1].pk


def calendars_of(lines: Iterable[Issue]) -> dict[int, WorkCalendar]:
    """The calendar of each unit; with its hours where a pause is to be given back."""
    days = work_calendar()
    paused = {line.unit_id: line.unit for line in lines if line.pauses.all()}
    with_hours = {pk: replace(days, windows=hours_of(unit)) for pk, unit in paused.items()}
    return {line.unit_id: with_hours.get(line.unit_id, days) for line in lines}


def _recompute(line: Issue, calendar: WorkCalendar, *, by: User | None) -> bool:
    """Whether the deadline moved. One that has run out stands, whatever is published later."""
    pauses: list[Pause] = list(line.pauses.all())
    found, before = derive(line, pauses, calendar), line.resolve_due_at
    if found is None or before is None:
        return False
    uncertain, is_over = not found.due.is_certain, ran_out(before, pauses, timezone.now())
    if found.due.at == before or is_over:
        if is_over or not uncertain:
            Issue.objects.filter(pk=line.pk, version=line.version).update(due_uncertain=False)
        return False
    # While it waits, the day until which it waits is the clock that runs.
    runs = {} if line.stage == Stage.WAITING else {"next_due_at": found.due.at}
    won = Issue.objects.filter(pk=line.pk, stage=line.stage, version=line.version).update(
        version=F("version") + 1, resolve_due_at=found.due.at, due_uncertain=uncertain, **runs
    )
    if not won:
        return False
    line.refresh_from_db(fields=["version", "resolve_due_at", "next_due_at", "due_uncertain"])
    write_event(
        line,
        RECOMPUTE,
        by=by,
        from_stage=line.stage,
        public=False,
        values={"from": _written(before), "due": _written(found.due.at)},
    )
    return True


def _written(moment: datetime) -> str:
    return timezone.localtime(moment).isoformat()
