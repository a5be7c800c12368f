"""Which calls make the day, and in which order: what they are worth, less the way.

Prize-collecting: the best set is hard to find, a good one is not. Calls are put in one after the
other where they gain most, then one is exchanged for another as long as that gains; the chosen ones
are ordered exactly. The same input has the same answer: what gains the same is taken by key.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from liaison.core.distances import Rows
from liaison.core.routing import length, shortest
from visits.planning.weights import Terms

# Exchanges until none gains; each gains something, so this only bounds an odd case.
EXCHANGES = 40
# For a plan of more calls than can be ordered exactly, seconds for the solver.
SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Call:
    """A candidate. ``place`` is its row in the distances; None: nobody knows where it is."""

    key: int
    points: int
    place: int | None


@dataclass(frozen=True, slots=True)
class Chosen:
    """``leg``: metres of road from the call before; None where the way is not known."""

    key: int
    leg: int | None


@dataclass(frozen=True, slots=True)
class _Entry:
    """A way of putting a call into the walk: what it gains, and before which place."""

    gain: float
    call: Call
    at: int | None


def choose(calls: Sequence[Call], ways: Rows, terms: Terms) -> list[Chosen]:
    """The calls of the day in walking order; those without a place come last, by their worth.

    ``ways[a][b]`` are metres as the crow flies, row 0 is the start. A call for which nothing speaks
    (no points above zero) is not made.
    """
    worth = sorted((one for one in calls if one.points > 0), key=lambda one: (-one.points, one.key))
    day = _Day(worth, ways, terms)
    day.fill()
    for _round in range(EXCHANGES):
        if not day.exchange():
            break
    return day.in_order()


def value(chosen: Sequence[int], calls: Sequence[Call], ways: Rows, terms: Terms) -> float:
    """Points of these calls (by key), less the shortest way through them: what ``choose`` wants
    high. For comparing plans; calls without a place are left out of the way."""
    wanted = [one for one in calls if one.key in set(chosen)]
    places = [0, *(one.place for one in wanted if one.place is not None)]
    walk = shortest([[ways[a][b] for b in places] for a in places]).length
    return sum(one.points for one in wanted) - terms.points_a_metre * walk


class _Day:
    """The calls chosen so far: ``walk`` in an order that is good enough to compare, ``nowhere``
    those without a place."""

    def __init__(self, calls: Sequence[Call], ways: Rows, terms: Terms) -> None:
        self.calls, self.ways, self.terms = calls, ways, terms
        self.cost = terms.points_a_metre
        self.walk: list[Call] = []
        self.nowhere: list[Call] = []
        # A place that nobody knows is taken to be as far as the others are on average.
        there = [ways[0][one.place] for one in calls if one.place is not None]
        self.unknown_leg = sum(there) / len(there) if there else 0.0

    def __len__(self) -> int:
        return len(self.walk) + len(self.nowhere)

    def fill(self) -> None:
        """Put in what gains most, until the day is full; then back to where it was worth most.

        Beyond a loss too: of two far away side by side each alone may not be worth the way.
        """
        worth = best = 0.0
        kept = self.walk[:], self.nowhere[:]
        while len(self) < self.terms.most:
            entry = self._best_entry({one.key for one in (*self.walk, *self.nowhere)})
            if entry is None:
                break
            needed = len(self) < self.terms.fewest
            self._put(entry)
            worth += entry.gain
            if needed or worth > best:
                best, kept = worth, (self.walk[:], self.nowhere[:])
        self.walk, self.nowhere = kept

    def exchange(self) -> bool:
        """Take one out and put another in where the day gains most by it; False: nowhere."""
        taken = {one.key for one in (*self.walk, *self.nowhere)}
        best: tuple[float, Call, _Entry | None] | None = None
        for out in (*self.walk, *self.nowhere):
            kept_walk, kept_nowhere = self.walk, self.nowhere
            loss = out.points - self._saved(out)
            self.walk = [one for one in kept_walk if one is not out]
            self.nowhere = [one for one in kept_nowhere if one is not out]
            entry = self._best_entry(taken)
            self.walk, self.nowhere = kept_walk, kept_nowhere
            gain = (entry.gain if entry else 0.0) - loss
            if len(self) > self.terms.fewest and -loss > gain:
                entry, gain = None, -loss
            elif entry is None:
                continue
            if best is None or gain > best[0]:
                best = gain, out, entry
        # What is smaller comes from adding up, and would go round in circles.
        if best is None or best[0] < 1e-6:
            return False
        _gain, out, entry = best
        self.walk = [one for one in self.walk if one is not out]
        self.nowhere = [one for one in self.nowhere if one is not out]
        if entry is not None:
            self._put(entry)
        self.fill()
        return True

    def in_order(self) -> list[Chosen]:
        places = [0, *(one.place or 0 for one in self.walk)]
        table = [[self.ways[a][b] for b in places] for a in places]
        order = shortest(table, seconds=SECONDS).order
        walked = [
            Chosen(self.walk[here - 1].key, round(table[before][here] * self.terms.detour))
            for before, here in pairwise(order)
        ]
        last = sorted(self.nowhere, key=lambda one: (-one.points, one.key))
        return [*walked, *(Chosen(one.key, None) for one in last)]

    def _put(self, entry: _Entry) -> None:
        if entry.at is None:
            self.nowhere.append(entry.call)
        else:
            self.walk.insert(entry.at, entry.call)

    def _best_entry(self, taken: set[int]) -> _Entry | None:
        """Of the calls not taken the one that gains most, with its place in the walk."""
        path = [0, *(one.place or 0 for one in self.walk)]
        rows = [self.ways[place] for place in path]
        hops = [rows[k][path[k + 1]] for k in range(len(path) - 1)]
        best: _Entry | None = None
        for call in self.calls:
            if best is not None and call.points <= best.gain:
                break  # in the order of their points: no further one can gain as much
            if call.key in taken:
                continue
            place = call.place
            if place is None:
                at, more = None, self.unknown_leg
            else:
                steps = [row[place] for row in rows]
                at, more = len(path) - 1, float(steps[-1])
                for k, hop in enumerate(hops):
                    detour = steps[k] + steps[k + 1] - hop
                    if detour < more:
                        at, more = k, float(detour)
            gain = call.points - self.cost * more
            if best is None or gain > best.gain:
                best = _Entry(gain, call, at)
        return best

    def _saved(self, out: Call) -> float:
        """What the way is shorter by, in points, without this call."""
        if out.place is None:
            return self.cost * self.unknown_leg
        places = [0, *(one.place or 0 for one in self.walk)]
        without = [place for place in places if place != out.place or place == 0]
        return self.cost * (length(self.ways, places) - length(self.ways, without))
