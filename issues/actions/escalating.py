"""The sweep that carries a clock that has run out up the ladder."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone, translation

from enterprises.ladder import Rung
from enterprises.reach import Reach
from issues.actions.engine import must_run
from issues.ladder import rungs_of
from issues.models import Escalation, EscalationRule, Issue
from issues.notices import escalation_said
from issues.reached import Reached
from liaison.calendars.work_time import work_calendar
from liaison.core.sweeping import sweep
from liaison.core.workdays import WorkCalendar
from liaison.notices.gathering import Saying, mention

# A line that cannot be worked out is looked at again after so long.
PUT_OFF = timedelta(minutes=10)


def escalate_due(now: datetime) -> Counter[str]:
    """Take every step that is due, and put down who is to be told; ``tell_gathered`` tells them.

    Whether it comes in time, late or twice, the same rows are there afterwards: each step once, by
    the constraint of the table. The version of a line stays: nobody's open form goes stale by it.
    """
    calendars = {False: work_calendar(), True: WorkCalendar.round_the_clock()}
    due = Issue.objects.all().to_escalate(now).for_ledger().select_related("raised_by")
    return sweep(
        due.order_by("next_escalation_at", "pk"),
        lambda lines: _escalate(lines, calendars, now),
        lambda line: Issue.objects.filter(pk=line.pk).update(next_escalation_at=now + PUT_OFF),
    )


def _escalate(
    lines: list[Issue],
    calendars: dict[bool, WorkCalendar],
    now: datetime,
) -> Counter[str]:
    # Read once the lines are held: whoever changes a ladder marks its lines afterwards.
    rules = list(EscalationRule.objects.all())
    taken = set(
        Escalation.objects.filter(issue__in=lines).values_list(
            "issue_id", "clock", "generation", "step"
        )
    )
    reached: list[tuple[Issue, list[Rung]]] = []
    for line in lines:
        steps = rungs_of(line, rules, calendars[line.round_the_clock])
        line.next_escalation_at = min((step.at for step in steps if step.at > now), default=None)
        key = line.pk, line.running_clock, line.clock_generation
        due = [step for step in steps if step.at <= now and (*key, step.step) not in taken]
        if due:
            reached.append((line, due))
    Issue.objects.bulk_update(lines, ["next_escalation_at"])
    return Counter(escalations=_take(reached, now)) if reached else Counter()


def _take(reached: Sequence[tuple[Issue, list[Rung]]], now: datetime) -> int:
    """Write the steps and gather what people are to be told of them."""
    lines = [line for line, _steps in reached]
    units = {line.unit_id: line.unit for line in lines}
    people = Reached(lines, Reach(units.values(), timezone.localdate(now)))
    escalations: list[Escalation] = []
    sayings: dict[tuple[int, int], Saying] = {}
    with translation.override(settings.LANGUAGE_CODE):
        for line, steps in reached:
            for step in steps:
                told = people.of(line, step.recipients)
                escalations.append(_written(line, step, [str(one) for one in told], now))
                # Of several steps at once a person hears of the highest only.
                for one in told:
                    sayings[one.pk, line.pk] = escalation_said(line, step, one, now)
    Escalation.objects.bulk_create(escalations)
    mention([(pk, saying) for (pk, _line), saying in sayings.items()], now=now)
    return len(escalations)


def _written(line: Issue, step: Rung, told: list[str], now: datetime) -> Escalation:
    return Escalation(
        issue=line,
        clock=line.running_clock,
        generation=line.clock_generation,
        step=step.step,
        due_at=must_run(line.next_due_at),
        planned_at=step.at,
        at=now,
        recipients=list(step.recipients),
        told=told,
    )
