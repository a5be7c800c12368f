"""Take a year's published holidays into the calendar."""

import json
import os
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from liaison.calendars.actions import import_calendar
from liaison.calendars.reading import read_calendar, told
from liaison.core.refused import Refused
from liaison.core.sheets import UnreadableSheet

UNREADABLE = 2


class Command(BaseCommand):
    help = (
        "Import public holidays and make-up workdays (XLSX, XLS, CSV with date, kind, name). "
        "Exit code 0: done, 1: a row was refused and nothing written, 2: not to be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *args: Any, file: Path, json: bool, **options: Any) -> None:
        # A name that is no UTF-8, as archives from elsewhere have them, is shown as far as it is.
        shown = os.fsencode(file).decode("utf-8", "replace")
        try:
            rows = read_calendar(file.read_bytes(), shown)
        except OSError as error:
            self._end(UNREADABLE, [_error(None, f"{shown}: {error.strerror}")], json)
        except UnreadableSheet as error:
            self._end(UNREADABLE, [_error(None, f"{shown}: {error.message}")], json)
        except Refused as refused:
            self._end(1, refused.details["errors"], json)
        imported = import_calendar(rows, by=None, filename=Path(shown).name)
        if json:
            self._print({**asdict(imported), "errors": []})
            return
        self.stdout.write(
            f"{imported.added} added, {imported.changed} changed, {imported.unchanged} unchanged; "
            f"{imported.moved} deadlines moved."
        )
        for year in imported.incomplete:
            self.stderr.write(f"{year} lacks 1 January, 1 May or 1 October: is the file whole?")

    def _print(self, answer: dict[str, Any]) -> None:
        self.stdout.write(json.dumps(answer, ensure_ascii=False))

    def _end(self, code: int, errors: list[dict[str, Any]], as_json: bool) -> NoReturn:
        if as_json:
            nothing = {"added": 0, "changed": 0, "unchanged": 0, "moved": 0}
            self._print({**nothing, "years": [], "incomplete": [], "errors": errors})
        for error in errors:
            row, message = error["row"], error["message"]
            self.stderr.write(told(row, message) if row else str(message))
        raise SystemExit(code)


def _error(row: int | None, message: str) -> dict[str, Any]:
    return {"row": row, "message": message}
