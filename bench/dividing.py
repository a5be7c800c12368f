"""Other ways to divide neighbours into teams of a size: what ours is compared with.

Both are given what ours is given, whole metres between places, and are judged by what ours is
judged by: as many as there is room for are in a team, and from all of these the way to the member
of their team that has the least sum of them. Teams are lists of places.
"""

from collections.abc import Sequence
from random import Random

from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from ortools.sat.python import cp_model

from liaison.core.coordinates import Point
from liaison.core.distances import Rows, from_point

Teams = list[list[int]]
# Turns after which k-means has long stopped moving.
TURNS = 60
WORKERS = 2
# Four times as many as the largest team has.
NEAR = 40


def metres_of(ways: Rows, teams: Teams) -> int:
    return sum(min(sum(ways[one][seat] for one in team) for seat in team) for team in teams)


def constrained_k_means(
    points: Sequence[Point], teams: int, smallest: int, largest: int, chance: Random
) -> Teams:
    """One run: means begun far from each other, everybody to the nearest that has room (a flow of
    least cost, squared distances), means into the middle, until nothing changes."""
    means = _begun(points, teams, chance)
    found: Teams = []
    for _turn in range(TURNS):
        costs = [[one * one for one in from_point(mean, points)] for mean in means]
        before, found = found, _assigned(costs, smallest, largest)
        if found == before:
            break
        means = [_middle([points[one] for one in team]) for team in found]
    return found


def cp_sat(ways: Rows, teams: int, smallest: int, largest: int, seconds: float) -> Teams:
    """What CP-SAT finds in so many seconds, with who is whose centre as its choices; none of it
    where it finds nothing. It is begun without a hint, and a centre has its nearest to choose from
    only: with all of them a minute takes it less far."""
    n = len(ways)
    model = cp_model.CpModel()
    near = [_nearest(ways[j], j) for j in range(n)]
    # Who is with themselves is a centre.
    inside = {(i, j): model.new_bool_var(f"{i} with {j}") for j in range(n) for i in near[j]}
    of: list[list[cp_model.IntVar]] = [[] for _ in range(n)]
    for (i, j), chosen in inside.items():
        of[i].append(chosen)
        model.add_implication(chosen, inside[j, j])
    covered = min(n, teams * largest)
    for j in range(n):
        model.add_at_most_one(of[j])
        size, seat = sum(inside[i, j] for i in near[j]), inside[j, j]
        if covered == teams * largest:
            # Every team is full then: one rule in place of two, with which it is quicker.
            model.add(size == largest * seat)
        else:
            model.add(size >= smallest * seat)
            model.add(size <= largest * seat)
    model.add(sum(inside[j, j] for j in range(n)) == teams)
    if covered < teams * largest:
        model.add(sum(inside.values()) == covered)
    model.minimize(sum(ways[i][j] * chosen for (i, j), chosen in inside.items()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = WORKERS
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return []
    seats = [j for j in range(n) if solver.value(inside[j, j])]
    return [[i for i in near[j] if solver.value(inside[i, j])] for j in seats]


def _nearest(row: Sequence[int], own: int) -> list[int]:
    """The nearest by a row of distances, the place itself first."""
    return sorted(range(len(row)), key=lambda other: (other != own, row[other]))[:NEAR]


def _begun(points: Sequence[Point], teams: int, chance: Random) -> list[Point]:
    """k-means++: each next one likelier the farther it is from those that there are."""
    means = [chance.choice(points)]
    near = [one * one for one in from_point(means[0], points)]
    while len(means) < teams:
        means.append(chance.choices(points, [one + 1 for one in near])[0])
        new = from_point(means[-1], points)
        near = [min(a, b * b) for a, b in zip(near, new, strict=True)]
    return means


def _middle(points: Sequence[Point]) -> Point:
    n = len(points)
    return Point(sum(one.lon for one in points) / n, sum(one.lat for one in points) / n)


def _assigned(costs: Sequence[Sequence[int]], smallest: int, largest: int) -> Teams:
    """``costs`` by mean and place. Each place sends one to a mean or to none; each mean passes
    ``smallest`` on for nothing that has to be used, and up to ``largest`` in all."""
    n = len(costs[0])
    flow = SimpleMinCostFlow()
    room = min(n, len(costs) * largest)
    nowhere, spare, sink = n + len(costs), n + len(costs) + 1, n + len(costs) + 2
    arcs = {}
    for team, row in enumerate(costs):
        for place, cost in enumerate(row):
            arcs[flow.add_arc_with_capacity_and_unit_cost(place, n + team, 1, cost)] = (place, team)
        # The smallest size is demanded by the mean itself.
        flow.set_node_supply(n + team, -smallest)
        flow.add_arc_with_capacity_and_unit_cost(n + team, spare, largest - smallest, 0)
    for place in range(n):
        flow.set_node_supply(place, 1)
        flow.add_arc_with_capacity_and_unit_cost(place, nowhere, 1, 0)
    flow.add_arc_with_capacity_and_unit_cost(spare, sink, room, 0)
    flow.set_node_supply(nowhere, -(n - room))
    flow.set_node_supply(sink, -(room - smallest * len(costs)))
    if flow.solve() != flow.OPTIMAL:
        raise ValueError("these sizes have no division")
    teams: Teams = [[] for _ in costs]
    for arc, (place, team) in arcs.items():
        if flow.flow(arc):
            teams[team].append(place)
    return teams
