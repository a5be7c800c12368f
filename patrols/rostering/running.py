"""The solver as processes of its own: the web server never loads it, and it ends when it must."""

import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from django.conf import settings

from patrols.rostering.problem import Answer, Problem
from patrols.rostering.wire import answer_from_json, problem_as_json

# Seconds beside what the problems themselves allow, for starting: loading the solver takes one.
STARTING = 20.0
AT_ONCE = 2


class SolverError(RuntimeError):
    """The process ended badly or not at all; what it said stands in the message."""


def run(problems: Sequence[Problem]) -> list[Answer]:
    """An answer for each, in their order.

    They are dealt out to so many processes at once, as starting one takes longer than most months.
    Raises SolverError when any is not answered; no process is left then either.
    """
    hands = [problems[first::AT_ONCE] for first in range(min(AT_ONCE, len(problems)))]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        dealt = list(pool.map(_process, hands))
    return [dealt[place % AT_ONCE][place // AT_ONCE] for place in range(len(problems))]


def _process(problems: Sequence[Problem]) -> list[Answer]:
    """One process, killed when it takes longer than its problems and their explaining may."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "patrols.rostering.solving"],
            cwd=settings.BASE_DIR,
            input="".join(f"{problem_as_json(one)}\n" for one in problems),
            capture_output=True,
            text=True,
            timeout=STARTING + sum(2 * one.within for one in problems),
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise SolverError("the solver did not end in time") from late
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise SolverError(said[-1] if said else f"the solver ended with {done.returncode}")
    answers = [answer_from_json(line) for line in done.stdout.splitlines()]
    if len(answers) != len(problems):
        raise SolverError(f"{len(answers)} answers to {len(problems)} problems")
    return answers
