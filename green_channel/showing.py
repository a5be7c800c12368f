"""What the pages of one application show, to the station and to the enterprise."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from green_channel.models import Application, Decision, Paper
from green_channel.parcel import halts
from green_channel.terms import in_words
from issues.deadlines import calendar_for, silence_ends
from issues.models import Attachment, Event
from issues.why import explain, which_clock
from issues.workflow import Stage
from liaison.accounts.models import User


@dataclass(frozen=True)
class Row:
    """A line of the checklist with what was brought for it."""

    paper: Paper
    is_open: bool
    files: list[Attachment]
    seen: bool


@dataclass(frozen=True)
class Shown:
    """One application, read once for whoever looks at it."""

    application: Application
    rows: list[Row]
    context: dict[str, Any]

    @property
    def open_papers(self) -> list[Paper]:
        return [row.paper for row in self.rows if row.is_open]


def show(application: Application, user: User) -> Shown:
    """All that the page says; a contact reads public events and their files only."""
    issue = application.issue
    events = list(
        issue.events.shown_to(user).prefetch_related(
            Prefetch("attachments", Attachment.objects.select_related("evidence"))
        )
    )
    attached = {one.pk: one for event in events for one in event.attachments.all()}
    rows = [_row(paper, attached) for paper in application.papers.all()]
    decision = next(reversed(list(application.decisions.all())), None)
    # What was sent back is decided anew.
    if issue.stage not in (Stage.PROPOSED, Stage.CLOSED):
        decision = None
    correction = getattr(application, "correction", None)
    context = {
        "application": application,
        "issue": issue,
        "rows": rows,
        "missing": [row for row in rows if row.is_open],
        "halts": halts(application, events, decision),
        "correction": correction,
        "decision": decision,
        "documents": _documents(events, decision),
        "in_time": decision is not None
        and issue.resolve_due_at is not None
        and decision.decided_at <= issue.resolve_due_at,
        "clock": which_clock(issue) if issue.is_open else "",
        "why_due": explain(issue),
        "statutory": in_words(application.counted, application.statutory),
        "promised": in_words(application.counted, issue.own_limit),
        "ended": next(
            (one for one in reversed(events) if one.move in ("decline", "withdraw")), None
        ),
        **_silence(application),
    }
    return Shown(application, rows, context)


def _row(paper: Paper, attached: dict[int, Attachment]) -> Row:
    supplies = list(paper.supplies.all())
    files = [attached[one.attachment_id] for one in supplies if one.attachment_id in attached]
    return Row(paper, paper.is_open, files, any(one.attachment_id is None for one in supplies))


def _documents(events: list[Event], decision: Decision | None) -> list[Attachment]:
    """The files of the decision: those of the last close-out proposed."""
    if decision is None or not decision.by_document:
        return []
    proposed = next((one for one in reversed(events) if one.move == "propose"), None)
    return list(proposed.attachments.all()) if proposed else []


def _silence(application: Application) -> dict[str, Any]:
    """Until when a correction may be asked for, and whether silence has accepted it."""
    issue = application.issue
    if issue.silence_days is None or issue.stage != Stage.RAISED:
        return {"silence_ends": None, "silence_over": False}
    ends = silence_ends(issue, calendar_for(issue))
    return {"silence_ends": ends, "silence_over": ends is not None and timezone.now() > ends}
