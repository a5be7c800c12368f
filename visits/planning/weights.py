"""What a call is worth: one table. A point is a third of a kilometre (``Terms.points_a_km``).

The order of the rows is the order of the promises: no deadline lapses in silence, what an officer
has said is kept, nobody is forgotten, and the risky come before the quiet. How much each is worth
is a judgement of ours, not a figure of the trade; it is made so that

- one line or promise past its day outweighs every clock of contact, and brings an officer across
  the whole district (some 15 km);
- what falls today comes before what falls soon, and soon fills a day that has room;
- risk alone sends nobody out again and again, it decides between two who are due;
- whoever was visited within the week is left in peace unless something of the above is late.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Weight:
    """``points`` for the first of its sort, ``more`` for each further one, ``a_day`` for each day
    that it is late, ``most`` for all of them together. ``by_call``: a call settles it."""

    points: int
    more: int = 0
    a_day: int = 0
    most: int = 0
    by_call: bool = False


WEIGHTS: dict[str, Weight] = {
    # A line of the bill past its deadline: the second and third promise of the product.
    "line_late": Weight(50, more=10, a_day=1, most=90),
    # What the officer said would be done, and the day has gone.
    "promise_late": Weight(45, more=10, a_day=1, most=75),
    "promise_today": Weight(40, more=10, most=60),
    # Still in time, if somebody goes today.
    "line_today": Weight(35, more=5, most=50),
    # On site at least so often: being there is what the scheme is about. Ages, so that whoever
    # is always outweighed comes up in the end.
    "visit_overdue": Weight(25, a_day=1, most=55),
    "visit_today": Weight(20),
    "contact_overdue": Weight(15, a_day=1, most=35, by_call=True),
    "contact_today": Weight(10, by_call=True),
    # Within the next days: one trip now saves one then.
    "line_soon": Weight(15, more=5, most=25),
    "promise_soon": Weight(12, more=4, most=20),
    "visit_soon": Weight(8),
    "contact_soon": Weight(4, by_call=True),
    # A danger that is known and not struck off is looked at whenever one is near.
    "hazard": Weight(15, more=5, most=30),
    "grade_red": Weight(12),
    "grade_yellow": Weight(5),
    # Domain notes: no second entry within 7 days without need.
    "seen_lately": Weight(-25),
}
# Something that cannot wait for tomorrow.
URGENT = frozenset({"line_late", "promise_late", "promise_today", "line_today"})
# Days ahead that are soon: two for what has a deadline, three for the clocks of contact.
DEADLINE_SOON = 2
CLOCK_SOON = 3
# Days within which an enterprise that was entered is left in peace.
LATELY = 7


@dataclass(frozen=True, slots=True)
class Terms:
    """How many calls make a day, and what a kilometre costs; settings have the numbers.

    ``fewest`` are chosen wherever they lie, as long as something speaks for them; beyond those a
    call must be worth its way; there are never more than ``most``. ``detour`` is how much longer a
    road is than the straight line.
    """

    fewest: int = 5
    most: int = 8
    points_a_km: float = 3.0
    detour: float = 1.3

    @property
    def points_a_metre(self) -> float:
        """What a metre as the crow flies costs."""
        return self.points_a_km * self.detour / 1000
