"""`manage.py tick`: every periodic job once, here and now."""

import json
from argparse import ArgumentParser
from collections import Counter
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from liaison.core.workdays import CHINA
from liaison.jobs.running import run
from liaison.schedule import JOBS

WRONG_USE = 2
# Room for every span that a job counts back or ahead.
YEARS = range(2000, 2200)


class Command(BaseCommand):
    help = (
        "Run every periodic job once, in this process, the same code as the worker's. Takes the "
        "place of worker and beat where cron starts it every minute. --at plays another time: "
        "what will be due by then is done; nothing is deleted before its time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--at", default="", help="2026-01-01T07:30, in China's time unless it says otherwise"
        )
        parser.add_argument("--json", action="store_true", help="one object instead of lines")

    def handle(self, *args: Any, at: str, **options: Any) -> None:
        now = _instant(at) if at else timezone.now()
        total: Counter[str] = Counter()
        jobs: dict[str, dict[str, Any]] = {}
        for job in JOBS:
            try:
                counts = run(job, now)
            except Exception as error:  # of any kind: it is the job's, and the others go on
                jobs[job.name] = {"error": f"{type(error).__name__}: {error}"}
            else:
                jobs[job.name] = {"counts": dict(counts)}
                total.update(counts)
        if options["json"]:
            said = {"at": now.astimezone(CHINA).isoformat(), "counts": dict(total), "jobs": jobs}
            self.stdout.write(json.dumps(said, ensure_ascii=False))
        else:
            for name, n in total.items():
                self.stdout.write(f"{name} {n}")
        if failed := [name for name, became in jobs.items() if "error" in became]:
            raise CommandError(f"Failed: {', '.join(failed)}. The log says why.")


def _instant(text: str) -> datetime:
    try:
        told = datetime.fromisoformat(text)
    except ValueError as error:
        raise CommandError(
            f"--at {text}: write it as 2026-01-01T07:30 or 2026-01-01T07:30+08:00.",
            returncode=WRONG_USE,
        ) from error
    if told.year not in YEARS:
        raise CommandError(
            f"--at {text}: the year must lie between {YEARS[0]} and {YEARS[-1]}.",
            returncode=WRONG_USE,
        )
    return told if timezone.is_aware(told) else told.replace(tzinfo=CHINA)
