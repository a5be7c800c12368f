"""Stations by the thousand, to see how the product behaves with them."""

import json
from argparse import ArgumentParser
from datetime import date
from time import monotonic
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from liaison.demo.scale import Refill, fill
from liaison.summaries.actions import count_due


class Command(BaseCommand):
    help = "Fill an empty database with made-up stations, or add to those made before."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--stations", type=int, required=True)
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--on", type=date.fromisoformat, help="the day that is about to begin; today by default"
        )
        parser.add_argument("--json", action="store_true", help="print what was made as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        started = monotonic()
        told = 0

        def progress(done: int) -> None:
            nonlocal told
            if options["verbosity"] and done >= told + 100:
                told = done
                self.stderr.write(f"{done} stations, {monotonic() - started:.0f} s")

        try:
            made = fill(options["stations"], options["seed"], options["on"], progress)
        except Refill as refused:
            raise CommandError(str(refused)) from refused
        count_due(timezone.now())
        seconds = monotonic() - started
        if options["json"]:
            said = {"stations": made.stations, "rows": made.rows, "seconds": round(seconds, 1)}
            self.stdout.write(json.dumps(said))
        else:
            self.stdout.write(
                f"{made.stations} stations, {made.rows.total()} rows added in {seconds:.0f} s."
            )
