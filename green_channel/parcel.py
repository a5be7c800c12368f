"""Where an application is, as one follows a parcel: read from the events of its line, pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from green_channel.models import Application, Decision, Outcome
from issues.clocks import to_the_minute
from issues.models import Event, Issue
from issues.workflow import Stage

# The way of every application; between the second and the third there may be a correction.
SUBMITTED, CHECKED, ASKED, SUPPLIED, HANDLING, DECIDED, RECEIVED, ENDED = (
    "submitted", "checked", "correction_asked", "supplied", "handling", "decided", "received",
    "ended",
)  # fmt: skip


@dataclass(frozen=True)
class Halt:
    """One station of the way. ``css``: done, now or nothing yet; ``when`` in words."""

    code: str
    label: str
    at: datetime | None
    css: str
    when: str


def halts(
    application: Application, events: Sequence[Event], decision: Decision | None
) -> list[Halt]:
    """Every station with the moment it was reached; of those to come the next one is ``now``."""
    issue = application.issue
    reached = moments(application, events)
    found = []
    now_seen = not issue.is_open
    for code in _way(application, reached, ended=not issue.is_open):
        at = reached.get(code)
        if at is not None:
            found.append(Halt(code, _label(code, issue, decision), at, "done", to_the_minute(at)))
            continue
        when = ""
        if not now_seen and issue.next_due_at is not None:
            when = _("due %(day)s") % {"day": to_the_minute(issue.next_due_at)}
        css = "" if now_seen else "now"
        found.append(Halt(code, _label(code, issue, decision), None, css, when))
        now_seen = True
    return found


def moments(application: Application, events: Sequence[Event]) -> dict[str, datetime]:
    """When each station was reached. What was decided and came back is not decided yet."""
    issue = application.issue
    reached: dict[str, datetime] = {}
    correction = getattr(application, "correction", None)
    for event in events:
        match event.move:
            case "raise":
                reached[SUBMITTED] = event.at
            case "accept" | "silence":
                reached[CHECKED] = event.at
            case "start":
                reached[HANDLING] = event.at
            case "resume" if correction and SUPPLIED not in reached and ASKED in reached:
                reached[SUPPLIED] = reached[HANDLING] = event.at
            case "propose":
                reached[DECIDED] = event.at
            case "close":
                reached[RECEIVED] = event.at
            case "return" | "dispute":
                reached.pop(DECIDED, None)
            case "reopen":
                reached.pop(DECIDED, None)
                reached.pop(RECEIVED, None)
            case "decline" | "withdraw":
                reached[ENDED] = event.at
        if correction and event.pk == correction.event_id:
            reached[ASKED] = event.at
            # Work goes on when what is missing is there.
            reached.pop(HANDLING, None)
    if issue.stage == Stage.WAITING:
        reached.pop(HANDLING, None)
    return reached


def _way(application: Application, reached: dict[str, datetime], *, ended: bool) -> list[str]:
    asked = (ASKED, SUPPLIED) if ASKED in reached else ()
    way = [SUBMITTED, CHECKED, *asked, HANDLING, DECIDED, RECEIVED]
    if ENDED in reached:
        return [one for one in way if one in reached] + [ENDED]
    return way


def _label(code: str, issue: Issue, decision: Decision | None) -> str:
    match code:
        case "submitted":
            return pgettext("parcel", "Submitted")
        case "checked":
            return pgettext("parcel", "Checked and accepted")
        case "correction_asked":
            return pgettext("parcel", "Correction asked for")
        case "supplied":
            return pgettext("parcel", "Supplied")
        case "handling":
            return pgettext("parcel", "In handling")
        case "decided":
            if decision is not None and decision.outcome == Outcome.REFUSED:
                return pgettext("parcel", "Refused")
            if decision is not None and decision.by_document:
                return pgettext("parcel", "Granted, document issued")
            if decision is not None:
                return pgettext("parcel", "Granted, ready for pick-up")
            return pgettext("parcel", "Decided")
        case "received":
            if decision is not None and not decision.by_document:
                return pgettext("parcel", "Picked up")
            return pgettext("parcel", "Received")
    if issue.stage == Stage.DECLINED:
        return pgettext("parcel", "Not accepted")
    return pgettext("parcel", "Withdrawn")
