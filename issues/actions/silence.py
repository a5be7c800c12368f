"""Applications that nobody answered in the time the law gives: taken for accepted by itself.

《行政许可法》 Art. 32: what is missing is said once within five working days; otherwise the
application counts as accepted from the day on which it came.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from issues.actions.clock import clock_set
from issues.actions.engine import write_event, written
from issues.deadlines import calendar_for, resolve_by, silence_ends
from issues.models import Issue
from issues.workflow import Stage

SILENCE = "silence"
BATCH = 200


def accept_by_silence(now: datetime) -> dict[str, int]:
    """Take for accepted what nobody answered; how many lines. Whatever later day is played, nobody
    is taken to have been silent longer than they were; run again or twice it does no more.

    A line that nobody answers for waits for an officer: it is on the ladder for that, and its time
    counts from the day it came all the same once somebody accepts it.
    """
    now, last, done = min(now, timezone.now()), 0, 0
    while True:
        lines = list(
            Issue.objects.all()
            .unanswered_by_law(now)
            .filter(pk__gt=last)
            .for_ledger()
            .order_by("pk")[:BATCH]
        )
        if not lines:
            return {"accepted_by_silence": done}
        done += sum(_accept(line, now) for line in lines)
        last = lines[-1].pk


def _accept(line: Issue, now: datetime) -> bool:
    calendar = calendar_for(line)
    ends = silence_ends(line, calendar)
    days = line.own_limit
    if ends is None or ends > now or days is None:
        return False
    if line.handler is None or not line.handler.can_answer_at(line.unit):
        return False
    due = resolve_by(line.raised_at, days, calendar, line.counts)
    # ``responded_at`` stays empty: nobody has answered, which the line goes on to say.
    changes: dict[str, Any] = {
        "stage": Stage.ACCEPTED,
        "started_at": line.raised_at,
        "resolve_days": days,
        "resolve_due_at": due.at,
        "next_due_at": due.at,
        "due_uncertain": not due.is_certain,
    }
    # The clock is set at the moment that is played, so that its ladder begins there.
    changes |= clock_set(line, changes, calendar=calendar, now=now)
    with transaction.atomic():
        won = Issue.objects.filter(pk=line.pk, stage=Stage.RAISED, version=line.version).update(
            version=F("version") + 1, **changes
        )
        if not won:
            # Somebody answered at this very moment.
            return False
        line.refresh_from_db(fields=["version", *changes])
        write_event(
            line,
            SILENCE,
            by=None,
            from_stage=Stage.RAISED,
            public=True,
            values={"due": written(due.at), "ended": written(ends)},
        )
    return True
