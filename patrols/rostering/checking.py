"""Counting a roster again without the solver: which hard rules it breaks, and how fair it is.

The application checks with it what people change by hand; the tests and the bench what the solver
says. It shares no code with the model.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from patrols.rostering.problem import Cause, Crew, Person, Problem, Reason, Wished


@dataclass(frozen=True)
class Measures:
    """``spread``: most nights less fewest, of the ``able``: enterprises with a guard who may go on
    any of these nights; ``special_spread`` of weekends and holidays. ``running``: pairs of nights
    running of one enterprise. ``longest``: its longest run.
    """

    counts: Mapping[int, int]
    special: Mapping[int, int]
    able: frozenset[int]
    running: int
    longest: int
    rather_not: int
    gladly: int

    @property
    def spread(self) -> int:
        return _spread([self.counts[key] for key in self.able])

    @property
    def special_spread(self) -> int:
        return _spread([self.special[key] for key in self.able])


def violations(problem: Problem, crews: Mapping[date, Crew]) -> list[Reason]:
    """Each hard rule that is broken, in the order of the nights; empty for a lawful roster.

    A night for which there is no crew breaks the rules of a night without anybody.
    """
    return [one for night in problem.nights for one in _of_night(problem, crews, night)]


def of_night(problem: Problem, crews: Mapping[date, Crew], night: date) -> list[Reason]:
    """Those of a single night, the rest of its guards before and after it included."""
    after = [
        one
        for day in range(1, problem.rules.rest + 1)
        if (later := night + timedelta(days=day)) in crews
        for one in _unrested(problem, crews, later)
    ]
    return [*_of_night(problem, crews, night), *after]


def measure(problem: Problem, crews: Mapping[date, Crew]) -> Measures:
    """How the nights are shared out."""
    on = {night: set(crew.sends) for night, crew in crews.items()}
    keys = [member.key for member in problem.members]
    counts = Counter(key for sent in on.values() for key in sent)
    special = Counter(key for night, sent in on.items() if night in problem.special for key in sent)
    runs = {key: _runs(key, on) for key in keys}
    kept = Counter(
        wish for (key, night), wish in problem.wishes.items() if key in on.get(night, ())
    )
    return Measures(
        counts={key: counts[key] for key in keys},
        special={key: special[key] for key in keys},
        able=frozenset(one.key for one in problem.members if one.may_serve(problem.nights)),
        running=sum(length - 1 for found in runs.values() for length in found),
        longest=max((length for found in runs.values() for length in found), default=0),
        rather_not=kept[Wished.RATHER_NOT],
        gladly=kept[Wished.GLADLY],
    )


def _of_night(problem: Problem, crews: Mapping[date, Crew], night: date) -> Iterator[Reason]:
    crew, rules = crews.get(night, Crew({})), problem.rules
    guards: dict[int, Person] = {}
    owner: dict[int, int] = {}
    for member in problem.members:
        for guard in member.guards:
            guards[guard.key] = guard
            owner[guard.key] = member.key
    sent = [(key, who) for key, keys in crew.sends.items() for who in keys]
    if len(crew.sends) < rules.fewest:
        yield Reason(Cause.FEWEST, night)
    if len(crew.sends) > rules.most:
        yield Reason(Cause.MOST, night)
    if len({who for _key, who in sent}) < rules.people:
        yield Reason(Cause.PEOPLE, night)
    for key, keys in crew.sends.items():
        if not keys:
            # On duty and sends nobody.
            yield Reason(Cause.PEOPLE, night, member=key)
        if problem.wishes.get((key, night)) == Wished.BLOCKED:
            yield Reason(Cause.BLOCKED, night, member=key)
    for key, who in sent:
        # One of another enterprise, or of none, has no certificate that counts here.
        if owner.get(who) != key or not guards[who].since <= night < guards[who].until:
            yield Reason(Cause.CERTIFICATE, night, guard=who)
        if (who, night) in problem.away:
            yield Reason(Cause.AWAY, night, guard=who)
    if night in problem.locked and _as_sets(crew) != _as_sets(problem.locked[night]):
        yield Reason(Cause.LOCKED, night)
    yield from _unrested(problem, crews, night)


def _unrested(problem: Problem, crews: Mapping[date, Crew], night: date) -> Iterator[Reason]:
    """Guards of this night who were out in the nights just before it."""
    tired: set[int] = set()
    for day in range(1, problem.rules.rest + 1):
        past = night - timedelta(days=day)
        for crew in (crews.get(past), problem.before.get(past)):
            if crew is not None:
                tired.update(guard for keys in crew.sends.values() for guard in keys)
    for keys in crews.get(night, Crew({})).sends.values():
        for guard in keys:
            if guard in tired:
                yield Reason(Cause.REST, night, guard=guard)


def _as_sets(crew: Crew) -> dict[int, frozenset[int]]:
    return {key: frozenset(keys) for key, keys in crew.sends.items()}


def _runs(key: int, on: Mapping[date, set[int]]) -> list[int]:
    """How long each run of nights of this enterprise is."""
    nights = sorted(night for night, sent in on.items() if key in sent)
    found: list[int] = []
    for place, night in enumerate(nights):
        if place and night - nights[place - 1] == timedelta(days=1):
            found[-1] += 1
        else:
            found.append(1)
    return found


def _spread(counts: Collection[int]) -> int:
    return max(counts) - min(counts) if counts else 0
