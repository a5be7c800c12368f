"""People writing at once: a web server as it is run, clients in a process of their own.

Every client logs visits and moves a line of its own over the API. Afterwards every write that was
acknowledged must be in the database exactly once. What the machine can do at most is reckoned from
the CPU that a write costs: web server, database and clients share the cores.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection
from rest_framework.authtoken.models import Token

from bench.clients import Heard
from bench.server import Running, answering, cpu_seconds, database_pids, machine_seconds
from enterprises.actions import assign, list_enterprise
from issues.actions import accept_issue, raise_issue, start_issue
from issues.models import Event, Issue, IssueKind
from liaison.accounts.actions import create_unit
from liaison.accounts.models import Kind, Unit, User
from visits.models import Visit

MOST_P95 = 1000.0  # milliseconds, on SQLite
TIMES_ONE = 5.0  # what several clients should do beside one, on PostgreSQL
BUSY = 0.1  # cores less idle than this are at their limit


@dataclass
class Writing:
    """Milliseconds for each write; ``cpu`` in seconds for each.

    ``idle`` is the part of all cores' time in which nobody on the machine used them.
    """

    clients: int
    seconds: float
    writes: int
    per_second: float
    p50: float
    p95: float
    longest: float
    errors: list[str]
    lost: int
    doubled: int
    cpu_web: float
    cpu_database: float
    cpu_clients: float
    idle: float

    @property
    def cpu(self) -> float:
        return self.cpu_web + self.cpu_database + self.cpu_clients

    @property
    def limit(self) -> float:
        """Writes a second with every core busy."""
        return (os.cpu_count() or 1) / self.cpu


@dataclass
class Writings:
    database: str
    cores: int
    each: list[Writing]


def measure(flags: argparse.Namespace) -> Writings:
    clients = _seed(max(flags.clients))
    with answering() as web:
        _run(web, clients[:4], 2)  # warms up
        each = [_measure(web, clients[:many], flags.seconds) for many in flags.clients]
    return Writings(connection.vendor, os.cpu_count() or 1, each)


def report(result: Writings) -> str:
    lines = [
        f"Writing on {result.database}, {result.cores} cores: visits and moves over the API",
        f"{'clients':>7} {'s':>4} {'writes':>7} {'/s':>7} {'p50 ms':>8} {'p95 ms':>8} "
        f"{'max ms':>8} {'errors':>7} {'lost':>5} {'CPU ms: web':>12} {'database':>9} "
        f"{'clients':>8} {'limit/s':>8} {'idle':>5}",
    ]
    lines += [
        f"{one.clients:>7} {one.seconds:>4.0f} {one.writes:>7} {one.per_second:>7.1f} "
        f"{one.p50:>8.1f} {one.p95:>8.1f} {one.longest:>8.1f} {len(one.errors):>7} "
        f"{one.lost + one.doubled:>5} {one.cpu_web * 1000:>12.1f} {one.cpu_database * 1000:>9.1f} "
        f"{one.cpu_clients * 1000:>8.1f} {one.limit:>8.1f} "
        f"{one.idle:>5.0%}"
        for one in result.each
    ]
    lines += [f"  {error}" for one in result.each for error in one.errors[:3]]
    return "\n".join([*lines, *_in_words(result)])


def failures(result: Writings) -> list[str]:
    """What must not be: errors, lost writes, on SQLite waiting too long."""
    found = []
    for one in result.each:
        if one.errors or one.lost or one.doubled:
            found.append(
                f"{one.clients} clients on {result.database}: {len(one.errors)} errors, "
                f"{one.lost} lost, {one.doubled} twice"
            )
        if result.database == "sqlite" and one.p95 > MOST_P95:
            found.append(f"{one.clients} clients on sqlite: p95 {one.p95:.0f} ms")
    return found


def _in_words(result: Writings) -> list[str]:
    alone = next((one for one in result.each if one.clients == 1), None)
    if alone is None:
        return []
    said = []
    for one in result.each:
        times = one.per_second / alone.per_second
        if one is alone:
            continue
        said.append(f"{one.clients} clients write {times:.1f} times as much as one.")
        if times < TIMES_ONE:
            said.append(f"  {_why_not_more(one, alone, result.cores)}")
    return said


def _why_not_more(one: Writing, alone: Writing, cores: int) -> str:
    most = (
        f"A write costs {one.cpu * 1000:.1f} ms of CPU, so {cores} cores give at most "
        f"{one.limit:.0f} a second, {one.limit / alone.per_second:.1f} times what one client "
        f"writes. They were idle {one.idle:.0%} of the time"
    )
    ours = one.per_second / one.limit
    others = 1 - one.idle - ours
    if others > BUSY:
        return f"{most}, and other programs took {others:.0%}: measure again on a quiet machine."
    if one.idle < BUSY:
        return f"{most}: this is the machine's limit."
    return f"{most}: something other than the machine is waited for."


def _seed(many: int) -> list[dict[str, Any]]:
    """A station with so many officers, each with an enterprise, a line in progress and a token."""
    bureau = create_unit(code="BEB", name="示例市公安局", kind=Unit.Kind.BUREAU)
    unit = create_unit(code="BEN", name="示例派出所", kind=Unit.Kind.STATION, parent=bureau)
    chief = _person("chief", Kind.CHIEF, unit)
    kind = IssueKind.objects.get(code="hazard")
    clients = []
    for n in range(many):
        officer = _person(f"officer{n}", Kind.POLICE_OFFICER, unit)
        enterprise = list_enterprise(unit, {"name": f"示例{n}号机械有限公司"}, by=chief)
        assign(enterprise, officer, by=chief)
        line = raise_issue(
            enterprise, kind=kind, title="消防通道堆放原料", source=Issue.Source.DESK, by=officer
        )
        line = start_issue(
            accept_issue(line, by=officer, version=line.version),
            by=officer,
            version=line.version + 1,
        )
        token = Token.objects.create(user=officer).key
        clients.append({"token": token, "enterprise": enterprise.pk, "line": line.number})
    return clients


def _person(username: str, kind: Kind, unit: Unit) -> User:
    return User.objects.create(
        username=username, name=username, kind=kind, unit=unit, password=make_password(None)
    )


def _measure(web: Running, clients: list[dict[str, Any]], seconds: float) -> Writing:
    print(f"  {len(clients)} clients writing", file=sys.stderr)
    web_before, database_before = cpu_seconds(web.pids), _database_seconds()
    idle_before, all_before = machine_seconds()
    heard = _run(web, clients, seconds)
    web_used = (cpu_seconds(web.pids) - web_before).total()
    database_used = (_database_seconds() - database_before).total()
    idle, all_of_it = machine_seconds()
    lost, doubled = _check(heard)
    writes = len(heard.visits) + len(heard.remarks)
    return Writing(
        clients=len(clients),
        seconds=heard.seconds,
        writes=writes,
        per_second=writes / heard.seconds,
        p50=median(heard.each),
        p95=quantiles(heard.each, n=20)[-1],
        longest=max(heard.each),
        errors=heard.errors,
        lost=lost,
        doubled=doubled,
        cpu_web=web_used / writes,
        cpu_database=database_used / writes,
        cpu_clients=heard.cpu_seconds / writes,
        idle=(idle - idle_before) / (all_of_it - all_before),
    )


def _run(web: Running, clients: list[dict[str, Any]], seconds: float) -> Heard:
    for client in clients:
        line = Issue.objects.get(number=client["line"])
        client |= {"version": line.version, "stage": line.stage}
    told = subprocess.run(
        [sys.executable, "-m", "bench.clients"],
        input=json.dumps({"port": web.port, "seconds": seconds, "clients": clients}).encode(),
        stdout=subprocess.PIPE,
        check=True,
    )
    return Heard(**json.loads(told.stdout))


def _database_seconds() -> Counter[int]:
    """Of SQLite none: it works inside the web server."""
    if connection.vendor != "postgresql":
        return Counter()
    return cpu_seconds(database_pids(str(connection.settings_dict["NAME"])))


def _check(heard: Heard) -> tuple[int, int]:
    """How many acknowledged writes are not in the database, and how many are there twice."""
    visits = Counter(str(pk) for pk in Visit.objects.values_list("client_id", flat=True))
    remarks = Counter(Event.objects.values_list("text", flat=True))
    there = [visits[one] for one in heard.visits] + [remarks[one] for one in heard.remarks]
    return there.count(0), sum(number > 1 for number in there)
