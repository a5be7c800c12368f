"""The clocks of a line: respond, resolve, and what stops them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from django.utils import timezone

from issues.models import IssueKind, SlaPolicy
from liaison.accounts.models import Unit
from liaison.core.workdays import (
    Deadline,
    WorkCalendar,
    add_working,
    add_working_days,
    load_calendar_csv,
    working_between,
)

# A bad rating or a dispute reopens a line with this much time (domain notes: 5 working days).
REOPENED_DAYS = 5
# A contact may reopen for so many days after close-out.
REOPEN_WITHIN = timedelta(days=30)
# Whoever waits longer says again what for.
WAIT_AT_MOST = timedelta(days=365)


@cache
def work_calendar() -> WorkCalendar:
    """Weekends, public holidays and make-up workdays as shipped with the product."""
    return WorkCalendar.from_rows(load_calendar_csv())


def policy_for(unit: Unit, kind: IssueKind, level: str) -> SlaPolicy:
    """The most specific time limit: unit and kind, then kind, then unit, then the default."""
    rows = [
        row
        for row in SlaPolicy.objects.filter(level=level)
        if row.unit_id in (None, unit.pk) and row.kind_id in (None, kind.pk)
    ]
    if not rows:
        raise LookupError(f"no time limit for level {level}: the default rows are missing")
    return max(rows, key=lambda row: (row.kind_id is not None, row.unit_id is not None, row.pk))


def respond_by(raised_at: datetime, policy: SlaPolicy) -> datetime:
    """Acknowledge within so many hours by the clock, nights and holidays included."""
    return raised_at + timedelta(hours=policy.respond_hours)


def resolve_by(start: datetime, days: int) -> Deadline:
    """Resolve within so many working days."""
    return add_working_days(start, days, work_calendar())


@dataclass(frozen=True)
class Resumed:
    due_at: datetime
    uncertain: bool


def after_pause(due_at: datetime, paused_at: datetime, resumed_at: datetime) -> Resumed:
    """The resolve deadline moved by the working time that the pause took.

    A clock that had run out before the pause stays run out: a pause never unbreaches a line.
    """
    if due_at <= paused_at or resumed_at <= paused_at:
        return Resumed(due_at, False)
    lost = working_between(paused_at, resumed_at, work_calendar())
    moved = add_working(due_at, lost, work_calendar())
    return Resumed(max(due_at, moved.at), not moved.is_certain)


def end_of(day: date) -> datetime:
    """The last moment of a day in China."""
    return timezone.make_aware(datetime.combine(day + timedelta(1), time.min))
