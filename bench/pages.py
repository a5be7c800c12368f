"""What each page costs with one station and with many."""

import argparse
import sys
from dataclasses import dataclass

from django.utils import timezone

from bench.catalogue import WHO, Page, pages_of
from bench.holding import Database, Filling, held, vendor
from bench.report import Cost, Measured, report_pages
from bench.visiting import go_round, prepare


@dataclass
class Pages:
    database: str
    each: list[Measured]


def measure(flags: argparse.Namespace) -> Pages:
    on = flags.on or timezone.localdate()
    with (
        held(Filling(1, on)) as one,
        held(Filling(flags.stations, on, flags.filled)) as many,
    ):
        each = [
            _measure(one, many, who, page, flags.rounds)
            for who in flags.who or WHO
            for page in one.ask(pages_of, who)
            if not flags.page or page.name in flags.page
        ]
        return Pages(one.ask(vendor), each)


def report(result: Pages) -> str:
    return f"Pages on {result.database}\n{report_pages(result.each)}"


def failures(result: Pages) -> list[str]:
    return [fault for one in result.each for fault in one.faults()]


def _measure(one: Database, many: Database, who: str, page: Page, rounds: int) -> Measured:
    """In turn, so that what disturbs the machine disturbs both."""
    print(f"  {who}: {page.name}", file=sys.stderr)
    costs = {
        database: Cost(database.stations, database.ask(prepare, who, page))
        for database in (one, many)
    }
    for _ in range(rounds):
        for database, cost in costs.items():
            cost.take(database.ask(go_round, who, page))
    return Measured(who, page, costs[one], costs[many])
