"""How what the enterprise has been promised about a line came about: given, moved, stopped, ended,
each with its reason, in its own words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from issues.models import Event, Issue
from issues.promises import moment_said, sentences


@dataclass(frozen=True)
class Change:
    """A moment at which a promise was given, moved, stopped or ended, and why."""

    at: datetime
    said: str
    reason: str = ""


def changes(issue: Issue, events: Iterable[Event]) -> list[Change]:
    """Of the public events of a line, in their order, those that gave, moved or ended a promise."""
    found = [_change(issue, event) for event in events if event.public]
    return [one for one in found if one is not None]


def _change(issue: Issue, event: Event) -> Change | None:
    values = event.values
    due, before = _read(values.get("due")), _read(values.get("from"))
    facts = {"due": due, "before": before}
    match event.move:
        case "accept":
            return Change(event.at, _("Taken on: done by %(due)s.") % facts, event.text)
        case "silence":
            said = _(
                "Nobody had answered by %(ended)s: by law it counts as accepted from the day it"
                " came, done by %(due)s."
            )
            return Change(event.at, said % {**facts, "ended": _read(values.get("ended"))})
        case "wait":
            return Change(event.at, *_wait_said(event))
        case "resume" if before and due != before:
            said = _(
                "What was awaited is there. The time had stood still meanwhile: the day moved from"
                " %(before)s to %(due)s."
            )
            return Change(event.at, said % facts, event.text)
        case "resume":
            said = _("What was awaited is there; the day stays %(due)s.")
            return Change(event.at, said % facts, event.text)
        case "grant_extension":
            said = ngettext(
                "The officer needs %(n)d day more and a chief has granted it: the day moved from"
                " %(before)s to %(due)s.",
                "The officer needs %(n)d days more and a chief has granted them: the day moved"
                " from %(before)s to %(due)s.",
                values["days"],
            )
            return Change(event.at, said % {**facts, "n": values["days"]}, event.text)
        case "change_limit":
            return Change(event.at, _limit_said(event, facts), event.text)
        case "recompute":
            said = _(
                "The calendar of working days was corrected: the day moved from %(before)s to"
                " %(due)s."
            )
            return Change(event.at, said % facts, event.text)
        case "reopen":
            said = _("Reopened: its time began anew, done by %(due)s.")
            return Change(event.at, said % facts, event.text)
        case "propose" if until := _read(values.get("until")):
            said = _(
                "Reported as done: the time stands still until you say whether you agree, asked for"
                " by %(until)s."
            )
            return Change(event.at, said % {"until": until})
        case "propose":
            return Change(event.at, _("Reported as done; the day stays until it is agreed."))
        case "dispute" if before and due != before:
            said = _(
                "Not resolved, the enterprise says: back to work. The time had stood still"
                " meanwhile: the day moved from %(before)s to %(due)s."
            )
            return Change(event.at, said % facts, event.text)
        case "dispute":
            said = _("Not resolved, the enterprise says: back to work, the day stays.")
            return Change(event.at, said, event.text)
        case "close":
            return Change(event.at, _("Closed out: the promise has ended."), event.text)
        case "decline":
            return Change(event.at, _("Not taken on: nothing is promised."), event.text)
        case "withdraw":
            return Change(event.at, _("Taken back: nothing is promised any more."), event.text)
    return None


def _wait_said(event: Event) -> tuple[str, str]:
    facts = {"whom": event.values.get("from", ""), "until": event.values.get("until", "")}
    if event.values.get("stopped", True):
        said = _("The time stands still, until %(until)s at most, for what comes from %(whom)s.")
    else:
        said = _(
            "Something from %(whom)s is awaited until %(until)s. It was overdue: the time does not"
            " stand still."
        )
    return said % facts, event.text


def _limit_said(event: Event, facts: dict[str, str]) -> str:
    said = []
    if facts["due"] != facts["before"]:
        said.append(
            _("The station's time limit was changed: the day moved from %(before)s to %(due)s.")
            % facts
        )
    if days := event.values.get("days"):
        said.append(
            _(
                "The station's time limit was changed: %(days)d days from being taken on instead"
                " of %(before)d."
            )
            % {"days": days, "before": event.values.get("days_before", 0)}
        )
    return sentences(*said) or _("The station's time limit was changed; the day stays.")


def _read(text: object) -> str:
    at = parse_datetime(text) if isinstance(text, str) else None
    return moment_said(at) if at else ""
