"""When papers and orders ring, pure. In days of the calendar, at eight in the morning in China."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from liaison.core.due import start_of

AT = timedelta(hours=8)
CONTACTS, OFFICER, DESK, CHIEFS = "contacts", "officer", "desk", "chiefs"


@dataclass(frozen=True)
class Step:
    """So many days from the day that is due, these are told."""

    days: int
    who: frozenset[str]

    def at(self, due_on: date) -> datetime:
        return start_of(due_on + timedelta(days=self.days)) + AT


# An answer 已知悉: those who owe it two days before and on the day, then the station who has not.
ACKNOWLEDGE = (
    Step(-2, frozenset({CONTACTS})),
    Step(0, frozenset({CONTACTS})),
    Step(1, frozenset({OFFICER})),
)
# An order: whoever must put it right before and on the day, then up to the chiefs, who hear of it
# each week for as long as it is open.
ORDER = (
    Step(-3, frozenset({CONTACTS})),
    Step(0, frozenset({CONTACTS, OFFICER})),
    Step(1, frozenset({CONTACTS, OFFICER, DESK})),
    Step(3, frozenset({CONTACTS, OFFICER, CHIEFS})),
)
AGAIN = 7


def acknowledge_due(due_on: date, now: datetime) -> Step | None:
    """The last step that is due."""
    return max((one for one in ACKNOWLEDGE if one.at(due_on) <= now), default=None, key=_days)


def acknowledge_next(due_on: date, now: datetime) -> datetime | None:
    """When the next step is due; None after the last."""
    return min((at for one in ACKNOWLEDGE if (at := one.at(due_on)) > now), default=None)


def order_due(due_on: date, now: datetime) -> Step | None:
    """The last step of an order that is due, the weekly ones among them."""
    return max((one for one in _order_steps(due_on, now) if one.at(due_on) <= now), default=None,
               key=_days)  # fmt: skip


def order_next(due_on: date, now: datetime) -> datetime:
    """When an open order rings next; there is always a next time."""
    return min(at for one in _order_steps(due_on, now) if (at := one.at(due_on)) > now)


def _order_steps(due_on: date, now: datetime) -> list[Step]:
    last = ORDER[-1]
    weeks = max(0, (now - last.at(due_on)).days // AGAIN)
    return [*ORDER, *(Step(last.days + AGAIN * n, last.who) for n in (weeks, weeks + 1) if n)]


def _days(step: Step) -> int:
    return step.days
