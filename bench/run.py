"""What a page costs, measured against the same work without us. See bench/README.md.

python bench/run.py [--enterprises 2000] [--rounds 7] [--output bench/results.json]
"""

import argparse
import gc
import json
import logging
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

if TYPE_CHECKING:
    from bench.fill import Station
    from bench.sweeps import Sweep
    from liaison.accounts.models import User

STATION_TODAY = 160
Statement = tuple[str, Any]


@dataclass
class Page:
    name: str
    path: str
    most: int  # queries that DESIGN allows

    @property
    def bare(self) -> str:
        return "list" if self.path.startswith("/api/") else "table"


@dataclass
class Times:
    """Milliseconds."""

    each: list[float] = field(default_factory=list)

    def take(self, work: Callable[[], object]) -> None:
        started = time.perf_counter()
        work()
        self.each.append((time.perf_counter() - started) * 1000)

    @property
    def median(self) -> float:
        return median(self.each)

    @property
    def quarters(self) -> tuple[float, float]:
        low, _, high = quantiles(self.each, n=4)
        return low, high


@dataclass
class Result:
    enterprises: int
    who: str
    page: str
    queries: int
    most: int
    size: int
    total_ms: float
    total_quarters: tuple[float, float]
    database_ms: float
    raw_ms: float
    raw_quarters: tuple[float, float]
    bare_ms: float
    bare_quarters: tuple[float, float]
    to_raw: float
    to_bare: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--enterprises", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--output", type=Path, default=ROOT / "bench" / "results.json")
    chosen = parser.parse_args()
    if chosen.rounds < 2 or chosen.enterprises <= STATION_TODAY:
        parser.error(f"--rounds of at least 2, --enterprises of more than {STATION_TODAY}")

    with tempfile.TemporaryDirectory(prefix="liaison-bench-") as folder:
        os.environ |= {"LIAISON_VAR": folder, "DJANGO_SETTINGS_MODULE": "liaison.settings"}
        import django

        django.setup()
        results, sweeps, vendor = measure_all(chosen.enterprises, chosen.rounds)
        # Its models can be imported only now.
        from bench.sweeps import MOST, ratio
        from bench.sweeps import report as report_sweeps

    machine = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "database": vendor,
        "rounds": chosen.rounds,
    }
    chosen.output.write_text(
        json.dumps(
            {
                "on": machine,
                "results": [asdict(one) for one in results],
                "sweeps": [asdict(one) for one in sweeps],
            },
            indent=1,
        )
    )
    print(report(results, machine))
    print("\n" + report_sweeps(sweeps))
    print(f"\nWritten to {chosen.output}")
    over = [one for one in results if one.queries > one.most]
    for one in over:
        print(f"{one.page} for {one.who}: {one.queries} queries, allowed are {one.most}")
    return int(bool(over) or ratio(sweeps) > MOST)


def measure_all(enterprises: int, rounds: int) -> "tuple[list[Result], list[Sweep], str]":
    """In a throw-away database: Django's own test database, on the server that is configured."""
    from django.conf import settings
    from django.db import connection
    from django.test.utils import setup_test_environment

    from bench.fill import Station
    from bench.sweeps import measure_sweeps

    logging.disable(logging.WARNING)
    setup_test_environment(debug=False)
    settings.ROOT_URLCONF = "bench.urls"
    name = connection.settings_dict["NAME"]
    connection.settings_dict["TEST"].setdefault("NAME", None)
    if connection.vendor == "postgresql":
        connection.settings_dict["TEST"]["NAME"] = f"liaison_bench_{os.getpid()}"
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        station = Station()
        results = []
        for size in (STATION_TODAY, enterprises):
            station.fill_up_to(size)
            with connection.cursor() as cursor:
                cursor.execute("ANALYZE")
            results += measure(station, rounds)
        return results, measure_sweeps(), connection.vendor
    finally:
        connection.creation.destroy_test_db(name, verbosity=0)


def measure(station: "Station", rounds: int) -> list[Result]:
    from django.test import Client

    results = []
    for who in (station.officers[0], station.chief, station.bureau):
        client = Client(raise_request_exception=True)
        client.force_login(who)
        for page in pages(who):
            print(f"  {station.enterprises} enterprises, {who}: {page.name}", file=sys.stderr)
            results.append(measure_page(client, page, str(who), station.enterprises, rounds))
    return results


