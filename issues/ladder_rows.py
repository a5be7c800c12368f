"""The ladders of a station as people read them: each step in words, and when it goes how high."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enterprises.ladder import rules_at
from enterprises.models import Due, Recipient, ReminderRule
from enterprises.steps import Step, in_order
from enterprises.steps import step_of as step_of_reminder
from issues.ladder import ladder_for, step_of
from issues.models import EscalationRule, IssueKind
from issues.workflow import Clock
from liaison.accounts.models import Unit


@dataclass(frozen=True)
class Said:
    """A step in words. ``ahead`` is a warning, ``above`` reaches the chiefs or the bureau."""

    when: str
    who: str
    ahead: bool
    above: bool


@dataclass(frozen=True)
class Place:
    """Whose ladder on which clock: a unit (None: any), a kind of line (None: any, and always for
    what falls due at an enterprise)."""

    unit: Unit | None
    kind: IssueKind | None
    clock: str

    @property
    def of_enterprises(self) -> bool:
        return self.clock in Due.values

    @property
    def title(self) -> str:
        if self.clock == Due.OFFICER:
            return pgettext("ladder", "No responsible officer")
        return str(Due(self.clock).label if self.of_enterprises else Clock(self.clock).label)

    @property
    def whose(self) -> str:
        return "" if self.of_enterprises else str(self.kind or _("All kinds"))

    @property
    def words(self) -> str:
        return " · ".join(filter(None, (self.title, self.whose)))

    @property
    def by_calendar(self) -> bool:
        """Whether its days are those of the calendar; else of work."""
        return self.clock in (Due.CONTACT, Due.VISIT)

    @property
    def address(self) -> tuple[str, str, str]:
        """As it stands in the address of its page."""
        return (
            self.unit.code if self.unit else "all",
            self.kind.code if self.kind else "any",
            self.clock,
        )


@dataclass(frozen=True)
class Row:
    """A ladder that holds at a place. ``own``: of the unit itself; chief and bureau: when it first
    reaches them, empty for never."""

    place: Place
    steps: Sequence[Said]
    chief: str
    bureau: str
    own: bool


def row(place: Place, steps: Iterable[Step], *, own: bool) -> Row:
    ordered = in_order(steps)
    return Row(
        place,
        [_said(place, one) for one in ordered],
        _reaches(place, ordered, Recipient.CHIEF),
        _reaches(place, ordered, Recipient.BUREAU),
        own,
    )


def rows_of_lines(
    rules: Sequence[EscalationRule], kinds: Iterable[IssueKind], unit: Unit | None
) -> list[Row]:
    """For each clock the ladder of all kinds, and those of the kinds that go by another."""
    unit_id = unit.pk if unit else None
    found = []
    for clock in Clock.values:
        for kind in (None, *kinds):
            ladder = ladder_for(rules, unit_id, kind.pk if kind else None, clock)
            # Of all kinds only what is not the same as for every other.
            if ladder and (kind is None or ladder[0].kind_id is not None):
                own = unit is not None and ladder[0].unit_id == unit_id
                found.append(row(Place(unit, kind, clock), map(step_of, ladder), own=own))
    return found


def rows_of_enterprises(rules: Iterable[ReminderRule], unit: Unit | None) -> list[Row]:
    holding = rules_at(rules, unit.pk if unit else None)
    return [
        row(
            Place(unit, None, due),
            map(step_of_reminder, holding[due]),
            own=holding[due][0].unit_id is not None,
        )
        for due in Due.values
        if due in holding
    ]


def recipients(*, of_enterprises: bool) -> list[tuple[str, str]]:
    """The rungs by name: who must act is called otherwise on a line than at an enterprise."""
    handler = (
        pgettext("recipient", "Officer") if of_enterprises else pgettext("recipient", "Handler")
    )
    return [
        (one.value, handler if one == Recipient.HANDLER else str(one.label)) for one in Recipient
    ]


def _said(place: Place, one: Step) -> Said:
    names = dict(recipients(of_enterprises=place.of_enterprises))
    return Said(
        one.when(calendar=place.by_calendar),
        "、".join(names[who] for who in one.recipients),
        one.is_ahead,
        bool({Recipient.CHIEF, Recipient.BUREAU} & set(one.recipients)),
    )


def _reaches(place: Place, ordered: Iterable[Step], who: Recipient) -> str:
    first = next((one for one in ordered if who in one.recipients), None)
    return first.when(calendar=place.by_calendar) if first else ""
