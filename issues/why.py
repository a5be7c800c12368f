"""What a line's clocks are for and why its deadline is what it is, in words."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from issues.deadlines import Derivation, Stop, calendar_for, derive, granted
from issues.models import Extension, Issue, Pause
from issues.own_limit import Counted
from issues.workflow import Clock, Stage
from liaison.core.joining import joined
from liaison.core.workdays import (
    DayKind,
    WorkCalendar,
    makeup_days,
    unworked_days,
)


def which_clock(issue: Issue) -> str:
    """What the clock that runs now is for, in words."""
    match issue.running_clock:
        case Clock.RESPOND:
            return _("to accept")
        case Clock.WAIT if issue.stage == Stage.PROPOSED:
            return _("for the enterprise to confirm")
        case Clock.WAIT:
            return _("waiting for: %(what)s") % {"what": issue.awaited}
    return _("to be approved") if issue.stage == Stage.PROPOSED else _("to resolve")


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
    elif issue.silence_days is not None and issue.started_at != issue.responded_at:
        said.append(
            ngettext(
                "Nothing was said within %(n)d working day: it counts as accepted when it came"
                " (Administrative Licensing Law, Art. 32).",
                "Nothing was said within %(n)d working days: it counts as accepted when it came"
                " (Administrative Licensing Law, Art. 32).",
                issue.silence_days,
            )
            % {"n": issue.silence_days}
        )
    said += _days_said(found, calendar, issue.counts)
    said += [_extension_said(one, calendar) for one in granted(issue, extensions)]
    for stop in found.stops:
        said.append(_stop_said(stop))
    if waiting := next((one for one in pauses if one.ended_at is None), None):
        said.append(
            _("The clock has stood still since %(since)s, waiting for: %(what)s.")
            % {"since": _moment(waiting.starts_at), "what": waiting.what}
        )
    if found.due.unknown_years:
        said.append(
            _("The holidays of %(years)s are not in the calendar: it may move.")
            % {"years": joined(sorted(found.due.unknown_years))}
        )
    if found.due.at != issue.resolve_due_at:
        # It had run out before the calendar or the station's hours changed.
        said.append(
            _("It stays at %(due)s, as it was set then.") % {"due": _moment(issue.resolve_due_at)}
        )
    return said


def explain(issue: Issue) -> list[str]:
    """:func:`why_due` by the calendar as it is now; nothing is asked before a clock runs."""
    if issue.resolve_due_at is None:
        return []
    pauses = sorted(issue.pauses.all(), key=lambda one: one.starts_at)
    stopped = any(one.ended_at is not None for one in pauses)
    return why_due(
        issue, pauses, calendar_for(issue, hours=stopped), extensions=issue.extensions.all()
    )


def _days_said(found: Derivation, calendar: WorkCalendar, counted: str) -> list[str]:
    facts = {"n": found.days, "start": _moment(found.start), "due": _moment(found.first)}
    if counted == Counted.AT_ONCE:
        return [_("At once, by the end of the working day of %(start)s: %(due)s.") % facts]
    if counted == Counted.HOURS:
        return [
            ngettext(
                "%(n)d hour after %(start)s, nights, weekends and holidays included: %(due)s.",
                "%(n)d hours after %(start)s, nights, weekends and holidays included: %(due)s.",
                found.days,
            )
            % facts
        ]
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
        parts.append(_("%(days)s (%(what)s)") % {"days": span, "what": reason})
    return joined(parts)


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
