"""What pins mean together: places that move as one, who is fixed, and what contradicts itself."""

from collections import defaultdict
from dataclasses import dataclass

from patrols.grouping.problem import Impossible, Problem, Why


@dataclass(frozen=True)
class Settled:
    """``items`` are keys that stay together, ``fixed`` the team number of an item (0: none)."""

    items: list[tuple[int, ...]]
    fixed: dict[int, int]
    apart: list[tuple[int, int]]


def settle(problem: Problem) -> Settled:
    """Raises :class:`Impossible` for pins that contradict each other, whatever the places are.

    A pin that names a place which is not there is passed over.
    """
    items = _groups(problem)
    item_of = {key: n for n, item in enumerate(items) for key in item}
    fixed = {n: team for n, item in enumerate(items) if (team := _team(problem, item)) is not None}
    apart = []
    for one, other in sorted(problem.apart):
        if one not in item_of or other not in item_of:
            continue
        a, b = item_of[one], item_of[other]
        if a == b:
            raise Impossible(Why.TOGETHER_AND_APART, (one, other))
        if fixed.get(a, 0) and fixed.get(a) == fixed.get(b):
            raise Impossible(Why.APART_IN_ONE_TEAM, (one, other), fixed[a])
        apart.append((a, b))
    _must_fit(problem, items, fixed)
    return Settled(items, fixed, apart)


def _groups(problem: Problem) -> list[tuple[int, ...]]:
    leader = {key: key for key in problem.places}

    def first(key: int) -> int:
        while leader[key] != key:
            key = leader[key]
        return key

    for one, other in problem.together:
        if one in leader and other in leader:
            a, b = first(one), first(other)
            leader[max(a, b)] = min(a, b)
    groups: dict[int, list[int]] = defaultdict(list)
    for key in sorted(problem.places):
        groups[first(key)].append(key)
    return [tuple(groups[key]) for key in sorted(groups)]


def _team(problem: Problem, item: tuple[int, ...]) -> int | None:
    """Where the item is to be; None where nobody has said."""
    named = {key: problem.fixed[key] for key in item if key in problem.fixed}
    for key, team in named.items():
        if not 1 <= team <= problem.teams:
            raise Impossible(Why.NO_SUCH_TEAM, (key,), team)
    out = [key for key in item if key in problem.out]
    if named and out:
        raise Impossible(Why.TEAM_AND_OUT, (next(iter(named)), out[0]))
    if len(set(named.values())) > 1:
        raise Impossible(Why.TWO_TEAMS, tuple(named)[:2])
    if out:
        return 0
    return next(iter(named.values()), None)


def _must_fit(problem: Problem, items: list[tuple[int, ...]], fixed: dict[int, int]) -> None:
    rules = problem.rules
    available = sum(len(item) for n, item in enumerate(items) if fixed.get(n) != 0)
    if problem.teams < 1 or available < problem.teams * rules.smallest:
        raise Impossible(Why.TOO_FEW, team=problem.teams)
    taken: dict[int, list[int]] = defaultdict(list)
    for n, item in enumerate(items):
        team = fixed.get(n)
        if team != 0 and len(item) > rules.largest:
            raise Impossible(Why.GROUP_TOO_BIG, item)
        if team:
            taken[team] += item
            if len(taken[team]) > rules.largest:
                raise Impossible(Why.TEAM_TOO_BIG, tuple(taken[team]), team)
