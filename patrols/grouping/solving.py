"""Making a division. ``python -m patrols.grouping.solving`` reads a problem as JSON from standard
input and writes what was found, or why nothing can be, to standard output."""

import json
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

import numpy as np

from liaison.core.distances import great_circle
from patrols.grouping.apartness import crossings
from patrols.grouping.explaining import Ground, centres_of, explain
from patrols.grouping.instance import Found, Instance
from patrols.grouping.numbering import number_teams
from patrols.grouping.problem import NOWHERE, Division, Impossible, Problem, Why
from patrols.grouping.search import Search
from patrols.grouping.settled import Settled, settle
from patrols.grouping.writing import division_as_text, failure_as_text, problem_of

# One alone ends in a good division, several seldom in any but the best.
SEARCHES = 4


def divide(problem: Problem, *, processes: int = 1) -> Division:
    """The shortest division that several searches found. Raises :class:`Impossible`."""
    began = time.monotonic()
    settled = settle(problem)
    keys = sorted(problem.places)
    points = [problem.places[key] for key in keys]
    ground = Ground(keys, great_circle(points), crossings(points, problem.barriers))
    instance = _instance(problem, settled, ground)
    until = began + problem.within
    first = SEARCHES * problem.seed
    seeds = range(first, first + SEARCHES)
    best = search(instance, seeds, problem.rounds, until, processes)
    if best.broken:
        raise Impossible(Why.NOTHING_FITS)
    team_of = _numbered(problem, settled, best)
    centres = centres_of(team_of, ground, problem.rules.detour)
    at = ground.index()
    pairs = [(at[key], at[centres[team]]) for key, team in team_of.items() if team != NOWHERE]
    return Division(
        standings=explain(team_of, centres, problem, ground),
        centres=centres,
        metres=sum(ground.metres[a][b] for a, b in pairs),
        crossings=sum(ground.crossed[a][b] for a, b in pairs),
        rounds=best.rounds,
        seconds=round(time.monotonic() - began, 2),
    )


def search(
    instance: Instance, seeds: Sequence[int], rounds: int, until: float, processes: int
) -> Found:
    """The best of a search from each seed, as many at a time as there are ``processes``.

    ``until`` is of ``time.monotonic``, which all processes of a machine share.
    """
    if processes > 1:
        with ProcessPoolExecutor(processes) as pool:
            tries = [pool.submit(_search, instance, seed, rounds, until) for seed in seeds]
            found = [one.result() for one in tries]
    else:
        share = (until - time.monotonic()) / len(seeds)
        found = [_search(instance, seed, rounds, time.monotonic() + share) for seed in seeds]
    # Few uncovered come before short ways; of equals the first.
    return min(found, key=lambda one: (one.broken, one.uncovered, one.cost))


def _search(instance: Instance, seed: int, rounds: int, until: float) -> Found:
    return Search(instance, seed).run(rounds, until)


def _instance(problem: Problem, settled: Settled, ground: Ground) -> Instance:
    at = ground.index()
    metres = np.array([list(row) for row in ground.metres], dtype=np.float64)
    return Instance(
        away=metres + problem.rules.detour * np.array(ground.crossed, dtype=np.float64),
        items=[[at[key] for key in item] for item in settled.items],
        weights=[len(item) for item in settled.items],
        teams=problem.teams,
        smallest=problem.rules.smallest,
        largest=problem.rules.largest,
        may_be_out=True,
        apart=settled.apart,
        fixed={item: team - 1 for item, team in settled.fixed.items()},
    )


def _numbered(problem: Problem, settled: Settled, found: Found) -> dict[int, int]:
    groups: list[list[int]] = [[] for _ in range(problem.teams)]
    for item, team in zip(settled.items, found.team_of, strict=True):
        if team >= 0:
            groups[team] += item
    given = {team - 1: team for team in settled.fixed.values() if team != NOWHERE}
    numbers = number_teams(groups, problem.now, given)
    team_of = dict.fromkeys(problem.places, NOWHERE)
    for number, group in zip(numbers, groups, strict=True):
        team_of |= dict.fromkeys(group, number)
    return team_of


def main() -> None:
    try:
        told = division_as_text(divide(problem_of(json.load(sys.stdin)), processes=2))
    except Impossible as impossible:
        told = failure_as_text(impossible)
    sys.stdout.write(told)


if __name__ == "__main__":
    main()
