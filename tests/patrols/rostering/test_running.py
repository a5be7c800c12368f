"""The solver as a process: the same answer, an end in any case, and what went wrong in words."""

import signal
import subprocess
from dataclasses import replace

import pytest

from patrols.rostering import running
from patrols.rostering.problem import Impossible, Roster, Rules, Undecided
from patrols.rostering.running import SolverError, run
from patrols.rostering.solving import solve
from tests.patrols.rostering.months import month


def test_teams_are_answered_in_their_order_and_as_by_the_solver_itself():
    asked = [month(2, 2, 2, count=5), month(count=3), month(1, 1, 1, 1, count=6)]
    answers = run(asked)
    assert [type(one) for one in answers] == [Roster, Impossible, Roster]
    assert answers[0].crews == solve(asked[0]).crews
    assert answers[2].crews == solve(asked[2]).crews


def test_one_that_does_not_end_is_ended(monkeypatch):
    """A process that is waited for no longer is not there any more either."""
    started = []
    popen = subprocess.Popen

    def noted(*arguments, **more):
        started.append(popen(*arguments, **more))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", noted)
    monkeypatch.setattr(running, "STARTING", 0.05)
    with pytest.raises(SolverError, match="in time"):
        run([replace(month(*[3] * 10), within=0.0)] * 3)
    assert len(started) == running.AT_ONCE
    assert [one.poll() for one in started] == [-signal.SIGKILL] * running.AT_ONCE


def test_another_process_finds_the_same_roster_whatever_python_hashes(monkeypatch):
    asked = [month(1, 2, 3, 2, 1, 4, 2, seed=seed) for seed in (1, 2, 3)]
    here = [solve(one).crews for one in asked]
    for hashed in ("0", "4711"):
        monkeypatch.setenv("PYTHONHASHSEED", hashed)
        assert [one.crews for one in run(asked)] == here


def test_a_month_for_which_time_is_too_short_holds_no_other_up():
    """All have one guard, off four nights after one: hard to say of nine that it cannot be."""
    hard = month(*[1] * 9, rules=Rules(2, 3, 2, 4), within=0.0)
    asked = [month(2, 2, 2, count=5), month(2, 2, count=2), hard, month(2, 2, 2, count=4)]
    answers = run(asked)
    assert [type(one) for one in answers] == [Roster, Roster, Undecided, Roster]
    assert answers[2].said


def test_nobody_asked_is_nobody_answered():
    assert run([]) == []


def test_what_the_process_complained_of_is_said(monkeypatch):
    monkeypatch.setattr(running, "problem_as_json", lambda problem: "{")
    with pytest.raises(SolverError, match="JSON"):
        run([month(2, 2)])
