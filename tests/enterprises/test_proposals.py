"""Proposing officers: balanced, near, explained, and the same answer every time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enterprises.proposals import SLACK, Place, propose
from liaison.core.coordinates import Point, distance_m

POINTS = st.one_of(
    st.none(),
    st.builds(Point, st.floats(120.3, 120.7), st.floats(36.7, 37.0)),
)


@st.composite
def stations(draw):
    """What is free, and what each officer has."""
    points = draw(st.lists(POINTS, max_size=30))
    places = [Place(pk, point) for pk, point in enumerate(points, 1)]
    officers = draw(st.lists(st.integers(100, 120), unique=True, max_size=6))
    held = {officer: [] for officer in officers}
    free = []
    for place in places:
        owner = draw(st.sampled_from([None, *officers]))
        (held[owner] if owner else free).append(place)
    return free, held


@given(stations(), st.randoms())
def test_everything_is_proposed_once_and_in_balance(station, chance):
    free, held = station
    proposals = propose(free, held)
    if not held:
        assert proposals == []
        return
    assert sorted(one.enterprise for one in proposals) == [place.pk for place in free]
    assert {one.officer for one in proposals} <= set(held)
    share = (sum(map(len, held.values())) + len(free)) / len(held)
    given_to = {one.officer for one in proposals}
    for officer in given_to:
        load = len(held[officer]) + sum(one.officer == officer for one in proposals)
        assert load < share + SLACK + 1
    shuffled = chance.sample(free, len(free))
    turned = dict(reversed(held.items()))
    assert propose(shuffled, turned) == proposals


@given(stations())
def test_the_reason_is_true(station):
    free, held = station
    points = {place.pk: place.point for place in free}
    near = {officer: [one.point for one in have if one.point] for officer, have in held.items()}
    loads = {officer: len(have) for officer, have in held.items()}
    for one in propose(free, held):
        loads[one.officer] += 1
        assert one.load == loads[one.officer]
        point = points[one.enterprise]
        if one.metres is None:
            assert point is None or not near[one.officer]
        else:
            nearest = min(distance_m(point, other) for other in near[one.officer])
            assert one.metres == pytest.approx(nearest)
        if point is not None:
            near[one.officer].append(point)


def test_the_nearer_officer_is_proposed():
    here, there = Point(120.50, 36.86), Point(120.60, 36.86)
    held = {1: [Place(1, here)], 2: [Place(2, there)]}
    [one] = propose([Place(3, Point(120.59, 36.86))], held)
    assert (one.officer, one.load, one.share) == (2, 2, 1.5)
    assert one.metres < 1000


def test_without_a_position_the_one_with_least_is_proposed():
    held = {1: [Place(1, None), Place(2, None)], 2: [Place(3, None)]}
    [one] = propose([Place(4, None)], held)
    assert (one.officer, one.metres) == (2, None)
