"""Published capacitated p-median instances: reading them, and reckoning what an answer costs."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from math import dist
from pathlib import Path

import numpy as np

from patrols.grouping.instance import Floats, Instance

BEST_KNOWN = "best_known.csv"
PROBLEM = "capacitated p-median"


@dataclass(frozen=True)
class Published:
    """``best`` is the cost of the best division that anybody has published."""

    name: str
    instance: Instance
    best: float


def read_all(folder: Path) -> list[Published]:
    """Every instance below the folder of which ``best_known.csv`` in it knows the best.

    Raises ``FileNotFoundError`` when there is no such file, or none of what it names.
    """
    with (folder / BEST_KNOWN).open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["problem"] == PROBLEM]
    best = {row["instance"]: float(row["value"]) for row in rows}
    files = sorted(one for one in folder.glob("*/*") if one.stem in best)
    if not files:
        raise FileNotFoundError(f"no instance that {BEST_KNOWN} names lies below {folder}")
    return [Published(one.stem, _read(one), best[one.stem]) for one in files]


def cost_of(instance: Instance, team_of: Sequence[int]) -> float | None:
    """The sum of ways to the best placed member of each team; None where a team is empty, over its
    capacity, or somebody is in none. Counted from the instance, not from what a search says."""
    if min(team_of) < 0:
        return None
    total = 0.0
    for team in range(instance.teams):
        members = [item for item, one in enumerate(team_of) if one == team]
        if not members or sum(instance.weights[item] for item in members) > instance.largest:
            return None
        total += float(instance.away[np.ix_(members, members)].sum(axis=0).min())
    return total


def _read(file: Path) -> Instance:
    """SJC: n p, then x y capacity demand a row; the distances as they are. pmedcap1: number and
    best, then n p capacity, then number x y demand a row; the distances cut to whole ones."""
    numbers = [int(one) for one in file.read_text().split()]
    if file.suffix == ".dat":
        (n, teams), rows = numbers[:2], _fours(numbers[2:])
        rows = rows[:n]
        xy, capacity = [row[:2] for row in rows], rows[0][2]
        away = _distances(xy)
    else:
        n, teams, capacity = numbers[2:5]
        rows = _fours(numbers[5:])[:n]
        xy = [row[1:3] for row in rows]
        away = np.floor(_distances(xy))
    return Instance(away, [[i] for i in range(n)], [row[3] for row in rows], teams, 1, capacity)


def _fours(numbers: Sequence[int]) -> list[Sequence[int]]:
    return [numbers[at : at + 4] for at in range(0, len(numbers), 4)]


def _distances(xy: Sequence[Sequence[int]]) -> Floats:
    return np.array([[dist(a, b) for b in xy] for a in xy], dtype=np.float64)
