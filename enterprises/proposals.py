"""Proposing an officer for each enterprise without one; the same input, the same answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from liaison.core.coordinates import Point, distance_m

# An officer may be given this many more than an even share before distance stops counting.
SLACK = 1


@dataclass(frozen=True)
class Place:
    """An enterprise as far as proposing needs it."""

    pk: int
    point: Point | None


@dataclass(frozen=True)
class Proposal:
    """``metres`` to the nearest enterprise the officer has, None where that is not known;
    ``load`` is what the officer would have afterwards, ``share`` an even share of all."""

    enterprise: int
    officer: int
    metres: float | None
    load: int
    share: float


def propose(
    free: Iterable[Place], held: Mapping[int, Sequence[Place]], *, slack: int = SLACK
) -> list[Proposal]:
    """An officer for each free enterprise: the one who has something nearest, loads balanced.

    ``held`` maps officers to what each has now. Nobody is given more than an even share plus
    ``slack``; an enterprise without a point goes to whoever has least. Ties go to the smaller
    load, then the smaller id. No officers, no proposals.
    """
    places = sorted(free, key=lambda place: place.pk)
    if not held or not places:
        return []
    loads = {officer: len(have) for officer, have in sorted(held.items())}
    points = {
        officer: [one.point for one in have if one.point is not None]
        for officer, have in held.items()
    }
    share = (sum(loads.values()) + len(places)) / len(loads)
    proposals = []
    for place in places:
        # Someone is always at or below the even share, so there is always a candidate.
        within = [officer for officer in loads if loads[officer] < share + slack]
        metres = {officer: _nearest(place.point, points[officer]) for officer in within}
        known = {officer: near for officer, near in metres.items() if near is not None}
        if known:
            officer = min(known, key=lambda one: (known[one], loads[one], one))
        else:
            officer = min(within, key=lambda one: (loads[one], one))
        loads[officer] += 1
        if place.point is not None:
            points[officer].append(place.point)
        proposals.append(
            Proposal(place.pk, officer, known.get(officer), loads[officer], round(share, 1))
        )
    return proposals


def _nearest(point: Point | None, others: Sequence[Point]) -> float | None:
    if point is None or not others:
        return None
    return min(distance_m(point, other) for other in others)