def pages(who: "User") -> list[Page]:
    from issues.models import Issue

    # In both the same for everybody: an open line, and its enterprise.
    line = Issue.objects.visible_to(who).filter(stage="working", sensitive=False).earliest("pk")
    return [
        Page("dashboard", "/", 10),
        Page("enterprise ledger", "/enterprises/", 12),
        Page("dossier", f"/enterprises/{line.enterprise_id}/", 20),
        Page("bill ledger", "/issues/", 12),
        Page("issue page", f"/issues/{line.number}/", 20),
        Page("visit list", "/visits/", 12),
        Page("API enterprises", "/api/v1/enterprises/", 12),
        Page("API issues", "/api/v1/issues/", 12),
        Page("API visits", "/api/v1/visits/", 12),
    ]


def measure_page(client: Any, page: Page, who: str, enterprises: int, rounds: int) -> Result:
    """The page, its own statements sent raw, and a bare page of its size, in turn."""
    from django.db import connection

    def get(path: str) -> bytes:
        answer = client.get(path)
        if answer.status_code != 200:
            raise RuntimeError(f"{path} answered {answer.status_code}")
        content: bytes = answer.content
        return content

    def send(statements: list[Statement]) -> None:
        with connection.cursor() as cursor:
            for sql, parameters in statements:
                # The driver's cursor, below Django's own bookkeeping.
                cursor.cursor.execute(sql, parameters)
                if cursor.description:
                    cursor.fetchall()

    watch = Watch()
    with connection.execute_wrapper(watch):
        size = len(get(page.path))
        watch.statements.clear()
        get(page.path)
    statements = list(watch.statements)
    reading = [one for one in statements if one[0].lstrip().upper().startswith(("SELECT", "WITH"))]
    bare_path = f"/bare/{page.bare}/{size}/"
    get(bare_path)
    send(reading)

    total, database, raw, bare = Times(), Times(), Times(), Times()
    for _ in range(rounds):
        gc.collect()
        total.take(lambda: get(page.path))
        raw.take(lambda: send(reading))
        bare.take(lambda: get(bare_path))
        watch.seconds = 0
        with connection.execute_wrapper(watch):
            get(page.path)
        database.each.append(watch.seconds * 1000)
    return Result(
        enterprises=enterprises,
        who=who,
        page=page.name,
        queries=len(statements),
        most=page.most,
        size=size,
        total_ms=round(total.median, 2),
        total_quarters=rounded(total.quarters),
        database_ms=round(database.median, 2),
        raw_ms=round(raw.median, 2),
        raw_quarters=rounded(raw.quarters),
        bare_ms=round(bare.median, 2),
        bare_quarters=rounded(bare.quarters),
        to_raw=round(total.median / raw.median, 1),
        to_bare=round(total.median / bare.median, 1),
    )


class Watch:
    """What is sent to the database, and how long that takes until the first row."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.seconds = 0.0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.statements.append((sql, params))
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - started


def rounded(quarters: tuple[float, float]) -> tuple[float, float]:
    return round(quarters[0], 2), round(quarters[1], 2)


def report(results: list[Result], machine: dict[str, Any]) -> str:
    lines = [
        ", ".join(f"{name} {value}" for name, value in machine.items()),
        "Milliseconds: median (quarter to three quarters of the rounds).",
        f"{'rows':>5} {'who':<9} {'page':<18} {'queries':>7} {'kB':>5} {'total':>22}"
        f" {'database':>8} {'raw SQL':>20} {'bare view':>20} {'/raw':>6} {'/bare':>6}",
    ]
    lines += [
        f"{one.enterprises:>5} {one.who:<9} {one.page:<18} {one.queries:>4}/{one.most:<2}"
        f" {one.size / 1000:>5.0f} {spread(one.total_ms, one.total_quarters):>22}"
        f" {one.database_ms:>8.1f} {spread(one.raw_ms, one.raw_quarters):>20}"
        f" {spread(one.bare_ms, one.bare_quarters):>20} {one.to_raw:>6.1f} {one.to_bare:>6.1f}"
        for one in results
    ]
    return "\n".join(lines)


def spread(middle: float, quarters: tuple[float, float]) -> str:
    return f"{middle:.1f} ({quarters[0]:.1f}-{quarters[1]:.1f})"


if __name__ == "__main__":
    sys.exit(main())
