"""In which order the checkpoints of a route are walked, and when the walk comes to each.

The order is ``core.routing``'s: up to twelve checkpoints beside the first the best there is, more
by a local search that needs no library; it is measured against TSPLIB's best known.
"""

from collections.abc import Sequence

from liaison.core.coordinates import Point
from liaison.core.distances import great_circle
from liaison.core.routing import shortest

# More are no route that is walked in an hour or two.
MOST = 25
# As the crow flies; streets are longer, and a patrol does not hurry. Metres a second: 3.6 km/h.
PACE = 1.0
# Seconds at each checkpoint: look around, check in.
STAYS = 120


def ordered(points: Sequence[Point], *, seconds: float = 1.0) -> list[int]:
    """The indices of these WGS-84 points as a short round that begins with the first and comes
    back to it. Raises ``ValueError`` for more than ``MOST``."""
    if len(points) > MOST:
        raise ValueError(f"at most {MOST} checkpoints")
    if len(points) < 3:
        return list(range(len(points)))
    return list(shortest(great_circle(points), closed=True, seconds=seconds).order)


def length(points: Sequence[Point]) -> int:
    """Metres through these points in this order and back to the first."""
    ways = great_circle(points)
    n = len(points)
    return sum(ways[k][(k + 1) % n] for k in range(n)) if n > 1 else 0


def arrivals(points: Sequence[Point]) -> list[int]:
    """Whole seconds after the start by which the walk has come to each of them, in this order."""
    ways = great_circle(points)
    found, passed = [], 0.0
    for k in range(len(points)):
        passed += (ways[k - 1][k] / PACE if k else 0) + STAYS
        found.append(round(passed))
    return found
