"""The clocks of a line: respond, resolve, what stops them, and why a deadline is what it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from issues.models import Extension, Issue, IssueKind, Pause, SlaPolicy
from liaison.accounts.models import Unit
from liaison.calendars.work_time import work_calendar
from liaison.core.workdays import (
    DayKind,
    Deadline,
    WorkCalendar,
    add_working,
    add_working_days,
    makeup_days,
    unworked_days,
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


def why_due(
    issue: Issue,
    pauses: Sequence[Pause],
    calendar: WorkCalendar,
    extensions: Iterable[Extension] = (),
) -> list[str]:
    """The resolve deadline in words, a sentence for each thing that had a part in it."""
    found = derive(issue, pauses, calendar)
    if found is None or issue.resolve_due_at is None:
        return []
    said = []
    if issue.generation > 1:
        said.append(_("It was reopened, and its clock began anew."))
    said += _days_said(found, calendar)
    said += [_extension_said(one, calendar) for one in granted(issue, extensions)]
    for stop in found.stops:
        said.append(_stop_said(stop))
    if waiting := next((one for one in pauses if one.ended_at is None), None):
        said.append(
            _("The clock has stood still since %(since)s, waiting for: %(what)s.")
            % {"since": _moment(waiting.starts_at), "what": waiting.awaited}
        )
    if found.due.unknown_years:
        said.append(
            _("The holidays of %(years)s are not in the calendar: it may move.")
            % {"years": "、".join(str(year) for year in sorted(found.due.unknown_years))}
        )
    if found.due.at != issue.resolve_due_at:
        # It had run out before the calendar or the station's hours changed.
        said.append(
            _("It stays at %(due)s, as it was set then.") % {"due": _moment(issue.resolve_due_at)}
        )
    return said


def granted(issue: Issue, extensions: Iterable[Extension]) -> list[Extension]:
    """The extensions that are part of the clock that runs now."""
    outcome = Extension.Outcome.GRANTED
    return [
        one for one in extensions if one.outcome == outcome and one.generation == issue.generation
    ]


def explain(issue: Issue) -> list[str]:
    """:func:`why_due` by the calendar as it is now; nothing is asked before a clock runs."""
    if issue.resolve_due_at is None:
        return []
    pauses = sorted(issue.pauses.all(), key=lambda one: one.starts_at)
    stopped = any(one.ended_at is not None for one in pauses)
    return why_due(
        issue, pauses, calendar_for(issue, hours=stopped), extensions=issue.extensions.all()
    )


def _days_said(found: Derivation, calendar: WorkCalendar) -> list[str]:
    facts = {"n": found.days, "start": _moment(found.start), "due": _moment(found.first)}
    if calendar.every_day:
        return [
            ngettext(
                "%(n)d day after %(start)s, nights, weekends and holidays included: %(due)s.",
                "%(n)d days after %(start)s, nights, weekends and holidays included: %(due)s.",
                found.days,
            )
            % facts
        ]
    said = [
        ngettext(
            "%(n)d working day after the day of %(start)s: %(due)s.",
            "%(n)d working days after the day of %(start)s: %(due)s.",
            found.days,
        )
        % facts
    ]
    if free := unworked_days(found.start, found.first, calendar):
        said.append(_("Not counted: %(days)s.") % {"days": _listed(free, calendar)})
    if worked := makeup_days(found.start, found.first, calendar):
        said.append(
            _("Counted although a weekend: %(days)s.") % {"days": _listed(worked, calendar)}
        )
    return said


def _extension_said(extension: Extension, calendar: WorkCalendar) -> str:
    facts = {
        "n": extension.days,
        "who": extension.decided_by,
        "at": _moment(extension.decided_at),
    }
    if calendar.every_day:
        return (
            ngettext(
                "Of these, %(n)d day by extension, granted by %(who)s on %(at)s.",
                "Of these, %(n)d days by extension, granted by %(who)s on %(at)s.",
                extension.days,
            )
            % facts
        )
    return (
        ngettext(
            "Of these, %(n)d working day by extension, granted by %(who)s on %(at)s.",
            "Of these, %(n)d working days by extension, granted by %(who)s on %(at)s.",
            extension.days,
        )
        % facts
    )


def _stop_said(stop: Stop) -> str:
    facts = {
        "since": _moment(stop.pause.starts_at),
        "until": _moment(stop.pause.ended_at),
        "what": stop.pause.awaited,
        "due": _moment(stop.after),
    }
    if stop.before <= stop.pause.starts_at:
        return (
            _("The pause from %(since)s to %(until)s (%(what)s) moved nothing: it was overdue.")
            % facts
        )
    if stop.after == stop.before:
        return _("The pause from %(since)s to %(until)s (%(what)s) took no working time.") % facts
    return _("The pause from %(since)s to %(until)s (%(what)s) moved it to %(due)s.") % facts


def _listed(days: Sequence[date], calendar: WorkCalendar) -> str:
    """Dates with what they are, runs of the same together."""

    def key(place_and_day: tuple[int, date]) -> tuple[int, str]:
        place, day = place_and_day
        # Days in a row lie as far apart as their places do.
        return day.toordinal() - place, _reason(day, calendar)

    parts = []
    for (_run, reason), group in groupby(enumerate(days), key):
        run = [day for _place, day in group]
        span = str(run[0]) if len(run) == 1 else f"{run[0]} – {run[-1]}"
        parts.append(f"{span} ({reason})")
    return ", ".join(parts)


def _reason(day: date, calendar: WorkCalendar) -> str:
    kind, name = calendar.kinds.get(day), calendar.names.get(day, "")
    # A holiday's name is the program's own word wherever it is one of the seven.
    shown = _(name) if name else ""
    if kind == DayKind.MAKEUP:
        return shown or _("make-up workday")
    if kind == DayKind.HOLIDAY:
        return shown or _("public holiday")
    return _("weekend")


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else ""
