"""Running a job: what it is given, and what is written down of how it went."""

import logging
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from liaison.accounts.models import SignInFailure
from liaison.core.workdays import CHINA
from liaison.jobs.models import JobRun
from liaison.jobs.running import run
from liaison.jobs.tasks import run_job
from liaison.schedule import job_named
from tests.jobs import odd_jobs

pytestmark = pytest.mark.django_db
NEW_YEAR = datetime(2026, 1, 1, 7, 30, tzinfo=CHINA)


def test_a_run_is_written_down(time_machine):
    time_machine.move_to(NEW_YEAR, tick=False)
    SignInFailure.objects.create(account="x", at=NEW_YEAR - timedelta(days=2))
    job = job_named("forget-old-sign-in-failures")
    assert run(job, NEW_YEAR) == {"sign_in_failures": 1}
    row = JobRun.objects.get()
    assert (row.name, row.counts, row.error) == (job.name, {"sign_in_failures": 1}, "")
    assert row.first_begun_at == row.begun_at == row.ended_at == row.ran_for == NEW_YEAR
    assert 0 < row.seconds < 10


def test_a_job_goes_by_the_time_it_is_given(time_machine):
    time_machine.move_to(NEW_YEAR, tick=False)
    SignInFailure.objects.create(account="x", at=NEW_YEAR - timedelta(days=2))
    run(job_named("forget-old-sign-in-failures"), NEW_YEAR - timedelta(days=3))
    assert SignInFailure.objects.exists()
    row = JobRun.objects.get()
    assert (row.ran_for, row.ended_at) == (NEW_YEAR - timedelta(days=3), NEW_YEAR)


def test_each_run_writes_over_the_last(time_machine):
    time_machine.move_to(NEW_YEAR, tick=False)
    run_job("clear-expired-sessions")
    time_machine.shift(timedelta(days=1))
    run_job("clear-expired-sessions")
    row = JobRun.objects.get()
    assert row.first_begun_at == NEW_YEAR
    assert row.begun_at == row.ended_at == row.ran_for == NEW_YEAR + timedelta(days=1)


def test_a_failure_is_written_down_logged_and_raised_and_the_next_success_clears_it(caplog):
    with pytest.raises(ValueError, match="Key"), caplog.at_level(logging.ERROR):
        run(odd_jobs.FAILING, timezone.now())
    row = JobRun.objects.get()
    assert row.error == "ValueError: Key is there already", "not the line that names a person"
    assert (row.counts, row.ended_at is not None) == ({}, True)
    assert "job failing" in caplog.text
    assert "13812345678" in caplog.text, "the log has it all"
    run(odd_jobs.named(odd_jobs.WORKING, "failing"), timezone.now())
    row.refresh_from_db()
    assert (row.error, row.counts) == ("", {"things": 2})


def test_what_is_begun_shows_while_it_runs():
    run(odd_jobs.WORKING, timezone.now())
    run(odd_jobs.LOOKING, timezone.now())
    row = JobRun.objects.get(pk="looking")
    assert row.counts == {"ended": 0}, "it found itself begun and not ended"


def test_a_job_that_is_no_more_is_an_error():
    with pytest.raises(KeyError, match="gone"):
        run_job("gone")
    assert not JobRun.objects.exists()
