"""The two clocks of a line as people read them: how each stands, and what its ladder has done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enterprises.ladder import Rung
from enterprises.models import Recipient
from issues.models import Escalation, Issue, Pause
from issues.workflow import Clock, Stage
from liaison.core import due as words
from liaison.core.joining import joined


@dataclass(frozen=True)
class Face:
    """One clock: ``said`` in words, ``burnt`` percent of its time. ``tone``: over, soon, done or
    nothing; ``due_at`` is empty while it has not begun."""

    label: str
    said: str
    tone: str
    due_at: datetime | None
    burnt: int


@dataclass(frozen=True)
class Step:
    """A step of the ladder, taken or to come. ``told`` are names, or the roles it is meant for."""

    at: datetime
    label: str
    told: str
    taken: bool


def faces(issue: Issue, pauses: Sequence[Pause], now: datetime) -> list[Face]:
    """The respond clock and the resolve clock."""
    return [_respond(issue, now), _resolve(issue, pauses, now)]


def _respond(issue: Issue, now: datetime) -> Face:
    label = pgettext("clock of a line", "Accept")
    if issue.responded_at is None and issue.started_at is not None:
        said = _("never answered: accepted by law")
        return Face(label, said, "over", issue.respond_due_at, 100)
    # To decline is an answer too.
    answered = issue.responded_at or (issue.closed_at if issue.stage != Stage.RAISED else None)
    return _face(label, issue.raised_at, issue.respond_due_at, answered, now)


def _resolve(issue: Issue, pauses: Sequence[Pause], now: datetime) -> Face:
    label = pgettext("clock of a line", "Resolve")
    start, due_at = issue.started_at, issue.resolve_due_at
    if start is None or due_at is None:
        said = _("begins with acceptance") if issue.is_open else _("never began")
        return Face(label, said, "", None, 0)
    stopped = next((one.starts_at for one in pauses if one.ended_at is None), None)
    if stopped is not None and due_at > stopped and issue.is_open:
        said = _("stands still since %(since)s") % {"since": to_the_minute(stopped)}
        return Face(label, said, "", due_at, words.burnt(start, due_at, stopped))
    return _face(label, start, due_at, issue.closed_at, now)


def _face(
    label: str, start: datetime, due_at: datetime, done: datetime | None, now: datetime
) -> Face:
    if done is None:
        said = words.moment(due_at, now)
        return Face(label, said.text, said.tone, due_at, words.burnt(start, due_at, now))
    burnt = words.burnt(start, due_at, done)
    if done <= due_at:
        text = _("done %(at)s, in time") % {"at": to_the_minute(done)}
        return Face(label, text, "done", due_at, burnt)
    late = words.moment(due_at, done).text
    return Face(
        label,
        _("done %(at)s, %(late)s") % {"at": to_the_minute(done), "late": late},
        "over",
        due_at,
        burnt,
    )


def steps(
    taken: Sequence[Escalation], to_come: Sequence[Rung], due_at: datetime | None
) -> list[Step]:
    """What the ladder has done on this line, and what it does next if nothing happens."""
    found = [
        Step(one.at, _step_label(one.is_ahead, one.clock), joined(one.told) or _("nobody"), True)
        for one in taken
    ]
    for rung in to_come[:1]:
        ahead = due_at is not None and rung.at < due_at
        told = joined(_role(one) for one in rung.recipients)
        found.append(Step(rung.at, _("reminder") if ahead else _("escalation"), told, False))
    return found


def _role(recipient: str) -> str:
    """On a line the first rung is its handler."""
    return _("Handler") if recipient == Recipient.HANDLER else str(Recipient(recipient).label)


def _step_label(ahead: bool, clock: str) -> str:
    what = _("reminder") if ahead else _("escalation")
    return f"{Clock(clock).label} · {what}"


def to_the_minute(at: datetime) -> str:
    """A moment by the clock in China, without the year; the midnight that ends a day is 24:00."""
    local = timezone.localtime(at)
    if local.time() == time.min:
        return f"{local - timedelta(days=1):%m-%d} 24:00"
    return f"{local:%m-%d %H:%M}"
