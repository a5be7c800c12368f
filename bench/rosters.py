"""What a month of rosters takes: eleven teams of thirty nights, with wishes and uneven guards.

    .venv/bin/python -m bench.rosters

Prints each team's seconds, whether it is proven best (else the gap), and how even it is, counted
by ``patrols.rostering.checking`` and not by the solver; then how many nights change when one guard
cannot come, and what all teams take as the application asks for them, in processes that are
started for it. Fails when they take more than 5 s either way, when a hard rule is broken or two
enterprises of a team differ by more than one night.
"""

import os
import random
import sys
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta

from patrols.rostering.checking import measure, violations
from patrols.rostering.problem import Crew, Member, Person, Problem, Roster, Wished
from patrols.rostering.running import AT_ONCE, run
from patrols.rostering.solving import solve

TEAMS, NIGHTS, ALLOWED = 11, 30, 5.0
FIRST = date(2026, 3, 1)


def team(number: int) -> Problem:
    """Seven to ten enterprises with one to four guards each, and 25 wishes."""
    chance = random.Random(number)
    nights = tuple(FIRST + timedelta(days=day) for day in range(NIGHTS))
    members, key = [], 0
    for enterprise in range(7 + number % 4):
        guards = []
        for _guard in range(chance.randint(1, 4)):
            key += 1
            guards.append(Person(key, date(2020, 1, 1), date(2030, 1, 1)))
        members.append(Member(enterprise, tuple(guards), chance.randint(0, 8)))
    wishes = {
        (chance.randrange(len(members)), chance.choice(nights)): chance.choice(list(Wished))
        for _wish in range(25)
    }
    special = frozenset(night for night in nights if night.weekday() >= 5)
    return Problem(nights, tuple(members), special=special, wishes=wishes, seed=number)


def without_one(problem: Problem, crews: Mapping[date, Crew]) -> Problem:
    """The same month in use, when a guard of its middle night cannot come after all."""
    night = problem.nights[len(problem.nights) // 2]
    absent = min(guard for keys in crews[night].sends.values() for guard in keys)
    return replace(problem, now=crews, away=frozenset({(absent, night)}))


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison.settings")
    total, faults = 0.0, []
    print("team  enterprises  seconds  proven    gap  spread  weekends  running  changed  seconds")
    for number in range(TEAMS):
        problem = team(number)
        found = solve(problem)
        if not isinstance(found, Roster):
            faults.append(f"team {number}: {found}")
            continue
        total += found.seconds
        at = measure(problem, found.crews)
        again = without_one(problem, found.crews)
        other = solve(again)
        if not isinstance(other, Roster):
            faults.append(f"team {number} without one guard: {other}")
            continue
        if broken := violations(again, other.crews):
            faults.append(f"team {number} without one guard breaks {broken}")
        print(
            f"{number:4}  {len(problem.members):11}  {found.seconds:7.2f}  {found.proven!s:6}"
            f"  {found.gap:5.3f}  {at.spread:6}  {at.special_spread:8}  {at.running:7}"
            f"  {other.changed:7}  {other.seconds:7.2f}"
        )
        if broken := violations(problem, found.crews):
            faults.append(f"team {number} breaks {broken}")
        if at.spread > 1:
            faults.append(f"team {number}: nights differ by {at.spread}")
    print(f"{total:.2f} s in all, one after another; at most {ALLOWED}")
    if total > ALLOWED:
        faults.append(f"{total:.2f} s, at most {ALLOWED}")
    began = time.monotonic()
    run([team(number) for number in range(TEAMS)])
    taken = time.monotonic() - began
    print(f"{taken:.2f} s in {AT_ONCE} processes, with starting them; at most {ALLOWED}")
    if taken > ALLOWED:
        faults.append(f"{taken:.2f} s in processes, at most {ALLOWED}")
    for fault in faults:
        print(fault, file=sys.stderr)
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
