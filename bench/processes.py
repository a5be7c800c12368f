"""How soon each process is there and how much memory it takes."""

import argparse
import subprocess
import sys
import time
from dataclasses import dataclass
from statistics import median

from django.conf import settings
from django.db import connection

from bench.server import (
    Running,
    answering,
    memory,
    proportional_memory,
    running,
    signed_in,
    wait_for,
)
from liaison.accounts.models import Kind, User
from liaison.demo.scale import fill

STARTS = 3
OPENED = 200  # pages
PAGES = ("/", "/enterprises/", "/issues/", "/visits/", "/api/v1/issues/")
SETTLES = 5.0  # seconds until worker and beat have imported all they need


@dataclass
class Start:
    """Seconds from starting a process to what it is for, the median of a few."""

    what: str
    seconds: float


@dataclass
class Memory:
    """Megabytes of a process and its children: ``rss`` counts in each what they share."""

    process: str
    when: str
    count: int
    rss: float
    pss: float


@dataclass
class Processes:
    database: str
    starts: list[Start]
    memory: list[Memory]


def measure(_flags: argparse.Namespace) -> Processes:
    fill(1)
    cookie = signed_in(User.objects.filter(kind=Kind.CHIEF).earliest("pk"))
    starts = _starts(cookie)
    taken = []
    with answering() as web:
        taken.append(_memory(web, "idle"))
        for n in range(OPENED):
            web.get(PAGES[n % len(PAGES)], cookie)
        taken.append(_memory(web, f"after {OPENED} pages"))
    for name in ("worker", "beat"):
        with running(name) as one:
            time.sleep(SETTLES)
            taken.append(_memory(one, "idle"))
    return Processes(connection.vendor, starts, taken)


def report(result: Processes) -> str:
    lines = [f"Processes on {result.database}"]
    lines += [f"{one.what:<40} {one.seconds:>6.2f} s" for one in result.starts]
    lines.append(f"{'process':<8} {'when':<18} {'processes':>9} {'RSS MB':>8} {'PSS MB':>8}")
    lines += [
        f"{one.process:<8} {one.when:<18} {one.count:>9} {one.rss:>8.1f} {one.pss:>8.1f}"
        for one in result.memory
    ]
    return "\n".join(lines)


def failures(_result: Processes) -> list[str]:
    """No limits are set here: the numbers are for whoever sizes a machine."""
    return []


def _starts(cookie: str) -> list[Start]:
    checks, answers, pages = [], [], []
    for _n in range(STARTS):
        started = time.perf_counter()
        check = [sys.executable, "manage.py", "check"]
        subprocess.run(check, cwd=settings.BASE_DIR, check=True, capture_output=True)
        checks.append(time.perf_counter() - started)
        started = time.perf_counter()
        with running("web") as web:
            wait_for(web)
            answers.append(time.perf_counter() - started)
            wait_for(web, "/", cookie)
            pages.append(time.perf_counter() - started)
    return [
        Start("manage.py check", median(checks)),
        Start("web server: /healthz answers", median(answers)),
        Start("web server: the first page is there", median(pages)),
    ]


def _memory(one: Running, when: str) -> Memory:
    pids = one.pids
    return Memory(
        process=one.name,
        when=when,
        count=len(pids),
        rss=sum(memory(pid) for pid in pids),
        pss=sum(proportional_memory(pid) for pid in pids),
    )
