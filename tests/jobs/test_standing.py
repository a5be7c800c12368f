"""How a job stands, from its period, its row and the clock."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from celery.schedules import crontab
from django.utils import translation

from liaison.core.workdays import CHINA
from liaison.jobs.models import JobRun
from liaison.jobs.saying import counted, lasted, often, took
from liaison.jobs.standing import State, next_after, nothing_runs_since, standings
from tests.jobs.odd_jobs import WORKING

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NIGHTLY = crontab(hour=4, minute=10)


def at(*moment):
    return datetime(*moment, tzinfo=CHINA)


NOW = at(2026, 3, 5, 9)


def row(job, *, ended=None, begun=None, first=None, error=""):
    """A run that ended then; or one begun since."""
    moment = begun or ended
    return JobRun(
        name=job.name, first_begun_at=first or moment, begun_at=moment, ended_at=ended, error=error
    )


def stands(job, *rows, now=NOW):
    [found] = standings([job], rows, now)
    return found


@pytest.mark.parametrize(
    ("every", "moment", "due"),
    [
        (MINUTE, at(2026, 3, 5, 9), at(2026, 3, 5, 9, 1)),
        (NIGHTLY, at(2026, 3, 5, 4, 9, 59), at(2026, 3, 5, 4, 10)),
        (NIGHTLY, at(2026, 3, 5, 4, 10, 2), at(2026, 3, 6, 4, 10)),
        (NIGHTLY, at(2026, 12, 31, 23), at(2027, 1, 1, 4, 10)),
        (crontab(hour=7, minute=0, day_of_week=1), at(2026, 3, 5, 9), at(2026, 3, 9, 7)),
        (crontab(hour=1, minute=0, day_of_month=1), at(2026, 3, 5, 9), at(2026, 4, 1, 1)),
        (crontab(minute="*/5"), at(2026, 3, 5, 9, 4), at(2026, 3, 5, 9, 5)),
    ],
)
def test_when_it_is_due_next_is_read_in_china(every, moment, due):
    assert next_after(every, moment) == due
    assert next_after(every, moment.astimezone(tz=None)) == due


@pytest.mark.parametrize(
    ("every", "ended", "state"),
    [
        (MINUTE, NOW - MINUTE, State.WELL),
        (MINUTE, NOW - 2 * MINUTE, State.WELL),
        (MINUTE, NOW - 2 * MINUTE - timedelta(seconds=1), State.MISSING),
        (NIGHTLY, at(2026, 3, 5, 4, 10, 1), State.WELL),
        (NIGHTLY, at(2026, 3, 4, 4, 10, 1), State.WELL),
        (NIGHTLY, at(2026, 3, 3, 4, 10, 1), State.MISSING),
        (NIGHTLY, NOW + HOUR, State.WELL),  # the clock was set back
    ],
)
def test_it_is_missing_once_it_has_been_due_twice(every, ended, state):
    job = replace(WORKING, every=every)
    found = stands(job, row(job, ended=ended))
    assert found.state == state
    assert found.troubled == (state == State.MISSING)


@pytest.mark.parametrize(
    ("every", "ended", "begun", "state"),
    [
        (HOUR, NOW - HOUR, NOW - timedelta(seconds=5), State.RUNNING),
        (HOUR, None, NOW - timedelta(seconds=5), State.RUNNING),
        (HOUR, NOW - HOUR, NOW - timedelta(minutes=9), State.RUNNING),
        (HOUR, NOW - HOUR, NOW - timedelta(minutes=11), State.CUT_OFF),
        # After a night without a worker.
        (HOUR, NOW - 12 * HOUR, NOW - timedelta(seconds=5), State.RUNNING),
        # Begun anew every ten minutes, and killed.
        (MINUTE, NOW - 12 * HOUR, NOW - timedelta(minutes=5), State.MISSING),
        (MINUTE, None, NOW - timedelta(minutes=11), State.MISSING),
    ],
)
def test_what_is_begun_is_running_for_as_long_as_a_task_may_take(every, ended, begun, state):
    job = replace(WORKING, every=every)
    assert stands(job, row(job, ended=ended, begun=begun)).state == state


def test_a_failure_shows_and_that_it_no_longer_runs_shows_before_it():
    failed = row(WORKING, ended=NOW - MINUTE, error="ValueError: x")
    assert stands(WORKING, failed).state == State.FAILED
    assert stands(WORKING, failed, now=NOW + HOUR).state == State.MISSING


def test_one_that_never_ran_is_missed_from_when_the_first_of_all_ran():
    nightly = replace(WORKING, name="nightly", every=NIGHTLY)
    since = row(WORKING, ended=NOW, first=at(2026, 3, 3, 9))
    assert stands(nightly, now=NOW).state == State.NEW
    assert stands(nightly, now=NOW).due_at is None
    at_first, later = at(2026, 3, 5, 4), at(2026, 3, 5, 4, 11)
    assert stands(nightly, since, now=at_first).state == State.NEW
    assert stands(nightly, since, now=later).state == State.MISSING


def test_it_is_as_far_behind_as_its_oldest_or_as_its_run():
    late = row(WORKING, ended=NOW - HOUR)
    assert stands(WORKING, late).behind == HOUR - MINUTE
    assert stands(WORKING, row(WORKING, ended=NOW - timedelta(seconds=90))).behind is None
    with_items = replace(WORKING, behind="tests.jobs.odd_jobs.hours_behind")
    assert stands(with_items, row(WORKING, ended=NOW)).behind == 3 * HOUR
    nothing_due = replace(WORKING, behind="tests.jobs.odd_jobs.not_behind")
    assert stands(nothing_due, late).behind is None
    assert stands(WORKING).behind is None


def test_nothing_runs_once_the_most_frequent_has_been_due_twice_since_any():
    nightly = replace(WORKING, name="nightly", every=NIGHTLY)
    both = [WORKING, nightly]

    def silent(*rows):
        return nothing_runs_since(standings(both, rows, NOW), NOW)

    ago = NOW - timedelta(minutes=5)
    assert silent(row(WORKING, ended=ago), row(nightly, ended=NOW - HOUR)) == ago
    assert silent(row(WORKING, ended=NOW - HOUR), row(nightly, ended=NOW)) is None
    assert silent(row(WORKING, ended=NOW - MINUTE)) is None
    assert silent() is None


def test_words():
    with translation.override("en"):
        assert often(timedelta(minutes=5)) == "every 5 minutes"
        assert often(NIGHTLY) == "daily at 04:10"
        assert often(crontab(hour="4,5", minute=10)) == str(crontab(hour="4,5", minute=10))
        said = [lasted(one) for one in (timedelta(0), 90 * MINUTE, 47 * HOUR, 50 * HOUR)]
        assert said == ["1 minute", "1 hour", "47 hours", "2 days"]
        assert [took(0.02), took(12.34)] == ["under 0.1 s", "12.3 s"]
        assert counted({"reminders": 2, "escalations": 0, "odd": 1}) == ["reminders 2", "odd 1"]
