"""How far two places are from each other for a patrol: in a straight line, and round barriers."""

import itertools
from collections.abc import Sequence

from liaison.core.coordinates import Point

Line = Sequence[Point]


def crossings(places: Sequence[Point], barriers: Sequence[Line]) -> list[list[int]]:
    """How many barriers lie between every two places. One that is crossed there and back again is
    not between them: who goes round a bend of the river stays on their side."""
    rows = [[0] * len(places) for _ in places]
    for line in barriers:
        pieces = list(itertools.pairwise(line))
        for i, here in enumerate(places):
            for j in range(i):
                times = sum(_cross(here, places[j], a, b) for a, b in pieces)
                if times % 2:
                    rows[i][j] += 1
                    rows[j][i] += 1
    return rows


def _cross(a: Point, b: Point, c: Point, d: Point) -> bool:
    """Whether the lines a-b and c-d cross. A line that only touches at c counts, one at d does not,
    so that going through a corner of a barrier is one crossing."""
    return (_side(a, b, c) >= 0) != (_side(a, b, d) >= 0) and (
        (_side(c, d, a) >= 0) != (_side(c, d, b) >= 0)
    )


def _side(a: Point, b: Point, c: Point) -> float:
    """On which side of a-b c lies. Degrees serve: stretching a map keeps sides."""
    return (b.lon - a.lon) * (c.lat - a.lat) - (b.lat - a.lat) * (c.lon - a.lon)
