"""Beat and a worker as processes: what is due by the list is run, and its row says so."""

from contextlib import ExitStack
from datetime import timedelta

import pytest
from celery.beat import PersistentScheduler
from django.contrib.sessions.models import Session
from django.utils import timezone

from liaison.celery import app
from liaison.jobs.models import JobRun
from liaison.schedule import JOBS
from tests.liaison.processes import environment, started, wait_for

pytestmark = pytest.mark.django_db(transaction=True)
# On a shared Redis the worker of another test may be quicker; a minute later it is due again.
WITHIN = 150


@pytest.fixture
def stopped_for_two_days(tmp_path):
    """The file in which beat keeps when it last started what."""
    path = str(tmp_path / "beat-schedule")
    scheduler = PersistentScheduler(app=app, schedule_filename=path)
    for entry in scheduler.schedule.values():
        entry.last_run_at = timezone.now() - timedelta(days=2)
    scheduler.close()
    return path


def test_after_two_days_without_them_every_job_is_caught_up_once(stopped_for_two_days, tmp_path):
    ended = timezone.now() - timedelta(days=1)
    Session.objects.create(session_key="ended", session_data="", expire_date=ended)
    env = environment(tmp_path / "var")
    celery = ["-m", "celery", "--app", "liaison"]
    worker = [*celery, "worker", "--concurrency", "1", "--without-gossip", "--without-mingle"]
    beat = [*celery, "beat", "--pidfile", "", "--schedule", stopped_for_two_days]
    with (tmp_path / "log").open("w") as log, ExitStack() as processes:
        for command in (worker, beat):
            processes.enter_context(started(*command, env=env, log=log))
        wait_for(
            lambda: JobRun.objects.filter(ended_at__isnull=False).count() == len(JOBS),
            "every job run",
            within=WITHIN,
        )
    assert not JobRun.objects.exclude(error="").exists()
    assert JobRun.objects.get(pk="clear-expired-sessions").counts == {"sessions": 1}
    assert not Session.objects.exists()
