"""The solver as a process of its own: its libraries are heavy, and it ends in time or is ended."""

import logging
import subprocess
import sys

from django.conf import settings

from patrols.grouping.problem import Division, Impossible, Problem, Why
from patrols.grouping.writing import division_of, problem_as_text

logger = logging.getLogger(__name__)
# Seconds beside the search itself: starting, reading the libraries, distances.
BESIDES = 15


def run(problem: Problem) -> Division:
    """Raises :class:`Impossible`; ``RuntimeError`` with its last words when the solver breaks."""
    command = [sys.executable, "-m", "patrols.grouping.solving"]
    try:
        done = subprocess.run(  # noqa: S603  # nothing of the command is anybody's word
            command,
            input=problem_as_text(problem),
            capture_output=True,
            text=True,
            timeout=problem.within + BESIDES,
            cwd=settings.BASE_DIR,
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        logger.warning("dividing %d places was given up: it took too long", len(problem.places))
        raise Impossible(Why.TOO_SLOW) from late
    if done.returncode:
        raise RuntimeError(f"dividing ended with {done.returncode}: {done.stderr[-1000:]}")
    return division_of(done.stdout)
