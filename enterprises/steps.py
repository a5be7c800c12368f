"""The steps of a ladder as somebody wants them: what makes sense, and the number of each; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enterprises.models import Due, Recipient, ReminderRule
from liaison.core.refused import Refused

MOST_STEPS = 6
# Whoever answers for the station, or looks on from above.
ABOVE = frozenset({Recipient.CHIEF, Recipient.BUREAU})


class Way(StrEnum):
    """What the number of a step counts."""

    PERCENT = "percent"
    HOURS = "hours"
    DAYS = "days"


BOUNDS = {Way.PERCENT: (1, 99), Way.HOURS: (-24 * 30, 24 * 30), Way.DAYS: (-60, 60)}


@dataclass(frozen=True)
class Step:
    """So far into the time given or from its end (before it if negative), these are told."""

    way: Way
    number: int
    recipients: tuple[str, ...]

    @property
    def is_ahead(self) -> bool:
        """A warning, while there is still time."""
        return self.way == Way.PERCENT or self.number < 0

    @property
    def place(self) -> tuple[bool, int]:
        """What steps are put in order by; how long a working day takes is not known here."""
        hours = self.number * 24 if self.way == Way.DAYS else self.number
        return self.way != Way.PERCENT, hours

    @property
    def meaning(self) -> tuple[bool, frozenset[str]]:
        return self.is_ahead, frozenset(self.recipients)

    def when(self, *, calendar: bool) -> str:
        """In words; with ``calendar`` its days are those of the calendar."""
        far = abs(self.number)
        if self.way == Way.PERCENT:
            return _("%(n)d%% of the time gone") % {"n": far}
        if not self.number:
            return _("on the day") if calendar else _("when it runs out")
        if self.way == Way.HOURS:
            words = (
                ngettext("%d hour before", "%d hours before", far)
                if self.number < 0
                else ngettext("overdue by %d hour", "overdue by %d hours", far)
            )
        elif calendar:
            words = (
                ngettext("%d day before", "%d days before", far)
                if self.number < 0
                else ngettext("overdue by %d day", "overdue by %d days", far)
            )
        else:
            words = (
                ngettext("%d working day before", "%d working days before", far)
                if self.number < 0
                else ngettext("overdue by %d working day", "overdue by %d working days", far)
            )
        return words % far


def step(way: Way, number: int, recipients: Iterable[str]) -> Step:
    """With whoever is told in the order of the rungs."""
    told = set(recipients)
    unknown = told - set(Recipient.values)
    if unknown:
        raise ValueError(f"no recipients: {sorted(unknown)}")
    return Step(way, number, tuple(one for one in Recipient.values if one in told))


def step_of(rule: ReminderRule) -> Step:
    return step(Way.DAYS, rule.days, rule.recipients)


def must_make_a_ladder(steps: Sequence[Step], *, ahead: bool = True) -> None:
    """Refuse a ladder by which a promise could lapse in silence. ``details`` says which step.

    Without ``ahead`` nothing can be told before the end.
    """
    if len(steps) > MOST_STEPS:
        raise Refused("too_many", _("%d steps at most.") % MOST_STEPS)
    for place, one in enumerate(steps):
        _must_make_sense(one, place, ahead=ahead)
        if place and not _comes_after(one, steps[:place]):
            raise Refused(
                "order",
                _("A step must come later than the one before it."),
                field="number",
                details={"step": place},
            )
    late = [one for one in steps if not one.is_ahead]
    if not late:
        raise Refused("silent", _("One step at least must be at the deadline or after it."))
    if not any(ABOVE & set(one.recipients) for one in late):
        raise Refused(
            "silent",
            _("At the deadline or after it one step at least must reach the chiefs or the bureau."),
        )


def _must_make_sense(one: Step, place: int, *, ahead: bool) -> None:
    least, most = BOUNDS[one.way]
    if not least <= one.number <= most:
        raise Refused(
            "invalid",
            _("A whole number from %(least)d to %(most)d.")
            % {"least": max(1, least), "most": most},
            field="number",
            details={"step": place},
        )
    if one.is_ahead and not ahead:
        raise Refused(
            "ahead",
            _("Nobody can be told before the officer is missing."),
            field="how",
            details={"step": place},
        )
    if not one.recipients:
        raise Refused(
            "nobody",
            _("Choose at least one who is told."),
            field="recipients",
            details={"step": place},
        )


def _comes_after(one: Step, earlier: Sequence[Step]) -> bool:
    """What part of the time an hour or a day is depends on the time given: of a percentage it is
    only known that it comes before the end."""
    if one.way == Way.PERCENT and not all(other.is_ahead for other in earlier):
        return False
    kin = [other for other in earlier if (other.way == Way.PERCENT) == (one.way == Way.PERCENT)]
    return all(other.place < one.place for other in kin)


def numbered(
    wanted: Sequence[Step], before: Iterable[tuple[int, Step]], above: int
) -> list[tuple[int, Step]]:
    """The steps with their numbers, by which is known what has been taken.

    A number stands for who is told, and whether before the end or after it; only its moment may be
    another. So a step of ``before`` gives its number to one that tells the same people, the nearest
    first, and nobody is told of that again; any other gets a number from ``above`` on that nothing
    was ever taken under, and is not held for taken.
    """
    free, found = dict(before), dict[int, int]()
    for place, one in enumerate(wanted):
        for number, other in free.items():
            if other == one:
                found[place] = number
                break
        if place in found:
            del free[found[place]]
    for place, one in enumerate(wanted):
        alike = [number for number, other in free.items() if other.meaning == one.meaning]
        if place not in found and alike:
            found[place] = min(alike, key=lambda number: _far(free[number], wanted[place]))
            del free[found[place]]
    for place in range(len(wanted)):
        if place not in found:
            above += 1
            found[place] = above
    return [(found[place], one) for place, one in enumerate(wanted)]


def _far(one: Step, other: Step) -> tuple[bool, int]:
    return one.place[0] != other.place[0], abs(one.place[1] - other.place[1])


def said(steps: Iterable[Step]) -> list[str]:
    """For the record: short, and in no language."""
    return [f"{one.way} {one.number}: {', '.join(one.recipients)}" for one in in_order(steps)]


def in_order(steps: Iterable[Step]) -> list[Step]:
    return sorted(steps, key=lambda one: one.place)


def may_be_ahead(due: str) -> bool:
    """Whether anybody can be told before this falls due: a missing officer is missing at once."""
    return due != Due.OFFICER
