"""延期: more time, asked for by the handler in time and decided by a chief who is neither."""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from issues.actions.engine import admit, claim, must_run, write_event, written
from issues.deadlines import MOST_DAYS, calendar_for, extended
from issues.models import Extension, Issue
from issues.workflow import MOVES, Clock
from liaison.accounts.models import User
from liaison.core.refused import Refused


@transaction.atomic
def ask_extension(issue: Issue, *, by: User, version: int, days: int, reason: str) -> Issue:
    """Ask a chief for more days, before the time has run out. The clock runs on meanwhile."""
    move = MOVES["ask_extension"]
    current = admit(issue, move, by=by, version=version, values={"days": days, "reason": reason})
    most = current.most_extension_days
    if not 1 <= days <= most:
        raise Refused(
            "too_many",
            ngettext("Ask for %(n)d day at most.", "Ask for 1 to %(n)d days at a time.", most)
            % {"n": most},
            field="days",
        )
    if (current.resolve_days or 0) + days > MOST_DAYS:
        raise Refused(
            "too_far",
            _("With extensions a line is given %(n)d days at most.") % {"n": MOST_DAYS},
            field="days",
        )
    claim(current, version=version)
    Extension.objects.create(
        issue=current,
        generation=current.generation,
        days=days,
        reason=reason,
        asked_by=by,
        asked_at=timezone.now(),
    )
    write_event(
        current,
        move.name,
        by=by,
        from_stage=current.stage,
        public=move.public,
        text=reason,
        values={"days": days, "due": written(must_run(current.resolve_due_at))},
    )
    return current


@transaction.atomic
def grant_extension(issue: Issue, *, by: User, version: int, note: str = "") -> Issue:
    """The days are added to those the clock was given, and the deadline is derived anew.

    Never to an earlier one, should the calendar have changed since it was set.
    """
    move = MOVES["grant_extension"]
    current = admit(issue, move, by=by, version=version, values={"note": note})
    extension = current.extensions.get(decided_at__isnull=True)
    pauses = list(current.pauses.all())
    before = must_run(current.resolve_due_at)
    stopped = any(one.ended_at is not None for one in pauses)
    calendar = calendar_for(current, hours=stopped)
    given = extended(current, pauses, calendar, extension.days)
    if given is None:
        raise ValueError("a line whose extension was asked for must have been accepted")
    due = given.at
    # While it waits, the day until which it waits is the clock that runs.
    runs: dict[str, Any] = {} if current.running_clock == Clock.WAIT else {"next_due_at": due}
    claim(
        current,
        version=version,
        calendar=calendar,
        resolve_days=(current.resolve_days or 0) + extension.days,
        resolve_due_at=due,
        due_uncertain=not given.is_certain,
        **runs,
    )
    _decide(extension, Extension.Outcome.GRANTED, by=by, remark=note)
    write_event(
        current,
        move.name,
        by=by,
        from_stage=current.stage,
        public=move.public,
        text=note,
        values={"days": extension.days, "from": written(before), "due": written(due)},
    )
    return current


@transaction.atomic
def refuse_extension(issue: Issue, *, by: User, version: int, reason: str) -> Issue:
    """The deadline stays as it is."""
    move = MOVES["refuse_extension"]
    current = admit(issue, move, by=by, version=version, values={"reason": reason})
    extension = current.extensions.get(decided_at__isnull=True)
    claim(current, version=version)
    _decide(extension, Extension.Outcome.REFUSED, by=by, remark=reason)
    write_event(
        current,
        move.name,
        by=by,
        from_stage=current.stage,
        public=move.public,
        text=reason,
        values={"days": extension.days},
    )
    return current


def lapse_extension(issue: Issue) -> None:
    """What nobody decided on before the line ended is decided by its end."""
    issue.extensions.pending().update(outcome=Extension.Outcome.LAPSED, decided_at=timezone.now())


def _decide(extension: Extension, outcome: str, *, by: User, remark: str) -> None:
    extension.outcome, extension.decided_by = outcome, by
    extension.decided_at, extension.remark = timezone.now(), remark
    extension.save(update_fields=["outcome", "decided_by", "decided_at", "remark"])
