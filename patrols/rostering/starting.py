"""A roster put together night by night, whoever has served least first: where the solver begins.

It is lawful on most nights and even on most months, so that what is left for the solver is to
better it and to prove it. Where it cannot fill a night it leaves it as far as it got.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from patrols.rostering.problem import Crew, Member, Problem, Wished
from patrols.rostering.substituting import free_guards


def start(problem: Problem) -> Mapping[date, Crew]:
    crews: dict[date, Crew] = dict(problem.locked)
    counts = dict.fromkeys((one.key for one in problem.members), 0)
    special = dict(counts)
    by_key = {one.key: one for one in problem.members}
    for crew in crews.values():
        for key in crew.sends:
            counts[key] = counts.get(key, 0) + 1
    for night in problem.nights:
        if night in problem.locked:
            continue
        yesterday = crews.get(night - timedelta(days=1), Crew({}))
        weekend = night in problem.special
        ranks = [
            (
                counts[member.key],
                special[member.key] if weekend else -special[member.key],
                member.key in yesterday.sends,
                _disliking(problem.wishes.get((member.key, night))),
                member.key,
            )
            for member in problem.members
        ]
        members = [by_key[rank[-1]] for rank in sorted(ranks)]
        crews[night] = _fill(problem, crews, night, members)
        for key in crews[night].sends:
            counts[key] += 1
            special[key] += weekend
    return crews


def _disliking(wish: Wished | None) -> int:
    return {Wished.RATHER_NOT: 1, Wished.GLADLY: -1}.get(wish, 0) if wish else 0


def _fill(problem: Problem, crews: Mapping[date, Crew], night: date, members: list[Member]) -> Crew:
    rules = problem.rules
    sends: dict[int, tuple[int, ...]] = {}
    spare: dict[int, tuple[int, ...]] = {}
    for member in members:
        people = sum(map(len, sends.values())) + sum(map(len, spare.values()))
        if (len(sends) >= rules.fewest and people >= rules.people) or len(sends) >= rules.most:
            break
        free = free_guards(problem, crews, member, night)
        if free and problem.wishes.get((member.key, night)) != Wished.BLOCKED:
            sends[member.key], spare[member.key] = free[:1], free[1:]
    for key, others in spare.items():
        lacking = rules.people - sum(map(len, sends.values()))
        sends[key] += others[: max(lacking, 0)]
    return Crew(sends)
