"""Who is reminded of what falls due at a station's enterprises, changed as a whole."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Model, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Cadence, Due, Reminder, ReminderRule
from enterprises.steps import (
    Step,
    Way,
    may_be_ahead,
    must_make_a_ladder,
    numbered,
    said,
    step_of,
)
from liaison.accounts.access import may_set_rules
from liaison.accounts.models import Unit, User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused

# Enterprises at which something of the kind is due at all, and the reminders of just that.
DUE = {
    Due.CONTACT: "next_contact_due_on",
    Due.VISIT: "next_visit_due_on",
    Due.OFFICER: "officer_due_at",
}


@transaction.atomic
def set_reminders(
    unit: Unit | None, kind: str, steps: Sequence[Step], *, by: User, replaces: Collection[int]
) -> int:
    """Make these the steps for a kind at a unit (None: wherever there are none of its own).

    ``replaces`` are the ids of the place's own rows that the caller saw. What is due goes by them
    from the next sweep on; how many enterprises that are. A step that tells the same people as one
    before goes on under its number: whoever was told is not told again. One that tells others, and
    whose moment has gone by, is taken at once, and is in the one notice that they get.
    """
    must_set_ladders(by, unit)
    if kind not in Due.values:
        raise Refused("invalid", _("There is no such ladder."), field="kind")
    must_make_a_ladder(steps, ahead=may_be_ahead(kind))
    if any(one.way != Way.DAYS for one in steps):
        raise Refused("invalid", _("These steps are counted in days."), field="how")
    take_turns_at(unit)
    own = list(ReminderRule.objects.all().exactly(unit, kind))
    must_be_as_seen(own, replaces)
    before = own or list(ReminderRule.objects.all().exactly(None, kind))
    if own and sorted(steps, key=str) == sorted(map(step_of, own), key=str):
        return 0
    numbers = numbered(steps, [(one.step, step_of(one)) for one in before], _highest(kind))
    remove(ReminderRule.objects.all(), own)
    rules = ReminderRule.objects.bulk_create(
        ReminderRule(unit=unit, kind=kind, step=n, days=one.number, recipients=list(one.recipients))
        for n, one in numbers
    )
    changes = {"kind": kind, "steps": [said(map(step_of, before)), said(steps)]}
    record("reminders.set", rules[0], by=by, unit=unit or by.unit, changes=changes)
    return _look_again(unit, kind, timezone.now())


@transaction.atomic
def drop_reminders(unit: Unit, kind: str, *, by: User, replaces: Collection[int]) -> int:
    """The general steps hold at the station again, from the next sweep on as with
    :func:`set_reminders`; for how many enterprises."""
    must_set_ladders(by, unit)
    take_turns_at(unit)
    own = list(ReminderRule.objects.all().exactly(unit, kind))
    must_be_as_seen(own, replaces)
    if not own:
        raise Refused("none", _("The station has no steps of its own here."))
    remove(ReminderRule.objects.all(), own)
    changes = {"kind": kind, "steps": said(map(step_of, own))}
    record("reminders.dropped", own[0], by=by, unit=unit, changes=changes)
    return _look_again(unit, kind, timezone.now())


def must_set_ladders(by: User, unit: Unit | None) -> None:
    if not may_set_rules(by, unit):
        raise Refused("not_allowed", _("You may not set these reminders."))
    if unit is not None and unit.kind != Unit.Kind.STATION:
        raise Refused("no_station", _("Only a station has reminders of its own."))


def take_turns_at(unit: Unit | None) -> None:
    """Of two who give a station its first own steps no row decides who was first. The general ones
    are always there: of two who replace them the second finds them gone."""
    if unit is not None:
        Unit.objects.filter(pk=unit.pk).update(name=F("name"))


def must_be_as_seen(own: Sequence[Model], replaces: Collection[int]) -> None:
    """A place's own rows are those that the caller saw."""
    if {one.pk for one in own} != set(replaces):
        raise somebody_was_first([one.pk for one in own])


def somebody_was_first(now: Sequence[int]) -> Conflict:
    return Conflict(
        "stale",
        _("Somebody else has changed these steps since you opened them."),
        details={"replaces": sorted(now)},
    )


def remove(rules: QuerySet[Any], own: Sequence[Model]) -> None:
    """A place's own rows, all of them or a Conflict."""
    gone, _rows = rules.filter(pk__in=[one.pk for one in own]).delete()
    if gone != len(own):
        # The other's rows are there, but this transaction need not see them.
        raise somebody_was_first([])


def _highest(kind: str) -> int:
    """The highest number given to a step, or taken of what is still due."""
    due = DUE[Due(kind)]
    current = Q(**{f"enterprise__cadence__{due}__isnull": False})
    if kind != Due.OFFICER:
        current &= Q(due_on=F(f"enterprise__cadence__{due}"))
    given = ReminderRule.objects.filter(kind=kind).aggregate(most=Max("step"))["most"]
    taken = Reminder.objects.filter(current, kind=kind).aggregate(most=Max("step"))["most"]
    return max(given or 0, taken or 0)


def _look_again(unit: Unit | None, kind: str, now: datetime) -> int:
    """One UPDATE: the sweep reckons anew where something of the kind is due by these rows."""
    rows = Cadence.objects.filter(**{f"{DUE[Due(kind)]}__isnull": False})
    if unit is not None:
        rows = rows.filter(enterprise__unit=unit)
    else:
        with_own = ReminderRule.objects.filter(kind=kind, unit__isnull=False).values("unit")
        rows = rows.exclude(enterprise__unit__in=with_own)
    return rows.update(next_reminder_at=now)
