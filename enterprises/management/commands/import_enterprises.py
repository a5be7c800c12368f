"""Load a station's enterprise list from a file."""

import json
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from enterprises.actions.importing import import_list
from enterprises.importing.planning import Planned, counts_of
from liaison.accounts.models import Unit
from liaison.core.refused import Refused
from liaison.core.sheets import UnreadableSheet

UNREADABLE = 2


class Command(BaseCommand):
    help = (
        "Import an enterprise list (XLSX, XLS, CSV). "
        "Exit code 0: nothing refused, 1: some rows were, 2: the file could not be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--unit", required=True, help="code of the station")
        parser.add_argument("--dry-run", action="store_true", help="say what it would do, only")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(
        self, *args: Any, file: Path, unit: str, dry_run: bool, json: bool, **options: Any
    ) -> None:
        station = Unit.objects.stations().filter(code=unit).first()
        if station is None:
            self._unreadable(f"There is no station {unit}.", json)
        # A name that is no UTF-8, as archives from elsewhere have them, is shown as far as it is.
        shown = os.fsencode(file).decode("utf-8", "replace")
        try:
            content = file.read_bytes()
            plan = import_list(station, content, file.name, by=None, dry_run=dry_run)
        except OSError as error:
            self._unreadable(f"{shown}: {error.strerror}", json)
        except UnreadableSheet as error:
            self._unreadable(f"{shown}: {error.message}", json)
        except Refused as refused:
            self._unreadable(str(refused.message), json)
        counts = counts_of(plan)
        if json:
            self._print({**counts, "errors": errors(plan)})
        else:
            for one in errors(plan):
                self.stdout.write(f"row {one['row']}: {one['field']}: {one['message']}")
            verb = "would be" if dry_run else "were"
            told = ", ".join(f"{number} {outcome}" for outcome, number in counts.items())
            self.stdout.write(f"{len(plan)} rows {verb} read: {told}.")
        if counts["refused"]:
            raise SystemExit(1)

    def _print(self, answer: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _unreadable(self, message: str, as_json: bool) -> NoReturn:
        if as_json:
            nothing = dict.fromkeys(("created", "updated", "unchanged", "refused"), 0)
            self._print({**nothing, "errors": [{"row": None, "field": "file", "message": message}]})
        self.stderr.write(message)
        raise SystemExit(UNREADABLE)


def errors(plan: list[Planned]) -> list[dict[str, Any]]:
    """Why rows were refused, in the order of the file."""
    return [
        {"row": one.number, "field": said["field"], "message": str(said["message"])}
        for one in plan
        for said in one.messages
        if said["refuses"]
    ]
