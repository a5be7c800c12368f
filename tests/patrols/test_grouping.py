"""Divisions: sizes and pins are kept whatever the places are, and the same comes out again."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liaison.core.coordinates import Point
from patrols.grouping.apartness import crossings
from patrols.grouping.numbering import number_teams
from patrols.grouping.problem import Because, Impossible, Problem, Rules, Why
from patrols.grouping.solving import divide
from patrols.grouping.writing import division_as_text, division_of, problem_as_text, problem_of

POINTS = st.builds(
    Point,
    lon=st.integers(0, 4000).map(lambda n: 120.5 + n / 100_000),
    lat=st.integers(0, 4000).map(lambda n: 36.8 + n / 100_000),
)


@st.composite
def problems(draw):
    """Teams of three to five; pins between places that do not contradict each other."""
    teams = draw(st.integers(1, 4))
    n = draw(st.integers(teams * 3 + 3, teams * 5 + 6))
    places = dict(enumerate(draw(st.lists(POINTS, min_size=n, max_size=n)), 1))
    keys = draw(st.permutations(sorted(places)))
    return Problem(
        places,
        teams,
        Rules(3, 5),
        together=draw(st.sampled_from([(), ((keys[0], keys[1]),)])),
        apart=draw(st.sampled_from([(), ((keys[2], keys[3]),)])) if teams > 1 else (),
        fixed=draw(st.sampled_from([{}, {keys[4]: teams}])),
        out=draw(st.sampled_from([frozenset(), frozenset({keys[5]})])),
        seed=draw(st.integers(0, 5)),
        rounds=12,
        within=60,
    )


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problems())
def test_sizes_and_pins_are_kept_and_nobody_is_left_out_for_whom_there_is_room(problem):
    division = divide(problem)
    team_of = {key: one.team for key, one in division.standings.items()}
    assert set(team_of) == set(problem.places)
    sizes = [sum(one == team for one in team_of.values()) for team in range(1, problem.teams + 1)]
    assert all(3 <= size <= 5 for size in sizes)
    assert all(team_of[a] == team_of[b] for a, b in problem.together)
    assert all(not team_of[a] or team_of[a] != team_of[b] for a, b in problem.apart)
    assert all(team_of[key] == team for key, team in problem.fixed.items())
    assert all(team_of[key] == 0 for key in problem.out)
    # A pair that stays together may find no room for two.
    room = min(problem.teams * 5, len(problem.places) - len(problem.out))
    assert room - sum(sizes) <= (1 if problem.together else 0)
    assert divide(problem_of_text(problem)).standings == division.standings
    assert division_of(division_as_text(division)) == division


def problem_of_text(problem):
    return problem_of(json.loads(problem_as_text(problem)))


def square(west, south, n=4):
    return [Point(west + i / 10_000, south) for i in range(n)]


def test_a_river_keeps_neighbours_on_its_two_sides_apart():
    # Two rows of four, closer across the river than along it.
    places = dict(enumerate(square(120.5, 36.8000) + square(120.5, 36.8001), 1))
    river = (Point(120.4, 36.80005), Point(120.6, 36.80005))
    division = divide(Problem(places, 2, Rules(4, 4), barriers=(river,), rounds=30, within=60))
    sides = [
        {division.standings[key].team for key in keys} for keys in ((1, 2, 3, 4), (5, 6, 7, 8))
    ]
    assert [len(side) for side in sides] == [1, 1]
    assert division.crossings == 0


def test_a_barrier_crossed_there_and_back_is_not_between():
    bend = [Point(0, -1), Point(1, 1), Point(2, -1)]
    assert crossings([Point(0, 0), Point(2, 0), Point(1, 0)], [bend]) == [
        [0, 0, 1],
        [0, 0, 1],
        [1, 1, 0],
    ]


def test_every_place_has_a_reason_that_is_true():
    places = dict(enumerate([Point(120.5 + n / 1000, 36.8) for n in range(12)], 1))
    told = divide(Problem(places, 2, Rules(3, 5), fixed={1: 2}, rounds=40, within=60)).standings
    assert told[1].because == Because.FIXED
    assert told[1].team == 2
    assert sum(one.because == Because.NO_ROOM for one in told.values()) == 2
    for one in told.values():
        if one.because == Because.NEAREST:
            assert one.metres <= one.other_metres
        if one.because in (Because.FULL, Because.SMALL, Because.OVERALL):
            assert one.other_metres < one.metres


@pytest.mark.parametrize(
    ("pins", "why"),
    [
        ({"together": ((1, 2), (2, 3)), "apart": ((1, 3),)}, Why.TOGETHER_AND_APART),
        ({"together": ((1, 2),), "fixed": {1: 1, 2: 2}}, Why.TWO_TEAMS),
        ({"together": ((1, 2),), "fixed": {1: 1}, "out": frozenset({2})}, Why.TEAM_AND_OUT),
        ({"apart": ((1, 2),), "fixed": {1: 1, 2: 1}}, Why.APART_IN_ONE_TEAM),
        ({"fixed": {1: 3}}, Why.NO_SUCH_TEAM),
        ({"fixed": {1: 1, 2: 1, 3: 1, 4: 1}}, Why.TEAM_TOO_BIG),
        ({"together": ((1, 2), (2, 3), (3, 4))}, Why.GROUP_TOO_BIG),
        ({"out": frozenset({1, 2, 3})}, Why.TOO_FEW),
        ({"apart": ((1, 2), (1, 3), (2, 3)), "fixed": {1: 1, 2: 2}, "together": ((3, 4), (5, 6))},
         Why.NOTHING_FITS),
    ],
)  # fmt: skip
def test_what_contradicts_itself_is_said(pins, why):
    places = dict(enumerate([Point(120.5 + n / 1000, 36.8) for n in range(6)], 1))
    with pytest.raises(Impossible) as found:
        divide(Problem(places, 2, Rules(3, 3), rounds=20, within=60, **pins))
    assert found.value.why == why


def test_a_team_that_mostly_stays_keeps_its_number():
    groups = [[1, 2, 3], [4, 5, 6], [7, 8, 9]]
    now = {1: 3, 2: 3, 3: 1, 4: 1, 5: 1, 9: 9}
    assert number_teams(groups, now, {}) == [3, 1, 2]
    assert number_teams(groups, now, {2: 3}) == [2, 1, 3]
