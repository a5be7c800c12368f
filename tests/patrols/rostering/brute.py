"""All rosters there are, by trying: slow, and with nothing to be wrong in."""

from itertools import combinations

from patrols.rostering.checking import of_night, violations
from patrols.rostering.problem import Crew


def crews_of(problem):
    """Every set of guards as a crew."""
    guards = [(member.key, one.key) for member in problem.members for one in member.guards]
    for size in range(len(guards) + 1):
        for chosen in combinations(guards, size):
            sends = {}
            for member, guard in chosen:
                sends[member] = (*sends.get(member, ()), guard)
            yield Crew(sends)


def rosters(problem):
    """Every lawful roster: nights that are lawful by themselves, then together."""
    alone = [
        [
            crew
            for crew in crews_of(problem)
            if not [one for one in violations(problem, {night: crew}) if one.night == night]
        ]
        for night in problem.nights
    ]
    yield from _onwards(problem, alone, {})


def _onwards(problem, alone, crews):
    """Those that begin with these; a night that does not follow on them begins none."""
    if len(crews) == len(problem.nights):
        yield crews
        return
    night = problem.nights[len(crews)]
    for crew in alone[len(crews)]:
        taken = crews | {night: crew}
        if not of_night(problem, taken, night):
            yield from _onwards(problem, alone, taken)


def same(one, other):
    return {key: set(guards) for key, guards in one.sends.items()} == {
        key: set(guards) for key, guards in other.sends.items()
    }


def changed(before, after):
    return sum(not same(crew, after[night]) for night, crew in before.items() if night in after)
