"""What is counted again: each hard rule broken by hand, and the numbers of a roster added up."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from patrols.rostering.checking import measure, of_night, violations
from patrols.rostering.problem import Cause, Crew, Member, Person, Problem, Reason, Rules, Wished
from patrols.rostering.solving import solve
from tests.patrols.rostering.months import FIRST, members, month

NEXT, LAST = FIRST + timedelta(days=1), FIRST - timedelta(days=1)
# Three enterprises, two guards each; the first two nights without fault.
GOOD = {FIRST: Crew({1: (101,), 2: (201,)}), NEXT: Crew({1: (102,), 3: (301,)})}


def team(**more):
    return month(2, 2, 2, count=2, **more)


def ends(guard, until):
    """The team with a certificate that ends on that day."""
    return tuple(
        replace(
            one,
            guards=tuple(
                Person(each.key, each.since, until if each.key == guard else each.until)
                for each in one.guards
            ),
        )
        for one in members(2, 2, 2)
    )


def test_a_lawful_roster_breaks_nothing():
    assert violations(team(), GOOD) == []


@pytest.mark.parametrize(
    ("problem", "first", "broken"),
    [
        (team(), {1: (101,)}, [Reason(Cause.FEWEST, FIRST), Reason(Cause.PEOPLE, FIRST)]),
        (team(), {1: (101, 102)}, [Reason(Cause.FEWEST, FIRST)]),
        (
            team(rules=Rules(1, 2, 2, 1)),
            {1: (101,), 2: (201,), 3: (302,)},
            [Reason(Cause.MOST, FIRST)],
        ),
        (team(rules=Rules(2, 3, 3, 1)), {1: (101,), 2: (201,)}, [Reason(Cause.PEOPLE, FIRST)]),
        (
            team(wishes={(2, FIRST): Wished.BLOCKED}),
            {1: (101,), 2: (201,)},
            [Reason(Cause.BLOCKED, FIRST, member=2)],
        ),
        (
            team(away=frozenset({(201, FIRST)})),
            {1: (101,), 2: (201,)},
            [Reason(Cause.AWAY, FIRST, guard=201)],
        ),
        (
            replace(team(), members=ends(201, FIRST)),
            {1: (101,), 2: (201,)},
            [Reason(Cause.CERTIFICATE, FIRST, guard=201)],
        ),
        (team(), {1: (101,), 2: (999,)}, [Reason(Cause.CERTIFICATE, FIRST, guard=999)]),
        (team(), {1: (101,), 2: (302,)}, [Reason(Cause.CERTIFICATE, FIRST, guard=302)]),
        (
            team(before={LAST: Crew({2: (201,)})}),
            {1: (101,), 2: (201,)},
            [Reason(Cause.REST, FIRST, guard=201)],
        ),
        (
            team(locked={FIRST: Crew({1: (101,), 3: (302,)})}),
            {1: (101,), 2: (201,)},
            [Reason(Cause.LOCKED, FIRST)],
        ),
        (
            team(),
            {1: (101, 202), 2: ()},
            [
                Reason(Cause.PEOPLE, FIRST, member=2),
                Reason(Cause.CERTIFICATE, FIRST, guard=202),
            ],
        ),
    ],
)
def test_each_rule_is_noticed_and_named(problem, first, broken):
    night = {FIRST: Crew(first), NEXT: Crew({1: (102,), 3: (301,)})}
    found = [one for one in violations(problem, night) if one.night == FIRST]
    assert sorted(found, key=repr) == sorted(broken, key=repr)
    assert all(one in of_night(problem, night, FIRST) for one in broken)


def test_the_last_evening_before_the_certificate_ends_is_lawful():
    problem = replace(team(), members=ends(201, NEXT))
    assert violations(problem, GOOD) == []


def test_a_night_without_anybody_is_a_fault_and_none_that_is_not_asked_for():
    problem = replace(team(), nights=(FIRST,))
    assert violations(problem, {FIRST: GOOD[FIRST]}) == []
    assert {one.night for one in violations(team(), {FIRST: GOOD[FIRST]})} == {NEXT}


def test_rest_of_two_nights_reaches_two_nights_on():
    problem = month(2, 2, 2, count=3, rules=Rules(2, 3, 2, 2))
    third = FIRST + timedelta(days=2)
    crews = GOOD | {third: Crew({2: (201,), 3: (302,)})}
    assert violations(problem, crews) == [Reason(Cause.REST, third, guard=201)]
    assert of_night(problem, crews, FIRST) == [Reason(Cause.REST, third, guard=201)]


def test_the_numbers_are_those_of_the_roster():
    friday = date(2026, 3, 6)
    evenings = tuple(friday + timedelta(days=day) for day in range(4))
    problem = Problem(
        evenings,
        members(2, 2, 2),
        special=frozenset(evenings[1:3]),
        wishes={
            (1, evenings[0]): Wished.RATHER_NOT,
            (2, evenings[0]): Wished.GLADLY,
            (3, evenings[0]): Wished.GLADLY,
            (1, evenings[3]): Wished.GLADLY,
        },
    )
    out = [(1, 2), (1, 3), (1, 2), (2, 3)]
    crews = {
        night: Crew({key: (100 * key + 1 + place % 2,) for key in pair})
        for place, (night, pair) in enumerate(zip(evenings, out, strict=True))
    }
    at = measure(problem, crews)
    assert at.counts == {1: 3, 2: 3, 3: 2}
    assert at.special == {1: 2, 2: 1, 3: 1}
    assert (at.spread, at.special_spread) == (1, 1)
    # The first runs three nights, the second two.
    assert (at.running, at.longest) == (3, 3)
    assert (at.rather_not, at.gladly) == (1, 1)


def test_who_has_nobody_to_send_makes_no_month_uneven():
    """One has no guard at all, one whose certificate ended before: neither has a share."""
    ended = Member(5, (Person(501, date(2020, 1, 1), FIRST),))
    problem = month(2, 2, 2, 0, count=6)
    problem = replace(problem, members=(*problem.members, ended))
    found = solve(problem)
    at = measure(problem, found.crews)
    assert at.able == {1, 2, 3}
    assert at.counts == {1: 4, 2: 4, 3: 4, 4: 0, 5: 0}
    assert (at.spread, at.special_spread) == (0, 1), "one Saturday for three"
    assert found.proven


def test_what_a_person_changes_is_checked_with_the_nights_around_it():
    problem = month(2, 2, 2, 2, count=5)
    found = dict(solve(problem).crews)
    second = found[problem.nights[1]]
    found[problem.nights[0]] = second
    broken = of_night(problem, found, problem.nights[0])
    assert {one.cause for one in broken} == {Cause.REST}
    assert {one.night for one in broken} == {problem.nights[1]}
