"""Run the tests on every leg, one after another, and say at the end what ran and what did not.

    python tests/run.py [--leg sqlite] [pytest arguments]

A leg whose service this machine lacks is reported as not run; with DEMAND_ALL_LEGS=1 that fails.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import services

ROOT = Path(__file__).resolve().parent.parent
Environment = dict[str, str]
# pytest's exit code where tests ran and some failed.
TESTS_FAILED = 1
# The caller's servers belong to the leg that asks tests/services.py for them.
BARE_ENVIRONMENT = {
    name: value
    for name, value in os.environ.items()
    if name not in ("DATABASE_URL", "REDIS_URL", "PYTHONDONTWRITEBYTECODE")
}
# Dozens of processes begin in a run: what one has compiled, and what pytest has made of the tests,
# the others read, wherever Python was told to keep nothing beside the sources.
COMPILED = {"PYTHONPYCACHEPREFIX": str(ROOT / "var" / "compiled")}


@contextmanager
def sqlite() -> Iterator[Environment]:
    yield {}


@contextmanager
def postgres() -> Iterator[Environment]:
    with services.postgres() as database, services.redis() as broker:
        yield {"DATABASE_URL": database, "REDIS_URL": broker}


@contextmanager
def browser() -> Iterator[Environment]:
    yield {"CHROMIUM": services.chromium()}


@dataclass
class Leg:
    name: str
    environment: Callable[[], AbstractContextManager[Environment]]
    arguments: list[str]
    # So many tests that failed are run once more, alone on the machine. 0: what fails has failed.
    once_more: int = 0


# What neither PostgreSQL nor Redis could answer otherwise is tried once, in the first leg. What its
# pages ask of the database is asked of PostgreSQL as well: every address for everybody by
# tests/test_access_grid.py, the main pages among many rows by tests/plans.
ONCE = (
    # Reckoning, wording, reading and writing files: no database is asked.
    "core/test_coordinates", "core/test_due", "core/test_identifiers", "core/test_sheets_*",
    "core/test_pinyin_and_dates", "core/test_workdays*", "core/test_collecting", "core/test_marks",
    "core/test_routing", "core/test_distances", "core/test_forms", "core/test_log_secrets",
    "visits/planning/test_*", "mobile/test_asking", "mobile/test_clocks",
    "notices/test_sending_times", "accounts/test_passwords", "evidence/test_*", "api/test_schema",
    "liaison/test_settings", "liaison/test_file_broker", "liaison/test_schedule",
    "bench/test_*", "lint/test_*", "core/test_masking", "core/test_sealing", "workers/test_rows",
    "green_channel/test_times", "issues/portal/test_promises", "issues/portal/test_wording",
    # How messages travel: the other side of the network decides.
    "notices/test_channels", "notices/test_unit_channels", "notices/test_channel_pages",
    # What forms look like, and what a page says of a few rows.
    "issues/test_line_page", "issues/test_move_forms", "issues/test_limit_pages",
    "issues/test_ladder_pages", "issues/test_why_due", "notices/test_pages", "calendars/test_page",
    "enterprises/test_cards", "staff/test_gate", "mobile/test_pages",
    # Long walks through all addresses for what somebody may not see: the conditions that decide are
    # asked of PostgreSQL by each app's own tests and by tests/test_access_grid.py.
    "test_lists_and_details", "test_named_nowhere", "portal/test_leaks",
    # What lies in the clear in a file of SQLite's.
    "workers/test_nowhere_in_clear",
    # How often the database is asked; and the grid of who may make which move, a long walk through
    # Python: each move is made on PostgreSQL by issues/test_moves.
    "test_query_counts", "issues/test_workflow_grid",
    # Whole runs through all of it, long ones, of what the tests of each part do on PostgreSQL.
    "jobs/test_month", "test_seed_demo", "liaison/test_serve",
)  # fmt: skip

# One more than the two cores that a machine is taken to have: many tests wait, for a process to
# begin or a page to change. The long ones are shared out to the end.
TOGETHER = ["-n", "3", "--dist", "worksteal"]
LEGS = [
    Leg("sqlite", sqlite, [*TOGETHER, "-m", "not browser and not postgres"]),
    Leg(
        "postgres",
        postgres,
        [*TOGETHER, "-m", "not browser or both", *(f"--ignore-glob=*/{one}.py" for one in ONCE)],
    ),
    # Each of these has a browser beside it: a third would have pages wait until tests give up. Two
    # on two cores still make a page late now and then, which says nothing about the page: such a
    # test has a second try, and the run says by name which ones needed it.
    Leg("browser", browser, ["-n", "2", "--dist", "worksteal", "-m", "browser"], once_more=2),
]


@dataclass
class Outcome:
    leg: Leg
    ran: bool = False
    why_not: str = ""
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0
    # Of processors, by all processes but the servers': comparable where other things run besides.
    processor_seconds: float = 0
    exit_code: int = 0
    unsteady: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        if not self.ran:
            return f"  {self.leg.name:<10} NOT RUN: {self.why_not}"
        verdict = "failed" if self.exit_code else "passed"
        return (
            f"  {self.leg.name:<10} {verdict:<8} {self.passed:>5} passed {self.failed:>4} failed"
            f" {self.skipped:>4} skipped {self.seconds:>7.1f} s"
            f" {self.processor_seconds:>7.1f} s of processors"
            + "".join(f"\n    passed at the second try only: {one}" for one in self.unsteady)
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leg", choices=[leg.name for leg in LEGS], action="append")
    chosen, pytest_arguments = parser.parse_known_args()
    # So that the servers started here are stopped as well when the run is.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))

    legs = [leg for leg in LEGS if not chosen.leg or leg.name in chosen.leg]
    outcomes = [run(leg, pytest_arguments) for leg in legs]

    print("\nLegs:", *outcomes, sep="\n")
    failed = any(outcome.exit_code for outcome in outcomes)
    missed = any(not outcome.ran for outcome in outcomes)
    if missed and os.environ.get("DEMAND_ALL_LEGS") == "1":
        print("DEMAND_ALL_LEGS=1: a leg that did not run is a failure.")
        failed = True
    print(f"{sum(o.passed for o in outcomes)} passed, {sum(o.failed for o in outcomes)} failed")
    return int(failed)


def run(leg: Leg, pytest_arguments: list[str]) -> Outcome:
    print(f"\n=== {leg.name} ===", flush=True)
    outcome = Outcome(leg)
    with ExitStack() as stack:
        try:
            environment = stack.enter_context(leg.environment())
        except services.Missing as missing:
            outcome.why_not = str(missing)
            print(f"not run: {missing}")
            return outcome
        # Files that the tests make are never mixed with those of a running application.
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="liaison-test-"))
        started, worked = time.monotonic(), processor_seconds()
        environment = BARE_ENVIRONMENT | COMPILED | environment | {"LIAISON_VAR": f"{folder}/var"}
        arguments = [*leg.arguments, *pytest_arguments, "-o", f"cache_dir={folder}/cache"]
        outcome.exit_code, report = pytest(arguments, environment, Path(folder, "first.xml"))
        count(report, outcome)
        if outcome.exit_code == TESTS_FAILED and outcome.failed <= leg.once_more:
            print(f"\nOnce more, one after another: {', '.join(failures(report))}", flush=True)
            again = [*arguments, "-n", "0", "--last-failed", "--last-failed-no-failures", "none"]
            outcome.exit_code, second = pytest(again, environment, Path(folder, "second.xml"))
            still = failures(second)
            outcome.unsteady = [one for one in failures(report) if one not in still]
            outcome.passed += len(outcome.unsteady)
            outcome.failed -= len(outcome.unsteady)
        outcome.ran = True
        outcome.seconds = time.monotonic() - started
        outcome.processor_seconds = processor_seconds() - worked
    return outcome


def processor_seconds() -> float:
    """What the processes started here have used until they ended."""
    times = os.times()
    return times.children_user + times.children_system


def pytest(arguments: list[str], environment: Environment, report: Path) -> tuple[int, Path]:
    """Run it; its exit code (5, no test collected, is a failure too) and its report."""
    command = [sys.executable, "-m", "pytest", f"--junit-xml={report}", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode, report


def failures(report: Path) -> list[str]:
    """The names of the tests that failed."""
    if not report.exists():
        return []
    return [
        f"{case.get('classname')}::{case.get('name')}"
        for case in ElementTree.parse(report).getroot().iter("testcase")
        if case.find("failure") is not None or case.find("error") is not None
    ]


def count(report: Path, outcome: Outcome) -> None:
    if not report.exists():
        return
    for suite in ElementTree.parse(report).getroot().iter("testsuite"):
        outcome.failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        outcome.skipped = int(suite.get("skipped", 0))
        outcome.passed = int(suite.get("tests", 0)) - outcome.failed - outcome.skipped


if __name__ == "__main__":
    sys.exit(main())
