"""Who comes instead when somebody cannot: the others of the team, the best first, each with why."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from patrols.rostering.checking import measure
from patrols.rostering.problem import Crew, Member, Problem, Wished


@dataclass(frozen=True)
class Substitute:
    """An enterprise and the guards it could send on the night. ``nights`` it has in this month;
    ``neighbours``: it is out on the night before or after as well, with other guards."""

    member: int
    guards: tuple[int, ...]
    nights: int
    neighbours: bool
    wish: Wished | None


def substitutes(
    problem: Problem, crews: Mapping[date, Crew], night: date, *, wanted: int
) -> list[Substitute]:
    """Of the enterprises that are not on duty that night those that can send ``wanted`` lawful and
    rested guards, whoever serves least and would like to first. Nobody whose night is blocked.
    """
    counts = measure(problem, crews).counts
    here = crews.get(night, Crew({})).sends
    found = []
    for member in problem.members:
        wish = problem.wishes.get((member.key, night))
        if member.key in here or wish == Wished.BLOCKED:
            continue
        guards = free_guards(problem, crews, member, night)
        if len(guards) < wanted:
            continue
        found.append(
            Substitute(
                member.key,
                guards[:wanted],
                counts[member.key],
                any(member.key in crew.sends for crew in _around(crews, night, 1)),
                wish,
            )
        )
    return sorted(found, key=_order)


def free_guards(
    problem: Problem, crews: Mapping[date, Crew], member: Member, night: date
) -> tuple[int, ...]:
    """Those of an enterprise's guards who may serve that night, are not away and would be rested
    before and after it; who has fewest nights comes first."""
    rest = problem.rules.rest
    around = [*_around(crews, night, rest), *_around(problem.before, night, rest)]
    tired = {guard for crew in around for keys in crew.sends.values() for guard in keys}
    busy = {guard for keys in crews.get(night, Crew({})).sends.values() for guard in keys}
    loads = {
        guard.key: sum(guard.key in crew.sends.get(member.key, ()) for crew in crews.values())
        for guard in member.guards
    }
    free = [
        guard.key
        for guard in member.guards
        if guard.may_serve(night)
        and (guard.key, night) not in problem.away
        and guard.key not in tired
        and guard.key not in busy
    ]
    return tuple(sorted(free, key=lambda key: (loads[key], key)))


def _around(crews: Mapping[date, Crew], night: date, days: int) -> list[Crew]:
    """The crews of so many nights before and after."""
    near = [night + timedelta(days=day) for day in range(-days, days + 1) if day]
    return [crews[one] for one in near if one in crews]


def _order(one: Substitute) -> tuple[int, int, bool, int]:
    liking = {Wished.GLADLY: 0, None: 1, Wished.RATHER_NOT: 2}
    return (liking.get(one.wish, 2), one.nights, one.neighbours, one.member)
