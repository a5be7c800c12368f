"""Who may come instead, and in which order."""

from dataclasses import replace

from hypothesis import given, settings

from patrols.rostering.checking import of_night
from patrols.rostering.problem import Crew, Roster, Wished
from patrols.rostering.solving import solve
from patrols.rostering.substituting import substitutes
from tests.patrols.rostering.months import month, problems


@settings(max_examples=40, deadline=None)
@given(problems())
def test_whoever_is_proposed_breaks_no_rule(problem):
    found = solve(problem)
    if not isinstance(found, Roster):
        return
    problem = replace(problem, locked={})
    for night in problem.nights:
        [gone, *others] = sorted(found.crews[night].sends)
        kept = {key: found.crews[night].sends[key] for key in others}
        wanted = len(found.crews[night].sends[gone])
        left = dict(found.crews) | {night: Crew(kept)}
        for one in substitutes(problem, left, night, wanted=wanted):
            if one.member == gone:
                continue
            taken = left | {night: Crew(kept | {one.member: one.guards})}
            assert of_night(problem, taken, night) == []


def test_who_serves_least_and_would_like_to_comes_first():
    problem = month(2, 2, 2, 2, 2, count=6)
    found = dict(solve(problem).crews)
    night = problem.nights[0]
    here = set(found[night].sends)
    others = [member.key for member in problem.members if member.key not in here]
    glad, unwilling = others[-1], others[0]
    wished = replace(
        problem, wishes={(glad, night): Wished.GLADLY, (unwilling, night): Wished.RATHER_NOT}
    )
    ranked = [one.member for one in substitutes(wished, found, night, wanted=1)]
    if glad in ranked:
        assert ranked[0] == glad
    if unwilling in ranked:
        assert ranked[-1] == unwilling
    assert not set(ranked) & here


def test_a_blocked_night_is_nobodys_substitute():
    problem = month(2, 2, 2, 2, count=3)
    found = solve(problem).crews
    night = problem.nights[0]
    blocked = {(member.key, night): Wished.BLOCKED for member in problem.members}
    assert substitutes(replace(problem, wishes=blocked), found, night, wanted=1) == []
