"""Why there is no roster: each rule that is named is needed for the conflict."""

import time
from dataclasses import replace

from hypothesis import given, settings

from patrols.rostering import explaining
from patrols.rostering.problem import (
    Cause,
    Crew,
    Impossible,
    Roster,
    Rules,
    Wished,
)
from patrols.rostering.solving import solve
from tests.patrols.rostering.brute import same
from tests.patrols.rostering.months import FIRST, members, month, problems

solved = settings(max_examples=60, deadline=None)


@solved
@given(problems(most_members=4, most_nights=6))
def test_each_reason_is_needed_for_the_conflict(problem):
    found = solve(problem)
    if isinstance(found, Roster):
        return
    assert found.smallest
    assert _together(problem, found.reasons) is False
    for one in found.reasons:
        assert _together(problem, [other for other in found.reasons if other != one])
    assert found.relax is None or found.relax in found.reasons


@solved
@given(problems(most_members=4, most_nights=6))
def test_the_solver_too_can_keep_the_rules_once_any_reason_is_lifted(problem):
    """Lifted as the station would do it, with all the other rules of the month left out."""
    found = solve(problem)
    if isinstance(found, Roster):
        return
    asked = explaining._Asking(problem, time.monotonic() + 30)
    assert asked.core(list(found.reasons)) is not None
    for one in found.reasons:
        assert asked.core([other for other in found.reasons if other != one]) is None


def test_an_explanation_ends_when_its_time_is_up():
    """All have one guard, off four nights after one: too few by one for any five nights."""
    problem = month(*[1] * 9, rules=Rules(2, 3, 2, 4), within=1.0)
    began = time.monotonic()
    try:
        found = solve(problem)
    except TimeoutError:
        found = None
    assert time.monotonic() - began < 2 * problem.within + 3
    if isinstance(found, Impossible):
        assert found.reasons


def _together(problem, reasons):
    """Whether these rules alone can be kept, tried night by night without the solver's model:
    every crew of all guards, and of rosters those without two nights that ask for rest."""
    by_night = {}
    for one in reasons:
        by_night.setdefault(one.night, []).append(one)
    rest = {(one.guard, one.night) for one in reasons if one.cause == Cause.REST}
    guards = [(member.key, one) for member in problem.members for one in member.guards]
    past = {
        (guard, night)
        for night, crew in problem.before.items()
        for keys in crew.sends.values()
        for guard in keys
    }

    def fits(night, crew):
        sent = {guard for keys in crew.sends.values() for guard in keys}
        if len(crew.sends) > problem.rules.most:
            return False
        for one in by_night.get(night, ()):
            bad = {
                Cause.FEWEST: len(crew.sends) < problem.rules.fewest,
                Cause.PEOPLE: len(sent) < problem.rules.people,
                Cause.BLOCKED: one.member in crew.sends,
                Cause.CERTIFICATE: one.guard in sent,
                Cause.AWAY: one.guard in sent,
                Cause.LOCKED: night in problem.locked and not same(crew, problem.locked[night]),
                Cause.REST: any(
                    (one.guard, earlier) in past
                    for earlier in problem.before
                    if 0 < (night - earlier).days <= problem.rules.rest
                )
                and one.guard in sent,
            }[one.cause]
            if bad:
                return False
        return True

    def crews():
        for mask in range(2 ** len(guards)):
            sends = {}
            for place, (member, guard) in enumerate(guards):
                if mask >> place & 1:
                    sends[member] = (*sends.get(member, ()), guard.key)
            yield Crew(sends)

    named = sorted({night for night, _guard in ((n, g) for g, n in rest)} | set(by_night))
    reach = [
        night
        for night in problem.nights
        if any(0 <= (one - night).days <= problem.rules.rest for one in named)
    ]
    every = list(crews())
    # Only who is out matters to the nights after it.
    states = {()}
    for night in reach:
        after = set()
        fitting = [crew for crew in every if fits(night, crew)]
        for state in states:
            for crew in fitting:
                sent = frozenset(g for keys in crew.sends.values() for g in keys)
                tired = {
                    guard
                    for earlier, out in state
                    if 0 < (night - earlier).days <= problem.rules.rest
                    for guard in out
                }
                if any(guard in tired and (guard, night) in rest for guard in sent):
                    continue
                watched = frozenset(g for g in sent if any(g == who for who, _n in rest))
                kept = tuple(
                    (earlier, out)
                    for earlier, out in state
                    if (night - earlier).days < problem.rules.rest
                )
                after.add((*kept, (night, watched)) if problem.rules.rest else ())
        states = after
        if not states:
            return False
    return True


def test_the_words_name_what_is_in_the_way_and_what_is_eased_first():
    wishes = {(key, FIRST): Wished.BLOCKED for key in (1, 2)}
    problem = month(1, 1, 1, count=1, wishes=wishes)
    found = solve(problem)
    assert isinstance(found, Impossible)
    assert {one.cause for one in found.reasons} >= {Cause.BLOCKED}
    assert found.relax is not None
    assert found.relax.cause == Cause.BLOCKED


def test_a_certificate_is_never_what_should_be_relaxed():
    team = tuple(
        replace(one, guards=tuple(replace(g, until=FIRST) for g in one.guards))
        for one in members(1, 1, 1)
    )
    found = solve(replace(month(1, count=1), members=team))
    assert isinstance(found, Impossible)
    assert found.relax is None or found.relax.cause == Cause.FEWEST
