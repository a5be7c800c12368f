"""The clocks of a line: respond, resolve, and what stops them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from issues.models import Extension, Issue, IssueKind, Pause, SlaPolicy
from liaison.accounts.models import Unit
from liaison.calendars.work_time import work_calendar
from liaison.core.workdays import (
    Deadline,
    WorkCalendar,
    add_working,
    add_working_days,
    working_between,
)

# A bad rating or a dispute reopens a line with this much time (domain notes: 5 working days).
REOPENED_DAYS = 5
# A contact may reopen for so many days after close-out.
REOPEN_WITHIN = timedelta(days=30)
# Whoever waits longer says again what for.
WAIT_AT_MOST = timedelta(days=365)
# No line is given more days than this, extensions included.
MOST_DAYS = 366


def calendar_for(issue: Issue, *, hours: bool = False) -> WorkCalendar:
    """The calendar this line is counted by; with ``hours`` also the station's, which only
    pauses need."""
    if issue.round_the_clock:
        return WorkCalendar.round_the_clock()
    return work_calendar(issue.unit if hours else None)


def policy_for(unit: Unit, kind: IssueKind, level: str) -> SlaPolicy:
    """The most specific time limit: unit and kind, then kind, then unit, then the default."""
    rows = SlaPolicy.objects.in_force().fitting(unit).filter(level=level)
    return most_particular(rows, unit.pk, kind.pk, level)


def most_particular(
    rows: Iterable[SlaPolicy], unit_id: int | None, kind_id: int | None, level: str
) -> SlaPolicy:
    """Of rows in force the one that holds for this unit, kind and level."""
    fitting = [
        row
        for row in rows
        if row.level == level and row.unit_id in (None, unit_id) and row.kind_id in (None, kind_id)
    ]
    if not fitting:
        raise LookupError(f"no time limit for level {level}: the default rows are missing")
    return max(fitting, key=lambda row: (row.kind_id is not None, row.unit_id is not None))


def respond_by(raised_at: datetime, policy: SlaPolicy) -> datetime:
    """Acknowledge within so many hours by the clock, nights and holidays included."""
    return raised_at + timedelta(hours=policy.respond_hours)


def resolve_by(start: datetime, days: int, calendar: WorkCalendar) -> Deadline:
    """Resolve within so many days of this calendar."""
    return add_working_days(start, days, calendar)


def after_pause(
    due_at: datetime, paused_at: datetime, resumed_at: datetime, calendar: WorkCalendar
) -> Deadline:
    """The resolve deadline moved by the working time that the pause took.

    A clock that had run out before the pause stays run out: a pause never unbreaches a line.
    """
    if due_at <= paused_at or resumed_at <= paused_at:
        return Deadline(due_at)
    lost = working_between(paused_at, resumed_at, calendar)
    moved = add_working(due_at, lost, calendar)
    return Deadline(max(due_at, moved.at), moved.unknown_years)


def ran_out(due: datetime, pauses: Iterable[Pause], now: datetime) -> bool:
    """Whether the deadline lies before now, or before the moment at which the clock stopped."""
    stopped = [one.starts_at for one in pauses if one.ended_at is None]
    return due <= min([now, *stopped])


def end_of(day: date) -> datetime:
    """The last moment of a day in China."""
    return timezone.make_aware(datetime.combine(day + timedelta(1), time.min))


def falls_on(due_at: datetime) -> date:
    """The day in China to which a deadline belongs, as in ``IssueQuerySet.due_on``: the midnight
    that ends a day is still that day's."""
    return timezone.localdate(due_at - timedelta(microseconds=1))


@dataclass(frozen=True)
class Stop:
    """A pause that has ended, and where it took the deadline from and to."""

    pause: Pause
    before: datetime
    after: datetime


@dataclass(frozen=True)
class Derivation:
    """A resolve deadline step by step. ``first`` is what it was before any pause."""

    start: datetime
    days: int
    first: datetime
    stops: tuple[Stop, ...]
    due: Deadline


def derive(
    issue: Issue, pauses: Iterable[Pause], calendar: WorkCalendar, *, days: int | None = None
) -> Derivation | None:
    """The deadline by this calendar from what is kept: when the clock began, how many days it was
    given, extensions among them, and the pauses since that have ended. None before acceptance.

    With ``days`` the deadline as it would be if so many were given.
    """
    days = issue.resolve_days if days is None else days
    if issue.started_at is None or days is None:
        return None
    due = first = resolve_by(issue.started_at, days, calendar)
    stops = []
    ended = sorted(
        (one.starts_at, one.ended_at, one)
        for one in pauses
        if one.ended_at is not None and one.starts_at >= issue.started_at
    )
    for starts_at, ended_at, pause in ended:
        moved = after_pause(due.at, starts_at, ended_at, calendar)
        stops.append(Stop(pause, due.at, moved.at))
        due = Deadline(moved.at, due.unknown_years | moved.unknown_years)
    return Derivation(issue.started_at, days, first.at, tuple(stops), due)


def extended(
    issue: Issue, pauses: Iterable[Pause], calendar: WorkCalendar, days: int
) -> Deadline | None:
    """The deadline with so many days more; never an earlier one, should the calendar have changed
    since it was set. None before acceptance."""
    found = derive(issue, pauses, calendar, days=(issue.resolve_days or 0) + days)
    if found is None or issue.resolve_due_at is None:
        return None
    return Deadline(max(issue.resolve_due_at, found.due.at), found.due.unknown_years)


def granted(issue: Issue, extensions: Iterable[Extension]) -> list[Extension]:
    """The extensions that are part of the clock that runs now."""
    outcome = Extension.Outcome.GRANTED
    return [
        one for one in extensions if one.outcome == outcome and one.generation == issue.generation
    ]
