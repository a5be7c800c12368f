"""Running a job and writing down how it went: the same for a worker and for `manage.py tick`."""

import logging
import time
from collections import Counter
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.module_loading import import_string

from liaison.jobs.models import ERROR_MAX, JobRun
from liaison.schedule import Job

logger = logging.getLogger(__name__)


def run(job: Job, now: datetime) -> Counter[str]:
    """Do what is due by ``now``; how much of what was done.

    Whatever the job raises is written on its row and in the log, and raised on.
    """
    _begun(job, timezone.now())
    began = time.monotonic()
    try:
        by = min(now, timezone.now()) if job.deletes else now
        counts: Counter[str] = Counter(import_string(job.runs)(by))
    except Exception as error:
        logger.exception("job %s", job.name)
        _ended(job, now, began, error=_said(error))
        raise
    _ended(job, now, began, counts=dict(counts))
    return counts


def _begun(job: Job, at: datetime) -> None:
    """In one statement; how it last ended stays until it ends again."""
    JobRun.objects.bulk_create(
        [JobRun(name=job.name, first_begun_at=at, begun_at=at)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["begun_at"],
    )


def _ended(job: Job, now: datetime, began: float, **result: Any) -> None:
    JobRun.objects.filter(pk=job.name).update(
        ended_at=timezone.now(),
        ran_for=now,
        seconds=time.monotonic() - began,
        **({"counts": {}, "error": ""} | result),
    )


def _said(error: Exception) -> str:
    """Its first line: what a database adds below it quotes the row, and rows name people."""
    lines = str(error).replace("\0", "").splitlines() or [""]
    return f"{type(error).__name__}: {lines[0]}"[:ERROR_MAX]
