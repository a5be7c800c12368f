"""What the solver says, counted again by hand."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings

from patrols.rostering.checking import measure, violations
from patrols.rostering.problem import (
    Crew,
    Person,
    Roster,
    Rules,
    Wished,
)
from patrols.rostering.solving import solve
from patrols.rostering.wire import (
    answer_as_json,
    answer_from_json,
    problem_as_json,
    problem_from_json,
)
from tests.patrols.rostering.brute import rosters, same
from tests.patrols.rostering.months import FIRST, members, month, nights, problems

solved = settings(max_examples=60, deadline=None)


@pytest.mark.parametrize("size", [7, 8, 9, 10])
def test_a_month_of_a_team_is_lawful_fair_and_proven(size):
    problem = month(*[2] * size)
    found = solve(problem)
    assert isinstance(found, Roster)
    assert violations(problem, found.crews) == []
    at = measure(problem, found.crews)
    assert at.spread <= 1
    assert at.special_spread <= 1
    assert found.proven
    assert found.gap == 0
    assert found.seconds < problem.within + 1


@solved
@given(problems())
def test_whatever_the_month_no_hard_rule_is_broken(problem):
    found = solve(problem)
    if isinstance(found, Roster):
        assert violations(problem, found.crews) == []
        assert set(found.crews) == set(problem.nights)
    else:
        assert found.reasons


@settings(max_examples=20, deadline=None)
@given(problems(most_members=3, most_nights=3))
def test_nothing_is_called_impossible_that_can_be_done(problem):
    problem = replace(
        problem, members=tuple(replace(one, guards=one.guards[:2]) for one in problem.members)
    )
    assert isinstance(solve(problem), Roster) == (next(rosters(problem), None) is not None)


@settings(max_examples=20, deadline=None)
@given(problems(most_members=3, most_nights=3))
def test_no_roster_shares_the_nights_out_more_evenly(problem):
    problem = replace(
        problem, members=tuple(replace(one, guards=one.guards[:2]) for one in problem.members)
    )
    found = solve(problem)
    if isinstance(found, Roster):
        every = list(rosters(problem))
        least = max(min(measure(problem, crews).spread for crews in every), 1)
        squares = min(
            _squares(problem, crews) for crews in every if measure(problem, crews).spread <= least
        )
        assert _squares(problem, found.crews) == squares


@settings(max_examples=20, deadline=None)
@given(problems(most_members=3, most_nights=3))
def test_nights_differ_by_more_than_one_only_where_every_lawful_roster_does(problem):
    problem = replace(
        problem, members=tuple(replace(one, guards=one.guards[:2]) for one in problem.members)
    )
    found = solve(problem)
    if isinstance(found, Roster) and (spread := measure(problem, found.crews).spread) > 1:
        assert all(measure(problem, crews).spread >= spread for crews in rosters(problem))


def test_one_more_goes_out_where_that_makes_the_nights_even():
    """The first enterprise has two guards and could do every night alone; the other could not."""
    problem = month(2, 1, count=2, rules=Rules(1, 2, 2, 0))
    assert measure(problem, solve(problem).crews).counts == {1: 2, 2: 1}


def _squares(problem, crews):
    return sum(count**2 for count in measure(problem, crews).counts.values())


def test_the_same_problem_has_the_same_answer():
    problem = month(1, 2, 3, 2, 1, 4, 2, seed=5)
    assert solve(problem).crews == solve(problem).crews


@given(problems())
@settings(max_examples=30, deadline=None)
def test_problems_and_answers_come_through_the_wire_unchanged(problem):
    assert problem_from_json(problem_as_json(problem)) == problem
    answer = solve(problem)
    assert answer_from_json(answer_as_json(answer)) == answer


# --- rules one by one -------------------------------------------------------------------------


def test_nobody_serves_in_the_night_on_which_the_certificate_ends():
    ends = FIRST + timedelta(days=3)
    team = members(1, 1, 1, 1, 1, 1)
    short = replace(team[0], guards=(Person(101, date(2020, 1, 1), ends),))
    problem = replace(month(1, count=10), members=(short, *team[1:]))
    found = solve(problem)
    served = [night for night, crew in found.crews.items() if 1 in crew.sends]
    assert served
    assert max(served) < ends


def test_whoever_was_out_on_the_last_night_of_the_month_before_rests():
    before = {FIRST - timedelta(days=1): Crew({1: (101,), 2: (201,)})}
    problem = month(1, 1, 1, 1, count=4, before=before)
    assert set(solve(problem).crews[FIRST].sends) == {3, 4}


def test_locked_nights_stay_as_they_are():
    kept = Crew({6: (601,), 7: (701,)})
    problem = month(*[2] * 7, locked={FIRST + timedelta(days=5): kept})
    found = solve(problem)
    assert same(found.crews[FIRST + timedelta(days=5)], kept)
    assert violations(problem, found.crews) == []


def test_wishes_are_kept_where_that_costs_nobody_a_fair_share():
    wishes = {(1, night): Wished.RATHER_NOT for night in nights(10)}
    wishes |= {(2, night): Wished.GLADLY for night in nights(5)}
    problem = month(*[2] * 8, wishes=wishes)
    at = measure(problem, solve(problem).crews)
    assert at.spread <= 1
    assert at.rather_not == 0
    assert at.gladly >= 2


def test_blocked_nights_may_cost_fairness_and_nothing_else_does():
    wishes = {(1, night): Wished.BLOCKED for night in nights(30)}
    problem = month(*[2] * 8, wishes=wishes)
    at = measure(problem, solve(problem).crews)
    assert at.counts[1] == 0
    rest = [count for key, count in at.counts.items() if key != 1]
    assert max(rest) - min(rest) <= 1


def test_whoever_served_more_before_has_the_shorter_share():
    team = members(*[2] * 7)
    team = (replace(team[0], served=9), *team[1:])
    problem = replace(month(2, count=30), members=team)
    at = measure(problem, solve(problem).crews)
    assert at.counts[1] == min(at.counts.values())


def test_guards_of_an_enterprise_take_turns():
    problem = month(3, 3, 3, 3)
    found = solve(problem)
    for member in problem.members:
        loads = [
            sum(guard.key in crew.sends.get(member.key, ()) for crew in found.crews.values())
            for guard in member.guards
        ]
        assert max(loads) - min(loads) <= 1
