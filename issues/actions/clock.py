"""Setting the clock that runs on a line, and with it the first step of its ladder."""

from collections.abc import Iterable, Mapping
from copy import copy
from datetime import datetime
from typing import Any

from django.utils import timezone

from issues.deadlines import calendar_for
from issues.ladder import rungs_of
from issues.models import EscalationRule, Issue
from liaison.core.workdays import WorkCalendar

# What a clock set anew changes on a line beside the deadline itself.
FIELDS = ("clock_generation", "clock_set_at", "next_escalation_at")


def clock_set(
    issue: Issue,
    changes: Mapping[str, Any],
    *,
    rules: Iterable[EscalationRule] | None = None,
    calendar: WorkCalendar | None = None,
    now: datetime | None = None,
) -> dict[str, Any]:
    """What these changes to a line mean for its ladder, to be written with them.

    Another clock or another deadline has a ladder of its own, from its beginning; the same one
    goes on with the steps that it has taken. Rules and calendar are read unless given.
    """
    after = copy(issue)
    for name, value in changes.items():
        setattr(after, name, value)
    if after.next_due_at is None:
        return {"next_escalation_at": None}
    same = (after.running_clock, after.next_due_at) == (issue.running_clock, issue.next_due_at)
    if same and issue.pk is not None:
        return {}
    after.clock_set_at = now or timezone.now()
    if rules is None:
        rules = EscalationRule.objects.all().fitting(after.unit).filter(clock=after.running_clock)
    steps = rungs_of(after, rules, calendar or calendar_for(after))
    # One that was due before the clock was set has been waited for only since then.
    first = min((max(step.at, after.clock_set_at) for step in steps), default=None)
    return {
        "clock_generation": issue.clock_generation + (issue.pk is not None),
        "clock_set_at": after.clock_set_at,
        "next_escalation_at": first,
    }
