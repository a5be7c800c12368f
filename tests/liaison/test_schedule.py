"""The list of periodic jobs."""

from datetime import timedelta
from itertools import pairwise

from liaison.celery import app
from liaison.schedule import JOBS, beat_schedule


def test_every_job_names_a_task_that_a_worker_knows():
    app.loader.import_default_modules()
    assert JOBS
    assert {job.task for job in JOBS} <= set(app.tasks)
    assert len(beat_schedule()) == len(JOBS), "two jobs of one name"


def test_beat_is_given_the_list():
    assert app.conf.beat_schedule == beat_schedule()


def test_a_run_is_dropped_before_the_next_one_is_due():
    for job in JOBS:
        assert timedelta(0) < job.stale_after < period(job.every), job.name


def period(every):
    """The shortest time between two runs within a week."""
    if isinstance(every, timedelta):
        return every
    hits = sorted(
        timedelta(days=day, hours=hour, minutes=minute)
        for day in range(8)
        for hour in every.hour
        for minute in every.minute
        if (day + 1) % 7 in every.day_of_week
    )
    return min(later - earlier for earlier, later in pairwise(hits))
