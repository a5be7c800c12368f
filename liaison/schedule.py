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
    """``stale_after``: a run that no worker has begun by then is dropped, because the next one
    does its work. After a night with the worker stopped one run catches up, not one per hour."""

    name: str
    task: str
    every: timedelta | crontab  # crontab is read in CELERY_TIMEZONE
    stale_after: timedelta
    why: str


JOBS = [
    Job(
        name="deliver-notices",
        task="liaison.notices.tasks.deliver_due",
        every=timedelta(minutes=1),
        stale_after=timedelta(seconds=50),
        why="Notices to be sent again, and those whose wake-up was lost.",
    ),
    Job(
        name="clear-expired-sessions",
        task="liaison.accounts.tasks.clear_expired_sessions",
        every=crontab(hour=4, minute=10),
        stale_after=timedelta(hours=23),
        why="Sessions that ended stay in the table until they are deleted.",
    ),
    Job(
        name="forget-old-sign-in-failures",
        task="liaison.accounts.tasks.forget_old_sign_in_failures",
        every=crontab(hour=4, minute=15),
        stale_after=timedelta(hours=23),
        why="Failed sign-ins that lock nobody any more stay in the table until they are deleted.",
    ),
    Job(
        name="discard-old-previews",
        task="enterprises.tasks.discard_old_previews",
        every=crontab(hour=4, minute=25),
        stale_after=timedelta(hours=23),
        why="Lists looked at and never agreed to hold people's names and telephone numbers.",
    ),
    Job(
        name="discard-forgotten-uploads",
        task="liaison.evidence.tasks.discard_forgotten_uploads",
        every=crontab(hour=4, minute=20),
        stale_after=timedelta(hours=23),
        why="Files are uploaded before the form is sent; some forms never are.",
    ),
    Job(
        name="recompute-uncertain-deadlines",
        task="issues.tasks.recompute_uncertain_deadlines",
        every=timedelta(hours=1),
        stale_after=timedelta(minutes=55),
        why="What an import of the calendar left undone, or what was begun beside it.",
    ),
]


def beat_schedule() -> dict[str, dict[str, Any]]:
    """JOBS as Celery wants them."""
    return {
        job.name: {
            "task": job.task,
            "schedule": job.every,
            "options": {"expires": job.stale_after.total_seconds()},
        }
        for job in JOBS
    }
