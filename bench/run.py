"""What a page costs with one station and with many, and what else costs time. See bench/README.md.

python bench/run.py [--stations 100] [--rounds 15] [--who officer chief] [--page search]
"""

import argparse
import json
import os
import platform
import sys
import tempfile
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import django  # noqa: E402

from bench.holding import Database, Filling, held, vendor  # noqa: E402

if TYPE_CHECKING:
    from bench.pages import Page
    from bench.report import Measured


@dataclass(frozen=True)
class Part:
    """A bench: what it prints, what of it is kept, and what was found to be too much."""

    name: str
    table: str
    results: list[Any]
    faults: list[str]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--stations", type=int, default=100, help="how many are many")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--who", nargs="+", default=[], help="only for these: officer chief ...")
    parser.add_argument("--page", nargs="+", default=[], help="only these, by their names")
    parser.add_argument("--filled", default="", help="address of a database that has them; stays")
    parser.add_argument("--on", type=date.fromisoformat, help="the day it was filled for; today")
    parser.add_argument("--only-pages", action="store_true", help="nothing but the pages")
    parser.add_argument("--output", type=Path, default=ROOT / "bench" / "results.json")
    chosen = parser.parse_args()
    if chosen.rounds < 2 or chosen.stations < 2:
        parser.error("at least 2 rounds and 2 stations")
    with tempfile.TemporaryDirectory(prefix="liaison-bench-") as folder:
        os.environ |= {"LIAISON_VAR": folder, "DJANGO_SETTINGS_MODULE": "liaison.settings"}
        django.setup()
        parts, database = measure_all(chosen)
    machine = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "cores": os.cpu_count(),
        "database": database,
        "rounds": chosen.rounds,
    }
    kept = {"on": machine} | {part.name: part.results for part in parts}
    chosen.output.write_text(json.dumps(kept, indent=1, default=str))
    print(", ".join(f"{name} {value}" for name, value in machine.items()))
    for part in parts:
        print(f"\n{part.table}")
    print(f"\nWritten to {chosen.output}")
    faults = [fault for part in parts for fault in part.faults]
    for fault in faults:
        print(fault)
    return int(bool(faults))


def measure_all(chosen: argparse.Namespace) -> tuple[list[Part], str]:
    """Every bench in turn, and which database it was."""
    from django.utils import timezone

    on = chosen.on or timezone.localdate()
    with (
        held(Filling(1, on)) as one,
        held(Filling(chosen.stations, on, chosen.filled)) as many,
    ):
        parts = [measure_pages(one, many, chosen)]
        if not chosen.only_pages:
            parts += measure_others(one)
        return parts, one.ask(vendor)


def measure_others(one: Database) -> list[Part]:
    """What is no page. Each is a module with its dataclass, ``measure_...`` and ``report_...``;
    what needs stations asks the database that has one."""
    from bench.sweeps import MOST, measure_sweeps, ratio, report_sweeps

    sweeps = one.ask(measure_sweeps)
    times = ratio(sweeps)
    return [
        Part(
            "sweeps",
            report_sweeps(sweeps),
            [asdict(sweep) for sweep in sweeps],
            [f"a sweep: {times:.2f} times as much, allowed are {MOST}"] if times > MOST else [],
        )
    ]


def measure_pages(one: Database, many: Database, chosen: argparse.Namespace) -> Part:
    from bench.pages import WHO, pages_of
    from bench.report import report_pages

    measured = []
    for who in chosen.who or WHO:
        for page in one.ask(pages_of, who):
            if not chosen.page or page.name in chosen.page:
                print(f"  {who}: {page.name}", file=sys.stderr)
                measured.append(measure_page(one, many, who, page, chosen.rounds))
    faults = [fault for each in measured for fault in each.faults()]
    return Part("pages", report_pages(measured), [each.as_json() for each in measured], faults)


def measure_page(one: Database, many: Database, who: str, page: "Page", rounds: int) -> "Measured":
    """In turn, so that what disturbs the machine disturbs both."""
    from bench.report import Cost, Measured
    from bench.visiting import go_round, prepare

    costs = {
        database: Cost(database.stations, database.ask(prepare, who, page))
        for database in (one, many)
    }
    for _ in range(rounds):
        for database, cost in costs.items():
            cost.take(database.ask(go_round, who, page))
    return Measured(who, page, costs[one], costs[many])


if __name__ == "__main__":
    sys.exit(main())
