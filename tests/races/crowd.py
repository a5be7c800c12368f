"""Many processes do one thing at the same moment.

    python -m tests.races.crowd < {"processes": 32, "deed": "move", ...} > [outcome, ...]

Each is forked from a process that has loaded Django and touched no database, as a web server
forks its workers, and opens a connection of its own.
"""

import json
import multiprocessing
import sys
from collections.abc import Callable
from multiprocessing.queues import Queue
from multiprocessing.synchronize import Barrier
from typing import Any

import django

django.setup()

from django.test import Client  # noqa: E402  models exist from here on
from django.urls import get_resolver  # noqa: E402

from enterprises.actions import assign  # noqa: E402
from enterprises.models import Enterprise  # noqa: E402
from issues.actions import make_move  # noqa: E402
from issues.models import Issue  # noqa: E402
from liaison.accounts.models import User  # noqa: E402

WAITS = 120  # seconds
Outcome = tuple[str, Any]


def move(n: int, issue: int, by: int, name: str, version: int) -> Outcome:
    """By the action, with the line as each process sees it."""
    line, person = Issue.objects.get(pk=issue), User.objects.get(pk=by)
    gate.wait(WAITS)
    make_move(line, name, by=person, version=version, values={})
    return "done", n


def post(n: int, path: str, token: str, body: dict[str, Any]) -> Outcome:
    """Over HTTP, through the whole stack."""
    client = Client(SERVER_NAME="localhost", raise_request_exception=False)
    gate.wait(WAITS)
    answer = client.post(
        path,
        json.dumps(body),
        content_type="application/json",
        headers={"Authorization": f"Token {token}"},
    )
    return "status", answer.status_code


def give(n: int, enterprise: int, officers: list[int], by: int) -> Outcome:
    """Each process names another officer."""
    wanted, person = Enterprise.objects.get(pk=enterprise), User.objects.get(pk=by)
    officer = User.objects.get(pk=officers[n])
    gate.wait(WAITS)
    assign(wanted, officer, by=person)
    return "done", n


DEEDS: dict[str, Callable[..., Outcome]] = {"move": move, "post": post, "give": give}
gate: Barrier


def one_of_the_crowd(n: int, deed: str, given: dict[str, Any], answers: "Queue[Outcome]") -> None:
    try:
        answers.put(DEEDS[deed](n, **given))
    except Exception as error:  # every one is an outcome that the test judges
        answers.put(("refused", type(error).__name__))


def main() -> None:
    global gate
    job = json.load(sys.stdin)
    many, deed = job.pop("processes"), job.pop("deed")
    # Whatever a request would import is imported once, before the fork.
    get_resolver()._populate()
    context = multiprocessing.get_context("fork")
    gate = context.Barrier(many)
    answers: Queue[Outcome] = context.Queue()
    crowd = [
        context.Process(target=one_of_the_crowd, args=(n, deed, job, answers)) for n in range(many)
    ]
    for process in crowd:
        process.start()
    outcomes = [answers.get(timeout=WAITS) for _ in crowd]
    for process in crowd:
        process.join(WAITS)
    json.dump(outcomes, sys.stdout)


if __name__ == "__main__":
    main()
