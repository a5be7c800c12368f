"""In which order to call at several places, so that the way is short.

Pure: distances in, an order out. Up to ``EXACT`` places the answer is the best there is, by dynamic
programming (Held and Karp 1962). More are ordered by a local search of our own
(``route_improving``), which makes so many rounds: the same input has the same answer, unless the
time is up before. No answer is longer than the order given.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from liaison.core.distances import Rows
from liaison.core.route_improving import Tour

# 12 places beside the start: 2^12 x 12² steps, well below half a second.
EXACT = 12
# Rounds of the local search for each place: 150 places take about half a second of a processor, and
# every published instance up to 130 ends within 0.3% of the best known.
ROUNDS = 10


@dataclass(frozen=True, slots=True)
class Route:
    """``order`` begins with the start, 0; ``length`` is in the unit of the distances, with the way
    home if it is a tour. ``exact``: none is shorter."""

    order: tuple[int, ...]
    length: int
    exact: bool


def shortest(ways: Rows, *, closed: bool = False, seconds: float = 2.0) -> Route:
    """A short way from place 0 through all the others, each once; ``closed`` comes back to it.

    ``ways[a][b]`` is how far it is from a to b, a whole number not below zero, and as far back;
    among up to ``EXACT`` places the way back may differ. ``seconds`` is what more places may take.
    Raises ``ValueError`` for what is no table of distances.
    """
    n = len(ways)
    if any(len(row) != n for row in ways):
        raise ValueError("as many columns as rows")
    if any(way < 0 for row in ways for way in row):
        raise ValueError("distances are not below 0")
    given = tuple(range(n))
    if n < 2:
        return Route(given, 0, True)
    if n - 1 <= EXACT:
        order = _best(ways, closed)
        return Route(order, length(ways, order, closed=closed), True)
    if any(ways[a][b] != ways[b][a] for a in range(n) for b in range(a)):
        raise ValueError("of so many places there and back must be as far")
    found = improved(ways, closed=closed, seconds=seconds)
    order = min(found, given, key=lambda one: length(ways, one, closed=closed))
    return Route(order, length(ways, order, closed=closed), False)


def length(ways: Rows, order: Sequence[int], *, closed: bool = False) -> int:
    """How long the way in this order is."""
    after = [*order[1:], *order[:1]] if closed else order[1:]
    return sum(ways[here][there] for here, there in zip(order, after, strict=False))


def _best(ways: Rows, closed: bool) -> tuple[int, ...]:
    """Of all orders the shortest; of several the one that falls on the way."""
    places = len(ways) - 1
    home = [row[0] if closed else 0 for row in ways][1:]
    between = [list(row)[1:] for row in ways][1:]
    ends: list[list[tuple[int, int]]] = [[] for _ in range(1 << places)]
    for k in range(places):
        ends[1 << k] = [(k, ways[0][k + 1])]
    came_from: dict[tuple[int, int], int] = {}
    for seen in range(1, 1 << places):
        if not seen & (seen - 1):
            continue  # one place: set above
        reached = []
        for k in range(places):
            if not seen >> k & 1:
                continue
            so_far, before = min((way + between[j][k], j) for j, way in ends[seen & ~(1 << k)])
            reached.append((k, so_far))
            came_from[seen, k] = before
        ends[seen] = reached
    seen = (1 << places) - 1
    _way, last = min((way + home[k], k) for k, way in ends[seen])
    order = [last]
    while (seen, order[-1]) in came_from:
        before = came_from[seen, order[-1]]
        seen &= ~(1 << order[-1])
        order.append(before)
    return (0, *(k + 1 for k in reversed(order)))


def improved(ways: Rows, *, closed: bool, seconds: float) -> tuple[int, ...]:
    """By local search. An open way is a tour over one place more, which is beside the start and
    as far from all others: the tour goes there once, from wherever the way ends."""
    n = len(ways)
    table = [list(row) for row in ways]
    if not closed:
        far = 1 + sum(map(max, table))
        for here, row in enumerate(table):
            row.append(far if here else 0)
        table.append([0, *[far] * (n - 1), 0])
    tour = Tour(table, range(len(table)))
    tour.improve(ROUNDS * n, seconds)
    first = tour.order.index(0)
    order = [*tour.order[first:], *tour.order[:first]]
    if closed:
        return tuple(order)
    # The place that was added lies on one side of the start or the other.
    return tuple(order[:-1] if order[-1] == n else [0, *reversed(order[2:])])
