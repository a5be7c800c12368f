"""Items in teams, with the tables from which a search reads what each move would change."""

from typing import Any

import numpy as np

from patrols.grouping.instance import Found, Instance, Ints

# What one unit too much or too little costs, in largest distances; a pair that was to be apart; an
# item in a team that it must not be in. Being in no team costs less than a team too big, else
# teams would be overfilled.
OUT, SIZE, APART, PINNED = 3.0, 12.0, 60.0, 400.0
# Of two costs that differ by less neither is better.
TINY = 1e-7


class Arrangement:
    """``team_of`` each item, the last team being none, and the ``centres`` of the teams.

    ``table[i, t]`` is what item i costs in team t. ``dirty`` are teams for which a better move may
    be found, ``stirred`` those whose centre may no longer be in the middle.
    """

    def __init__(self, what: Instance) -> None:
        self.what = what
        self.n, self.p = len(what.items), what.teams
        self.most = max(float(what.away.max()), 1.0)
        self.weights = np.asarray(what.weights, dtype=np.int64)
        sizes = np.asarray([len(one) for one in what.items], dtype=np.float64)
        self.owner = np.zeros(len(what.away), dtype=np.int64)
        for item, places in enumerate(what.items):
            self.owner[list(places)] = item
        # What an item costs in the team whose centre is place j.
        self.cost = np.stack([what.away[list(places)].sum(axis=0) for places in what.items])
        self.bars = np.zeros((self.n, self.p + 1))
        self.bars[:, self.p] = OUT * self.most * sizes if what.may_be_out else PINNED * self.most
        for item, team in what.fixed.items():
            self.bars[item] = PINNED * self.most
            self.bars[item, team if team >= 0 else self.p] = 0.0
        self.conflicts = np.zeros((self.n, self.n))
        for one, other in what.apart:
            self.conflicts[one, other] = self.conflicts[other, one] = APART * self.most
        self.apart = bool(what.apart)
        self.every = np.arange(self.n)
        self.dear = SIZE * self.most
        self.uneven = bool((self.weights != self.weights[0]).any())
        self.low = np.full(self.p + 1, what.smallest, dtype=np.int64)
        self.high = np.full(self.p + 1, what.largest, dtype=np.int64)
        self.low[self.p], self.high[self.p] = 0, np.iinfo(np.int64).max // 4
        # Where a centre may lie: at no place that is out for good.
        self.seats = np.array(
            [n for n in range(len(what.away)) if what.fixed.get(int(self.owner[n])) != -1]
        )
        self.team_of = np.full(self.n, self.p, dtype=np.int64)
        self.centres = np.zeros(self.p, dtype=np.int64)

    def kept(self) -> tuple[Ints, Ints]:
        """What ``restore`` takes."""
        return self.team_of.copy(), self.centres.copy()

    def restore(self, kept: tuple[Ints, Ints]) -> None:
        self.team_of, self.centres = kept[0].copy(), kept[1].copy()
        self._count()

    def _count(self) -> None:
        self.loads = np.bincount(self.team_of, weights=self.weights, minlength=self.p + 1).astype(
            np.int64
        )
        # Costs by team, with pairs that are to be apart: one column a team, the last for none.
        self.table = self.bars.copy()
        self.table[:, : self.p] += self.cost[:, self.centres]
        if self.apart:
            for team in range(self.p):
                self.table[:, team] += self.conflicts[:, self.team_of == team].sum(axis=1)
        # What was kept was settled: nothing in it is to be looked at again.
        self.dirty = np.zeros(self.p + 1, dtype=bool)
        self.stirred = np.zeros(self.p + 1, dtype=bool)

    def over(self, loads: Any, teams: Any) -> Any:
        """What the sizes cost that these teams would have."""
        low, high = self.low[teams], self.high[teams]
        # Beyond either end at once it cannot be: the distance to the nearest size that fits.
        return self.dear * abs(loads - np.minimum(np.maximum(loads, low), high))

    def put(self, item: int, team: int) -> None:
        old = int(self.team_of[item])
        self.team_of[item] = team
        self.loads[old] -= self.weights[item]
        self.loads[team] += self.weights[item]
        if self.apart:
            if old < self.p:
                self.table[:, old] -= self.conflicts[:, item]
            if team < self.p:
                self.table[:, team] += self.conflicts[:, item]
        self.dirty[old] = self.dirty[team] = True
        self.stirred[old] = self.stirred[team] = True

    def seat(self, team: int, place: int) -> None:
        self.table[:, team] += self.cost[:, place] - self.cost[:, self.centres[team]]
        self.centres[team] = place
        self.dirty[team] = self.stirred[team] = True

    def plain(self) -> float:
        inside = np.flatnonzero(self.team_of < self.p)
        return float(self.cost[inside, self.centres[self.team_of[inside]]].sum())

    def value(self) -> float:
        pairs = 0.0
        if self.apart:
            same = (self.team_of[:, None] == self.team_of[None, :]) & (self.team_of < self.p)
            pairs = float(self.conflicts[same].sum()) / 2
        bars = float(self.bars[np.arange(self.n), self.team_of].sum())
        return self.plain() + pairs + bars + float(self.over(self.loads, slice(None)).sum())

    def told(self, rounds: int) -> Found:
        out = [int(item) for item in np.flatnonzero(self.team_of == self.p)]
        # Being out for want of room costs something, but breaks nothing.
        free = sum(len(self.what.items[one]) for one in out if one not in self.what.fixed)
        price = OUT * self.most * free if self.what.may_be_out else 0.0
        broken = self.value() - self.plain() - price
        empty = self.loads[: self.p] == 0
        return Found(
            team_of=[-1 if one == self.p else int(one) for one in self.team_of],
            centres=[-1 if none else int(c) for c, none in zip(self.centres, empty, strict=True)],
            cost=self.plain(),
            broken=0.0 if broken < 1e-3 * self.most else broken / self.most,
            uncovered=sum(len(self.what.items[one]) for one in out),
            rounds=rounds,
        )
