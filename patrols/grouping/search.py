"""Capacitated clustering by local search: which item belongs to which team.

A division costs the distances of all places to the centre of their team, its member that has the
least sum of them (capacitated p-median). A start made by greed is improved by moving one item and
by swapping two until neither helps (``improving``); then a team's centre is thrown elsewhere and
the neighbourhood mended again (iterated local search with the acceptance of annealing). Too big and
too small teams and pairs that were to stay apart are not forbidden on the way but dear, so that the
search gets from one fitting division to another through some that do not fit.
"""

import time
from math import exp

import numpy as np

from patrols.grouping.arrangement import SIZE, TINY, Arrangement
from patrols.grouping.improving import settle
from patrols.grouping.instance import Found, Instance

# A throw mostly moves a centre to one of so many places around it, else a whole team anywhere.
NEIGHBOURS, NEARBY = 12, 0.8


class Search:
    """One search from one seed. The same instance, seed and rounds end alike, unless time is up."""

    def __init__(self, what: Instance, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.here = Arrangement(what)

    def run(self, rounds: int, until: float) -> Found:
        """The best of so many throws; ``until`` is of ``time.monotonic``."""
        here = self.here
        self._start()
        value = settle(here)
        best, kept = value, here.kept()
        now = kept
        stale = done = 0
        heat = 0.004 * here.plain()
        for done in range(1, rounds + 1):
            if time.monotonic() > until:
                break
            self._throw()
            new = settle(here)
            warmth = heat * (1 - done / rounds) + TINY
            if new <= value or self.rng.random() < exp(-min((new - value) / warmth, 50.0)):
                value, now = new, here.kept()
            else:
                here.restore(now)
            stale += 1
            if value < best - TINY:
                best, kept, stale = value, now, 0
            elif stale > max(60, rounds // 8):
                here.restore(kept)
                value, now, stale = best, kept, 0
        here.restore(kept)
        return here.told(done)

    def _start(self) -> None:
        """Centres far from each other, then everybody to the nearest with room, the heaviest and
        those with most to lose first."""
        here = self.here
        away, seats, items = here.what.away, here.seats, here.what.items
        fixed = {team: item for item, team in here.what.fixed.items() if team >= 0}
        centres = np.zeros(here.p, dtype=np.int64)
        first = fixed.get(0)
        centres[0] = items[first][0] if first is not None else self.rng.choice(seats)
        near = away[seats, centres[0]].copy()
        for team in range(1, here.p):
            if team in fixed:
                centres[team] = items[fixed[team]][0]
            else:
                odds = near**2 + TINY
                centres[team] = self.rng.choice(seats, p=odds / odds.sum())
            near = np.minimum(near, away[seats, centres[team]])
        costs = here.bars.copy()
        costs[:, : here.p] += here.cost[:, centres]
        ranked = np.sort(costs, axis=1)
        regret = ranked[:, min(1, here.p)] - ranked[:, 0]
        room = here.high.copy()
        team_of = np.zeros(here.n, dtype=np.int64)
        for item in np.lexsort((-regret, -here.weights)):
            price = costs[item] + SIZE * here.most * np.maximum(0, here.weights[item] - room)
            team_of[item] = int(price.argmin())
            room[team_of[item]] -= here.weights[item]
        here.restore((team_of, centres))
        here.dirty[:] = here.stirred[:] = True

    def _throw(self) -> None:
        """Something else: a centre to a neighbour, or a team taken up and begun elsewhere."""
        here = self.here
        nearby = self.rng.random() < NEARBY
        team = int(self.rng.integers(here.p))
        if nearby:
            near = np.argsort(here.what.away[:, here.centres[team]])[1 : NEIGHBOURS + 1]
            near = near[np.isin(near, here.seats)]
            if not len(near):
                return
            place = int(self.rng.choice(near))
        else:
            place = int(self.rng.choice(here.seats))
        new = int(here.owner[place])
        elsewhere = int(here.team_of[new]) != team
        if not nearby and elsewhere and here.p > 1:
            self._begin_elsewhere(team, place)
        else:
            here.seat(team, place)
        if here.team_of[new] != team:
            here.put(new, team)

    def _begin_elsewhere(self, team: int, place: int) -> None:
        """Its members go to whom they are nearest to, those around the new centre come."""
        here = self.here
        for item in np.flatnonzero(here.team_of == team):
            costs = here.table[item].copy()
            costs[team] = np.inf
            costs += here.over(here.loads + here.weights[item], slice(None))
            costs -= here.over(here.loads, slice(None))
            here.put(int(item), int(costs.argmin()))
        here.seat(team, place)
        for item in np.argsort(here.cost[:, place] + here.bars[:, team], kind="stable"):
            if here.loads[team] + here.weights[item] > here.what.largest:
                break
            if here.table[item, team] < here.table[item, here.team_of[item]]:
                here.put(int(item), team)
