"""Making an arrangement better by the best single step, until none helps."""

from typing import NamedTuple

import numpy as np

from patrols.grouping.arrangement import TINY, Arrangement
from patrols.grouping.instance import Floats, Ints

# A centre that has left its team may be drawn back and leave again: turns at most.
TURNS = 30


class Step(NamedTuple):
    """An item goes to another team, whose ``other`` comes in its place (-1: nobody does).
    ``change`` is what all cost more then; what is worth doing is below nought."""

    change: float
    item: int
    other: int
    target: int


def settle(here: Arrangement) -> float:
    """Move, swap and put centres into the middle until nothing helps. The value then."""
    for _turn in range(TURNS):
        _improve(here)
        if not _centre(here):
            break
    return here.value()


def _improve(here: Arrangement) -> None:
    """Team by team that has changed: its best move or swap, until none helps."""
    enough = -TINY * here.most
    while here.dirty.any():
        team = int(here.dirty.argmax())
        step = _best_of(here, team)
        if step.change >= enough:
            here.dirty[team] = False
            continue
        source = int(here.team_of[step.item])
        here.put(step.item, step.target)
        if step.other >= 0:
            here.put(step.other, source)


def _best_of(here: Arrangement, team: int) -> Step:
    """What gains most among moves out of and into the team and swaps with it."""
    own = here.table[here.every, here.team_of]
    steps = [_into(here, team, own)]
    rows = np.flatnonzero(here.team_of == team)
    if len(rows):
        steps += [_out_of(here, team, own, rows), _swap(here, team, own, rows)]
    return min(steps, key=lambda step: step.change)


def _into(here: Arrangement, team: int, own: Floats) -> Step:
    team_of, w = here.team_of, here.weights
    loads = here.loads[team_of]
    change = here.table[:, team] - own
    change += here.over(here.loads[team] + w, team) - here.over(here.loads[team], team)
    change += here.over(loads - w, team_of) - here.over(loads, team_of)
    change[team_of == team] = 0.0
    item = int(change.argmin())
    return Step(float(change[item]), item, -1, team)


def _out_of(here: Arrangement, team: int, own: Floats, rows: Ints) -> Step:
    """``rows`` are the team's items."""
    wide = here.weights[rows]
    change = here.table[rows] - own[rows, None]
    left = here.over(here.loads[team] - wide, team) - here.over(here.loads[team], team)
    change += left[:, None]
    change += here.over(here.loads[None, :] + wide[:, None], slice(None))
    change -= here.over(here.loads, slice(None))
    change[:, team] = 0.0
    row, target = divmod(int(change.argmin()), here.p + 1)
    return Step(float(change[row, target]), int(rows[row]), -1, target)


def _swap(here: Arrangement, team: int, own: Floats, rows: Ints) -> Step:
    """One of the team's ``rows`` with one of another."""
    team_of, w = here.team_of, here.weights
    change = here.table[rows][:, team_of] + (here.table[:, team] - own)[None, :]
    change -= own[rows, None]
    if here.uneven:
        over = here.over(here.loads, slice(None))
        shift = w[None, :] - w[rows][:, None]
        change += here.over(here.loads[team] + shift, team)
        change += here.over(here.loads[team_of][None, :] - shift, team_of)
        change -= over[team] + over[team_of][None, :]
    if here.apart:
        # Each would meet the other, who leaves; in no team nobody meets anybody.
        met = (team_of < here.p).astype(np.float64) + float(team < here.p)
        change -= here.conflicts[rows] * met
    change[:, rows] = 0.0
    row, other = divmod(int(change.argmin()), here.n)
    return Step(float(change[row, other]), int(rows[row]), other, int(team_of[other]))


def _centre(here: Arrangement) -> bool:
    """Every centre to the member that has the least sum of distances; whether one moved."""
    moved = False
    place_team = here.team_of[here.owner]
    for team in np.flatnonzero(here.stirred[: here.p]):
        places = np.flatnonzero(place_team == team)
        here.stirred[team] = False
        if not len(places):
            continue
        sums = here.what.away[np.ix_(places, places)].sum(axis=0)
        best = int(sums.argmin())
        seat = int(places[best])
        now = int(here.centres[team])
        if seat != now and (
            place_team[now] != team or sums[best] < sums[int(np.searchsorted(places, now))] - TINY
        ):
            here.seat(int(team), seat)
            moved = True
    return moved
