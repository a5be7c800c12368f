"""The list of periodic jobs."""

import subprocess
import sys
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from celery.beat import ScheduleEntry
from celery.schedules import crontab
from django.conf import settings
from django.utils.module_loading import import_string

from liaison.celery import app
from liaison.core.workdays import CHINA
from liaison.jobs.saying import often
from liaison.jobs.tasks import run_job
from liaison.schedule import JOBS, beat_schedule, job_named


def test_what_every_job_runs_is_there():
    assert JOBS
    for job in JOBS:
        assert callable(import_string(job.runs)), job.name
        assert not job.behind or callable(import_string(job.behind)), job.name
        assert job_named(job.name) is job, "two jobs of one name"


def test_beat_starts_each_as_the_one_task_that_a_worker_knows():
    app.loader.import_default_modules()
    assert app.conf.beat_schedule == beat_schedule()
    assert {(one["task"], one["args"]) for one in beat_schedule().values()} == {
        (run_job.name, (job.name,)) for job in JOBS
    }
    assert run_job.name in app.tasks


def test_a_run_is_dropped_before_the_next_one_is_due():
    for job in JOBS:
        assert timedelta(0) < job.stale_after < period(job.every), job.name


RUNS_A_DAY = {
    "recompute-uncertain-deadlines": 24,
    "accept-by-silence": 24,
    "remind-and-escalate": 24 * 60,
    "ring-held-requests": 24 * 60,
    "forget-old-submissions": 1,
    "deliver-notices": 24 * 60,
    "count-summaries": 24 * 60,
    "purge-positions": 24,
    "plan-days": 24 * 60,
    "clear-expired-sessions": 1,
    "forget-old-sign-in-failures": 1,
    "discard-old-phone-uploads": 1,
    "discard-forgotten-uploads": 1,
    "discard-old-previews": 1,
    "discard-old-guard-lists": 1,
    "tell-certificate-endings": 24,
    "plan-patrols": 24 * 12,
    "ring-patrols": 24 * 60,
    "report-nights": 24 * 12,
    "purge-patrol-positions": 24,
    "forget-old-day-plans": 1,
    "purge-workers": 1,
}


@pytest.mark.parametrize("job", JOBS, ids=[job.name for job in JOBS])
def test_beat_starts_each_as_often_as_it_is_meant(job, time_machine):
    """Failure 16: played by beat's own reckoning, from midnight to midnight in China."""
    moment = datetime(2026, 3, 5, tzinfo=CHINA)
    midnight = moment + timedelta(days=1)
    entry = ScheduleEntry(name=job.name, schedule=job.every, last_run_at=moment, app=app)
    starts = 0
    while moment <= midnight:
        time_machine.move_to(moment, tick=False)
        due, again_in = entry.is_due()
        if due:
            starts += 1
            entry = next(entry)
        moment += timedelta(seconds=again_in)
    assert starts == RUNS_A_DAY[job.name]


def test_none_goes_before_another():
    """Failure 16: a priority means the opposite on Redis, so there is none."""
    assert not any("priority" in one["options"] for one in beat_schedule().values())
    assert app.conf.task_default_priority is None
    assert {task.priority for task in app.tasks.values()} == {None}


def test_the_list_can_be_read_before_the_settings():
    read = "import liaison.schedule as one; from django.conf import settings; "
    read += "one.beat_schedule(); assert not settings.configured"
    # Past liaison/__init__.py, which reads them.
    read = "import sys, types; here = types.ModuleType('liaison'); " + (
        "here.__path__ = ['liaison']; sys.modules['liaison'] = here; " + read
    )
    subprocess.run([sys.executable, "-c", read], cwd=settings.BASE_DIR, check=True)


def test_how_often_is_said_in_words():
    for job in JOBS:
        assert "crontab" not in often(job.every), job.name
    assert often(crontab(minute="*/5")) == often(timedelta(minutes=5))
    assert "5" not in often(crontab(minute="*/20"))


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
