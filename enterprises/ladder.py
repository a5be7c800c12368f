"""When each step of a reminder ladder is due; pure rules over rows already read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from enterprises.models import Cadence, Due, ReminderRule
from liaison.core.due import start_of
from liaison.core.workdays import WorkCalendar, add_working_days

# Reminders of a day come when its work begins, in China.
MORNING = time(8)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of a ladder on one clock. ``ahead``: before what it reminds of is due."""

    step: int
    at: datetime
    recipients: tuple[str, ...]
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Ringing:
    """A step of one of an enterprise's ladders, and the due date that it belongs to."""

    kind: str
    due_on: date
    rung: Rung


def passed_over(rung: Rung, set_at: datetime) -> bool:
    """Whoever sets a clock so late that a step before its end has gone by knows of it."""
    return rung.ahead and rung.at <= set_at


def rules_at(rules: Iterable[ReminderRule], unit_id: int | None) -> dict[str, list[ReminderRule]]:
    """The rules that hold at a unit, by kind: its own where it has any, else the general ones."""
    own: dict[str, list[ReminderRule]] = {}
    general: dict[str, list[ReminderRule]] = {}
    for rule in rules:
        if rule.unit_id == unit_id:
            own.setdefault(rule.kind, []).append(rule)
        elif rule.unit_id is None:
            general.setdefault(rule.kind, []).append(rule)
    return general | own


def ladders(
    cadence: Cadence, rules: dict[str, list[ReminderRule]], calendar: WorkCalendar
) -> list[Ringing]:
    """Every step that this row will ever see as it stands, but for those passed over."""
    found: list[Ringing] = []
    for kind, due_on, set_on in (
        (Due.CONTACT, cadence.next_contact_due_on, cadence.contact_set_on),
        (Due.VISIT, cadence.next_visit_due_on, cadence.visit_set_on),
    ):
        if due_on is not None:
            steps = _by_days(rules.get(kind, ()), due_on, set_on or due_on)
            found += [Ringing(kind, due_on, rung) for rung in steps]
    if cadence.officer_due_at is not None:
        due_on = timezone.localdate(cadence.officer_due_at)
        for rule in rules.get(Due.OFFICER, ()):
            after = add_working_days(cadence.officer_due_at, max(0, rule.days), calendar)
            rung = Rung(rule.step, after.at, tuple(rule.recipients))
            found.append(Ringing(Due.OFFICER, due_on, rung))
    return found


def first_look(cadence: Cadence, rules: dict[str, list[ReminderRule]]) -> datetime | None:
    """The earliest moment at which a step can be due; a sweep that comes too early does no harm,
    and so the calendar need not be asked here."""
    moments = [one.rung.at for one in ladders(cadence, rules, WorkCalendar.round_the_clock())]
    return min(moments, default=None)


def _by_days(rules: Iterable[ReminderRule], due_on: date, set_on: date) -> Iterator[Rung]:
    known_from = start_of(set_on + DAY)
    for rule in rules:
        # A date that lay in the past when it was set is reckoned with from then on.
        day = (due_on if rule.days < 0 else max(due_on, set_on)) + timedelta(rule.days)
        at = timezone.make_aware(datetime.combine(day, MORNING))
        rung = Rung(rule.step, at, tuple(rule.recipients), ahead=rule.days < 0)
        if not passed_over(rung, known_from):
            yield rung
