"""Problems and divisions as JSON, between the application and the process that solves."""

import json
from dataclasses import asdict
from typing import Any

from liaison.core.coordinates import Point
from patrols.grouping.problem import Because, Division, Impossible, Problem, Rules, Standing, Why


def problem_as_text(problem: Problem) -> str:
    return json.dumps(
        {
            "places": [[key, at.lon, at.lat] for key, at in sorted(problem.places.items())],
            "teams": problem.teams,
            "rules": asdict(problem.rules),
            "together": sorted(problem.together),
            "apart": sorted(problem.apart),
            "fixed": sorted(problem.fixed.items()),
            "out": sorted(problem.out),
            "now": sorted(problem.now.items()),
            "barriers": [[[at.lon, at.lat] for at in line] for line in problem.barriers],
            "seed": problem.seed,
            "rounds": problem.rounds,
            "within": problem.within,
        }
    )


def problem_of(read: dict[str, Any]) -> Problem:
    return Problem(
        places={key: Point(lon, lat) for key, lon, lat in read["places"]},
        teams=read["teams"],
        rules=Rules(**read["rules"]),
        together=tuple((one, other) for one, other in read["together"]),
        apart=tuple((one, other) for one, other in read["apart"]),
        fixed=dict(read["fixed"]),
        out=frozenset(read["out"]),
        now=dict(read["now"]),
        barriers=tuple(tuple(Point(*at) for at in line) for line in read["barriers"]),
        seed=read["seed"],
        rounds=read["rounds"],
        within=read["within"],
    )


def division_as_text(division: Division) -> str:
    told = asdict(division)
    # A key of JSON is a string: pairs keep the numbers.
    told["standings"] = [[key, asdict(one)] for key, one in sorted(division.standings.items())]
    told["centres"] = sorted(division.centres.items())
    return json.dumps({"division": told})


def failure_as_text(impossible: Impossible) -> str:
    return json.dumps(
        {
            "impossible": {
                "why": impossible.why,
                "places": impossible.places,
                "team": impossible.team,
            }
        }
    )


def division_of(text: str) -> Division:
    """Raises :class:`Impossible` when that is what was written."""
    read = json.loads(text)
    if failed := read.get("impossible"):
        raise Impossible(Why(failed["why"]), tuple(failed["places"]), failed["team"])
    told = read["division"]
    return Division(
        standings={
            key: Standing(**{**one, "because": Because(one["because"])})
            for key, one in told["standings"]
        },
        centres=dict(told["centres"]),
        metres=told["metres"],
        crossings=told["crossings"],
        rounds=told["rounds"],
        seconds=told["seconds"],
    )
