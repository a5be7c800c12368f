"""The clocks of a line: respond, resolve, and what stops them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from issues.models import Extension, Issue, IssueKind, Pause, SlaPolicy
from issues.own_limit import Counted
from liaison.accounts.models import Unit
from liaison.calendars.work_time import work_calendar
from liaison.core.due import start_of
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


def resolve_by(
    start: datetime, days: int, calendar: WorkCalendar, counted: str = Counted.DAYS
) -> Deadline:
    """Resolve within so many days of this calendar, or so many hours by the clock; at once means
    by the end of the day, the next working one where nobody works."""
    match counted:
        case Counted.HOURS:
            return Deadline(start + timedelta(hours=days))
        case Counted.AT_ONCE:
            before = timezone.localtime(start) - timedelta(days=1)
            found = add_working_days(before, 1, calendar)
            return Deadline(end_of(timezone.localdate(found.at)), found.unknown_years)
    return add_working_days(start, days, calendar)


def silence_ends(issue: Issue, calendar: WorkCalendar) -> datetime | None:
    """Until when the enterprise must have been told what is missing. None where no law says so."""
    if issue.silence_days is None:
        return None
    return add_working_days(issue.raised_at, issue.silence_days, calendar).at


def clock_starts(issue: Issue, accepted_at: datetime, calendar: WorkCalendar) -> datetime:
    """When the resolve clock of a line accepted at this moment began: then, or when it was raised,
    where nothing was said for so long that the law takes it for accepted."""
    ends = silence_ends(issue, calendar)
    return accepted_at if ends is None or accepted_at <= ends else issue.raised_at


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
    due = first = resolve_by(issue.started_at, days, calendar, issue.counts)
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


def callback_due_on(closed_at: datetime, calendar: WorkCalendar) -> date:
    """The last day on which a line closed out then is called back in time (CALLBACK_DAYS)."""
    return _days_after(closed_at, settings.CALLBACK_DAYS, calendar)


def confirm_due_on(proposed_at: datetime, calendar: WorkCalendar) -> date:
    """The last day on which the enterprise is asked to say whether what was reported as done then
    is done (CONFIRM_DAYS)."""
    return _days_after(proposed_at, settings.CONFIRM_DAYS, calendar)


def _days_after(at: datetime, days: int, calendar: WorkCalendar) -> date:
    """So many working days after that day. By whole days, so that what happens on a Saturday is
    not due before what happened on the Friday."""
    day = start_of(timezone.localdate(at))
    return timezone.localdate(add_working_days(day, days, calendar).at)
