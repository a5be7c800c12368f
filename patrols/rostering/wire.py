"""Problems and answers as JSON, on their way to the solver's process and back."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from patrols.rostering.problem import (
    Answer,
    Cause,
    Crew,
    Impossible,
    Member,
    Person,
    Problem,
    Reason,
    Roster,
    Rules,
    Undecided,
    Wished,
)


def problem_as_json(problem: Problem) -> str:
    rules = problem.rules
    return json.dumps(
        {
            "nights": [night.isoformat() for night in problem.nights],
            "members": [
                {
                    "key": one.key,
                    "served": one.served,
                    "guards": [
                        [guard.key, guard.since.isoformat(), guard.until.isoformat()]
                        for guard in one.guards
                    ],
                }
                for one in problem.members
            ],
            "rules": [rules.fewest, rules.most, rules.people, rules.rest],
            "special": sorted(night.isoformat() for night in problem.special),
            "wishes": [
                [key, night.isoformat(), wish.value]
                for (key, night), wish in problem.wishes.items()
            ],
            "away": sorted([key, night.isoformat()] for key, night in problem.away),
            "before": _crews(problem.before),
            "locked": _crews(problem.locked),
            "now": _crews(problem.now),
            "seed": problem.seed,
            "within": problem.within,
        }
    )


def problem_from_json(text: str) -> Problem:
    """Raises KeyError or ValueError on anything that :func:`problem_as_json` did not write."""
    said = json.loads(text)
    return Problem(
        nights=tuple(map(date.fromisoformat, said["nights"])),
        members=tuple(
            Member(
                one["key"],
                tuple(
                    Person(key, date.fromisoformat(since), date.fromisoformat(until))
                    for key, since, until in one["guards"]
                ),
                one["served"],
            )
            for one in said["members"]
        ),
        rules=Rules(*said["rules"]),
        special=frozenset(map(date.fromisoformat, said["special"])),
        wishes={
            (key, date.fromisoformat(night)): Wished(wish) for key, night, wish in said["wishes"]
        },
        away=frozenset((key, date.fromisoformat(night)) for key, night in said["away"]),
        before=_read_crews(said["before"]),
        locked=_read_crews(said["locked"]),
        now=_read_crews(said["now"]),
        seed=said["seed"],
        within=said["within"],
    )


def answer_as_json(answer: Answer) -> str:
    if isinstance(answer, Roster):
        return json.dumps(
            {
                "crews": _crews(answer.crews),
                "proven": answer.proven,
                "gap": answer.gap,
                "seconds": answer.seconds,
                "changed": answer.changed,
            }
        )
    if isinstance(answer, Undecided):
        return json.dumps({"undecided": answer.said})
    return json.dumps(
        {
            "reasons": [_reason(one) for one in answer.reasons],
            "relax": _reason(answer.relax) if answer.relax else None,
            "seconds": answer.seconds,
            "smallest": answer.smallest,
        }
    )


def answer_from_json(text: str) -> Answer:
    said = json.loads(text)
    if "undecided" in said:
        return Undecided(said["undecided"])
    if "crews" in said:
        return Roster(
            _read_crews(said["crews"]),
            said["proven"],
            said["gap"],
            said["seconds"],
            said["changed"],
        )
    return Impossible(
        tuple(map(_read_reason, said["reasons"])),
        _read_reason(said["relax"]) if said["relax"] else None,
        said["seconds"],
        said["smallest"],
    )


def _crews(crews: Mapping[date, Crew]) -> dict[str, list[list[Any]]]:
    return {
        night.isoformat(): [[key, list(guards)] for key, guards in crew.sends.items()]
        for night, crew in crews.items()
    }


def _read_crews(said: dict[str, list[list[Any]]]) -> dict[date, Crew]:
    return {
        date.fromisoformat(night): Crew({key: tuple(guards) for key, guards in sends})
        for night, sends in said.items()
    }


def _reason(one: Reason) -> list[Any]:
    night = one.night.isoformat() if one.night else None
    return [one.cause.value, night, one.member, one.guard]


def _read_reason(said: list[Any]) -> Reason:
    cause, night, member, guard = said
    return Reason(Cause(cause), date.fromisoformat(night) if night else None, member, guard)
