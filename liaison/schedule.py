"""Every periodic job, in one list: what beat starts, how often, and why.

A job may come late or twice (beat restarts, the broker redelivers), so each task must find what is
due in the database and give the same result when it runs again.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from celery.schedules import crontab


@dataclass(frozen=True)
class Job:
    name: str
    task: str
    every: timedelta | crontab  # crontab is read in CELERY_TIMEZONE
    why: str


JOBS = [
    Job(
        name="clear-expired-sessions",
        task="liaison.accounts.tasks.clear_expired_sessions",
        every=crontab(hour=4, minute=10),
        why="Sessions that ended stay in the table until they are deleted.",
    ),
]


def beat_schedule() -> dict[str, dict[str, Any]]:
    """JOBS as Celery wants them.

    A run expires before the next one is due: after a night with the worker stopped, one run
    catches up instead of one per missed hour.
    """
    schedule = {}
    for job in JOBS:
        entry: dict[str, Any] = {"task": job.task, "schedule": job.every}
        if isinstance(job.every, timedelta):
            entry["options"] = {"expires": job.every.total_seconds()}
        schedule[job.name] = entry
    return schedule
