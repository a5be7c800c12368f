"""Why each place stands where it does, read off a division, whoever made it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from patrols.grouping.problem import NOWHERE, Because, Problem, Standing


@dataclass(frozen=True)
class Ground:
    """Metres in a straight line and barriers crossed, both by the order of ``keys``."""

    keys: Sequence[int]
    metres: Sequence[Sequence[int]]
    crossed: Sequence[Sequence[int]]

    def index(self) -> dict[int, int]:
        return {key: n for n, key in enumerate(self.keys)}


def centres_of(team_of: Mapping[int, int], ground: Ground, detour: int) -> dict[int, int]:
    """The member of each team from which the others are least far; the lowest key of several."""
    at = ground.index()
    members: dict[int, list[int]] = {}
    for key, team in sorted(team_of.items()):
        if team != NOWHERE and key in at:
            members.setdefault(team, []).append(key)

    def sum_from(key: int, others: list[int]) -> int:
        row, barriers = ground.metres[at[key]], ground.crossed[at[key]]
        return sum(row[at[one]] + detour * barriers[at[one]] for one in others)

    return {
        team: min(keys, key=lambda key, keys=keys: (sum_from(key, keys), key))  # type: ignore[misc]
        for team, keys in sorted(members.items())
    }


def explain(
    team_of: Mapping[int, int], centres: Mapping[int, int], problem: Problem, ground: Ground
) -> dict[int, Standing]:
    """A standing for every place that has a position."""
    at = ground.index()
    sizes: dict[int, int] = {}
    for team in team_of.values():
        sizes[team] = sizes.get(team, 0) + 1
    partners: dict[str, dict[int, list[int]]] = {"together": {}, "apart": {}}
    for kind, pairs in (("together", problem.together), ("apart", problem.apart)):
        for one, other in pairs:
            partners[kind].setdefault(one, []).append(other)
            partners[kind].setdefault(other, []).append(one)

    def standing(key: int) -> Standing:
        team = team_of.get(key, NOWHERE)
        here = at[key]

        def straight(number: int) -> int:
            return ground.metres[here][at[centres[number]]]

        def far(number: int) -> int:
            between = ground.crossed[here][at[centres[number]]]
            return straight(number) + problem.rules.detour * between

        others = sorted((number for number in centres if number != team), key=far)
        other = others[0] if others else 0
        nearest = min(others, key=straight) if others else 0
        other_metres = straight(other) if other else 0
        if team == NOWHERE:
            because = Because.OUT if key in problem.out else Because.NO_ROOM
            return Standing(NOWHERE, because, 0, other, other_metres)
        own = straight(team)

        def told(because: Because, partner: int = 0, number: int = other) -> Standing:
            metres = straight(number) if number else 0
            return Standing(team, because, own, number, metres, partner)

        if problem.fixed.get(key) == team:
            return told(Because.FIXED)
        if with_whom := next(
            (one for one in partners["together"].get(key, ()) if team_of.get(one) == team), 0
        ):
            return told(Because.TOGETHER, with_whom)
        if centres[team] == key:
            return told(Because.CENTRE)
        if not other or far(team) <= far(other):
            if nearest and straight(nearest) < own:
                return told(Because.BARRIER, number=nearest)
            return told(Because.NEAREST)
        if from_whom := next(
            (one for one in partners["apart"].get(key, ()) if team_of.get(one) == other), 0
        ):
            return told(Because.APART, from_whom)
        if sizes[other] >= problem.rules.largest:
            return told(Because.FULL)
        if sizes[team] <= problem.rules.smallest:
            return told(Because.SMALL)
        return told(Because.OVERALL)

    return {key: standing(key) for key in sorted(problem.places)}
