"""How short the ways are that patrol teams are divided by.

The objective is the code's own (``patrols.grouping.search``): the sum of straight ways from every
place to the centre of its team, which is the member that has the least sum of them; a capacitated
p-median. First on published instances, each in ten seconds on two cores: at most 2 % above the best
that anybody has published. ``--instances``, or LIAISON_INSTANCES in the environment, names the
folder they lie in, with best_known.csv; where there is none they are left out, and that is said.

Then on the demo's 160 enterprises: eleven teams of seven to ten, as the application asks for them
from its own process, beside the best of many runs of constrained k-means and beside CP-SAT with
``--solver`` seconds. All three leave out as few as must be and choose whom themselves.
"""

import argparse
import random
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from bench.clusterings import cost_of, read_all
from bench.dividing import Teams, constrained_k_means, cp_sat, metres_of
from enterprises.models import Enterprise
from liaison.core.coordinates import Point
from liaison.core.distances import great_circle
from liaison.demo.station import build
from patrols.grouping.problem import Problem, Rules
from patrols.grouping.running import run
from patrols.grouping.solving import search

SECONDS, PROCESSES = 10.0, 2
# More seeds and rounds than ten seconds are enough for: time ends them.
SEEDS, ROUNDS = 12, 1000
MOST_PERCENT = 2.0
TEAMS, SMALLEST, LARGEST = 11, 7, 10
RESTARTS = 100


@dataclass
class Solved:
    """One published instance; ``ours`` is None where what came out does not fit."""

    name: str
    places: int
    teams: int
    best: float
    ours: float | None
    seconds: float

    @property
    def percent(self) -> float | None:
        return None if self.ours is None else round(100 * (self.ours / self.best - 1), 2)


@dataclass
class Divided:
    """The demo station by one way of dividing it."""

    what: str
    metres: int
    covered: int
    sizes: list[int]
    seconds: float


@dataclass
class Grouping:
    """``missing`` says why there are no published instances."""

    solved: list[Solved]
    missing: str
    divided: list[Divided]


def measure(flags: argparse.Namespace) -> Grouping:
    solved, missing = [], ""
    if not flags.instances:
        missing = "no folder is named by --instances or LIAISON_INSTANCES"
    else:
        try:
            solved = _published(Path(flags.instances))
        except OSError as error:
            missing = str(error)
    return Grouping(solved, missing, _station(_demo(), flags.solver))


def report(result: Grouping) -> str:
    lines = [
        f"Published instances, {SECONDS:g} s each in {PROCESSES} processes; at most "
        f"{MOST_PERCENT:g} % above the best known",
        f"{'instance':<14} {'places':>6} {'teams':>5} {'best known':>11} {'ours':>11} {'above':>8}"
        f" {'seconds':>7}",
    ]
    for one in result.solved:
        ours = "none fits" if one.ours is None else f"{one.ours:.2f}"
        above = "" if one.percent is None else f"{one.percent:.2f} %"
        lines.append(
            f"{one.name:<14} {one.places:>6} {one.teams:>5} {one.best:>11.2f} {ours:>11} "
            f"{above:>8} {one.seconds:>7.1f}"
        )
    if result.missing:
        lines.append(f"left out: {result.missing}")
    lines += [
        "",
        f"{TEAMS} teams of {SMALLEST} to {LARGEST} from the demo's enterprises; ways to the centres"
        " of the teams",
        f"{'':<34} {'metres':>7} {'covered':>7} {'seconds':>7}  sizes",
    ]
    lines += [
        f"{one.what:<34} {one.metres:>7} {one.covered:>7} {one.seconds:>7.1f}  "
        f"{' '.join(map(str, one.sizes))}"
        for one in result.divided
    ]
    return "\n".join(lines)


def failures(result: Grouping) -> list[str]:
    found = []
    for one in result.solved:
        if one.percent is None:
            found.append(f"{one.name}: what came out does not fit")
        elif one.percent > MOST_PERCENT:
            found.append(f"{one.name}: {one.percent:.2f} % above, allowed are {MOST_PERCENT:g} %")
        if one.seconds > SECONDS + 1:
            found.append(f"{one.name}: {one.seconds:.1f} s, allowed are {SECONDS:g}")
    ours, *others = result.divided
    found += [
        f"{one.what}: teams of {one.sizes}"
        for one in result.divided
        if not all(SMALLEST <= size <= LARGEST for size in one.sizes)
    ]
    found += [
        f"ours is {ours.metres} m for {ours.covered}, {other.what} is {other.metres} m for "
        f"{other.covered}"
        for other in others
        if (ours.covered, -ours.metres) < (other.covered, -other.metres)
    ]
    return found


def _published(folder: Path) -> list[Solved]:
    solved = []
    for one in read_all(folder):
        print(f"  {one.name}", file=sys.stderr)
        began = time.monotonic()
        found = search(one.instance, range(SEEDS), ROUNDS, began + SECONDS, PROCESSES)
        taken = round(time.monotonic() - began, 1)
        ours = cost_of(one.instance, found.team_of)
        places, teams = len(one.instance.away), one.instance.teams
        solved.append(Solved(one.name, places, teams, one.best, ours, taken))
    return solved


def _demo() -> dict[int, Point]:
    """The places of the demo's enterprises, which are not kept."""
    print("  the demo station", file=sys.stderr)
    with transaction.atomic():
        station = build()
        live = Enterprise.objects.filter(unit=station.unit).live()
        places = {one.pk: one.point for one in live if one.point is not None}
        transaction.set_rollback(True)
    return places


def _station(places: dict[int, Point], seconds: float) -> list[Divided]:
    points = [places[key] for key in sorted(places)]
    ways = great_circle(points)
    place = {key: n for n, key in enumerate(sorted(places))}

    def divided(what: str, teams: Teams, began: float) -> Divided:
        taken = round(time.monotonic() - began, 1)
        sizes = sorted(len(team) for team in teams)
        return Divided(what, metres_of(ways, teams), sum(sizes), sizes, taken)

    print("  ours", file=sys.stderr)
    began = time.monotonic()
    division = run(Problem(places, TEAMS, Rules(SMALLEST, LARGEST)))
    teams: Teams = [[] for _ in range(TEAMS)]
    for key, standing in division.standings.items():
        if standing.team:
            teams[standing.team - 1].append(place[key])
    ours = divided("ours, with starting its process", teams, began)

    print("  constrained k-means", file=sys.stderr)
    began = time.monotonic()
    chance = random.Random(1)
    tries = [constrained_k_means(points, TEAMS, SMALLEST, LARGEST, chance) for _ in range(RESTARTS)]
    best = min(tries, key=lambda one: metres_of(ways, one))
    means = divided(f"constrained k-means, best of {RESTARTS}", best, began)

    print(f"  CP-SAT, {seconds:g} s", file=sys.stderr)
    began = time.monotonic()
    exact = cp_sat(ways, TEAMS, SMALLEST, LARGEST, seconds)
    return [ours, means, divided(f"CP-SAT, {seconds:g} s", exact, began)]
