"""When each step of an escalation ladder is due; pure rules over rows already read."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from enterprises.ladder import Rung, passed_over
from enterprises.steps import Step, Way, step
from issues.models import EscalationRule, Issue
from liaison.core.workdays import WorkCalendar, add_working_days, take_working_days


def ladder_for(
    rules: Iterable[EscalationRule], unit_id: int | None, kind_id: int | None, clock: str
) -> list[EscalationRule]:
    """The most specific ladder that fits: unit and kind, then kind, then unit, then the default.

    Without a unit or a kind it is what holds where nothing more specific does.
    """
    fitting: dict[tuple[bool, bool], list[EscalationRule]] = {}
    for rule in rules:
        fits = rule.unit_id in (None, unit_id) and rule.kind_id in (None, kind_id)
        if fits and rule.clock == clock:
            key = rule.kind_id is not None, rule.unit_id is not None
            fitting.setdefault(key, []).append(rule)
    return fitting[max(fitting)] if fitting else []


def step_of(rule: EscalationRule) -> Step:
    """What a row says, without its number."""
    for way in Way:
        if (number := getattr(rule, way)) is not None:
            return step(way, number, rule.recipients)
    raise ValueError("a step must say when")


def rungs(
    ladder: Iterable[EscalationRule], start: datetime, due_at: datetime, calendar: WorkCalendar
) -> list[Rung]:
    """The steps of a clock that was started at ``start`` and runs out at ``due_at``, in order."""
    found = []
    for rule in ladder:
        at = _moment(rule, start, due_at, calendar)
        found.append(Rung(rule.step, at, tuple(rule.recipients), ahead=at < due_at))
    return sorted(found, key=lambda rung: (rung.at, rung.step))


def rungs_of(issue: Issue, rules: Iterable[EscalationRule], calendar: WorkCalendar) -> list[Rung]:
    """The steps of the clock that runs on this line, but for those passed over when it was set."""
    if issue.next_due_at is None:
        return []
    ladder = ladder_for(rules, issue.unit_id, issue.kind_id, issue.running_clock)
    every = rungs(ladder, issue.clock_started_at, issue.next_due_at, calendar)
    return [rung for rung in every if not passed_over(rung, issue.clock_set_at)]


def _moment(
    rule: EscalationRule, start: datetime, due_at: datetime, calendar: WorkCalendar
) -> datetime:
    if rule.percent is not None:
        # A clock typed in late may have run out before it began.
        return min(due_at, start + max(timedelta(), due_at - start) * rule.percent / 100)
    if rule.hours is not None:
        return due_at + timedelta(hours=rule.hours)
    if rule.days is None:
        raise ValueError("a step must say when")
    if rule.days < 0:
        return take_working_days(due_at, -rule.days, calendar)
    return add_working_days(due_at, rule.days, calendar).at
