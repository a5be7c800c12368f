"""What close-outs and reopenings do, whoever's word they are: an account's, a callback's, a link's.

The verbs that call these have admitted the line and hold what they judged by.
"""

from collections.abc import Sequence

from django.utils import timezone

from issues.actions.engine import Proven, claim, must_run, write_event
from issues.actions.extending import lapse_extension
from issues.actions.raising import officer_of
from issues.actions.word import word_said
from issues.deadlines import (
    REOPEN_WITHIN,
    REOPENED_DAYS,
    calendar_for,
    callback_due_on,
    resolve_by,
)
from issues.models import CloseOut, Issue
from issues.workflow import Move, Stage
from liaison.accounts.models import User
from liaison.calendars.work_time import work_calendar
from liaison.core.refused import Refused


def strike_off(
    current: Issue,
    *,
    by: User | None,
    decided_by: User,
    confirmed_by: str = "",
    note: str = "",
    as_name: str = "",
) -> Issue:
    """What every close-out does once it is known that it may be: the line has been admitted, and
    ``decided_by`` is one who approves by its rule. From now on the enterprise is to be asked."""
    now = timezone.now()
    clocks, moved = word_said(current, now)
    claim(
        current,
        version=current.version,
        **clocks
        | {
            "stage": Stage.CLOSED,
            "closed_at": now,
            "callback_due_on": callback_due_on(now, work_calendar()),
            "next_due_at": None,
        },
    )
    lapse_extension(current)
    _decide(
        current,
        CloseOut.Outcome.APPROVED,
        by=decided_by,
        remark=note,
        confirmed_by=confirmed_by,
    )
    write_event(
        current,
        "close",
        by=by,
        as_name=as_name,
        from_stage=Stage.PROPOSED,
        public=True,
        text=note,
        values=({"confirmed_by": confirmed_by} if confirmed_by else {}) | moved,
    )
    return current


def send_back(
    current: Issue,
    move: Move,
    *,
    by: User | None,
    decided_by: User,
    reason: str,
    files: Sequence[Proven] = (),
    as_name: str = "",
) -> Issue:
    """What every refusal of a close-out does, the approver's or the enterprise's; the line has
    been admitted. Its clock runs on, from where it stood if the enterprise's word was awaited."""
    clocks, moved = word_said(current, timezone.now())
    claim(current, version=current.version, **clocks | {"stage": Stage.WORKING})
    _decide(current, CloseOut.Outcome.RETURNED, by=decided_by, remark=reason)
    write_event(
        current,
        move.name,
        by=by,
        as_name=as_name,
        from_stage=Stage.PROPOSED,
        public=move.public,
        text=reason,
        values=moved,
        files=files,
    )
    return current


def in_time(issue: Issue) -> bool:
    """Whether the enterprise may still bring a closed line back."""
    return timezone.now() <= must_run(issue.closed_at) + REOPEN_WITHIN


def too_late(words: str) -> Refused:
    return Refused("too_late", words % {"days": REOPEN_WITHIN.days})


def bring_back(current: Issue, *, by: User | None, reason: str, as_name: str = "") -> Issue:
    """What every reopening does. The caller holds the enterprise and has admitted the line."""
    calendar = calendar_for(current)
    now = timezone.now()
    due = resolve_by(now, REOPENED_DAYS, calendar)
    before, handler = current.handler, _handler_again(current)
    claim(
        current,
        version=current.version,
        calendar=calendar,
        stage=Stage.WORKING,
        handler_id=handler.pk if handler else None,
        generation=current.generation + 1,
        closed_at=None,
        callback_due_on=None,
        started_at=now,
        resolve_days=REOPENED_DAYS,
        resolve_due_at=due.at,
        next_due_at=due.at,
        due_uncertain=not due.is_certain,
    )
    write_event(
        current,
        "reopen",
        by=by,
        as_name=as_name,
        from_stage=Stage.CLOSED,
        public=True,
        text=reason,
        values={
            "due": due.at.isoformat(),
            **(
                {"handler": str(handler or ""), "before": str(before or "")}
                if handler != before
                else {}
            ),
        },
    )
    return current


def _handler_again(issue: Issue) -> User | None:
    """Who handles a reopened line: as before, or who answers for the enterprise by now."""
    before, answers = issue.handler, officer_of(issue.enterprise)
    if before is not None and before.can_answer_at(issue.unit):
        places = issue.enterprise.assignments.responsible().filter(officer=before)
        if answers is None or not places.exists():
            return before
    return answers


def _decide(issue: Issue, outcome: str, *, by: User, remark: str, confirmed_by: str = "") -> None:
    issue.close_outs.filter(outcome=CloseOut.Outcome.PENDING).update(
        outcome=outcome,
        decided_by=by,
        decided_at=timezone.now(),
        remark=remark,
        confirmed_by=confirmed_by,
    )
