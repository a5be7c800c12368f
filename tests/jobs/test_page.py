"""The page of running jobs: first of all whether everything runs, then each job in words."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from liaison.jobs.models import JobRun
from liaison.notices.models import Delivery
from liaison.schedule import JOBS
from tests import factories as make

pytestmark = pytest.mark.django_db
YES = "Yes, everything is running."


@pytest.fixture
def page():
    """What a system administrator reads, and what each row says."""
    client = Client()
    client.force_login(make.DeskFactory(admin_duty="system"))

    def read():
        client.cookies["django_language"] = "en"
        answer = client.get("/jobs/")
        assert answer.status_code == 200
        rows = {one.standing.job.name: one for one in answer.context["rows"]}
        return answer.content.decode(), rows

    return read


@pytest.fixture
def all_ran():
    now = timezone.now()
    for job in JOBS:
        JobRun.objects.create(
            name=job.name,
            first_begun_at=now,
            begun_at=now,
            ended_at=now,
            ran_for=now,
            seconds=0.2,
        )


def test_before_anything_has_run_it_asks_whether_the_worker_is_started(page):
    said, rows = page()
    assert "No: nothing has run yet. Is the worker started?" in said
    assert YES not in said
    assert {one.mark for one in rows.values()} == {"Not due yet"}


def test_all_is_well(page, all_ran):
    JobRun.objects.filter(pk="deliver-notices").update(
        counts={"deliveries": 3, "deliveries_failed": 0}
    )
    said, rows = page()
    assert YES in said
    assert {one.mark for one in rows.values()} == {"Runs"}
    assert rows["deliver-notices"].counted == ["notices sent 3"]
    assert rows["deliver-notices"].often == "every minute"
    assert "nothing was due" in said
    assert "0.2 s" in said
    assert "Deletes sessions that have ended." in said


def test_another_time_that_was_played_is_named(page, all_ran):
    said, rows = page()
    assert not any(one.went_by for one in rows.values())
    call_command("tick", "--at", "2026-01-01T07:30")
    said, rows = page()
    assert all(one.went_by for one in rows.values())
    assert "as if it were 2026-01-01 07:30" in said


def test_one_that_failed_is_marked_and_says_why(page, all_ran):
    JobRun.objects.filter(pk="deliver-notices").update(error="ValueError: odd")
    said, rows = page()
    assert "No: 1 job does not run as it should." in said
    assert rows["deliver-notices"].mark == "Failed last time"
    assert "ValueError: odd" in said


def test_one_that_no_longer_runs_is_marked(page, all_ran):
    long_ago = timezone.now() - timedelta(hours=3)
    JobRun.objects.filter(pk="recompute-uncertain-deadlines").update(
        begun_at=long_ago, ended_at=long_ago
    )
    said, rows = page()
    assert "No: 1 job does not run as it should." in said
    row = rows["recompute-uncertain-deadlines"]
    assert (row.mark, row.behind) == ("Does not run", "2 hours")


def test_one_that_runs_now_or_was_cut_off_is_marked(page, all_ran):
    now = timezone.now()
    nightly = JobRun.objects.filter(pk="clear-expired-sessions")
    nightly.update(begun_at=now + timedelta(seconds=1))
    said, rows = page()
    assert YES in said
    assert rows["clear-expired-sessions"].mark == "Running now"
    nightly.update(begun_at=now - timedelta(hours=1), ended_at=now - timedelta(hours=2))
    said, rows = page()
    assert "No: 1 job" in said
    assert rows["clear-expired-sessions"].mark == "Was cut off"


def test_when_all_is_silent_it_says_for_how_long(page, all_ran):
    ago = timezone.now() - timedelta(hours=4)
    JobRun.objects.update(begun_at=ago, ended_at=ago)
    said, rows = page()
    assert "No: nothing has run for 4 hours. Is the worker started?" in said
    assert rows["deliver-notices"].mark == "Does not run"


def test_deliveries_are_behind_by_the_oldest_that_is_due(page, all_ran):
    due = timezone.now() - timedelta(minutes=20)
    make.FailedDeliveryFactory(state="pending", failed_at=None, due_at=due)
    make.FailedDeliveryFactory(state="pending", failed_at=None, due_at=due + timedelta(hours=2))
    _said, rows = page()
    assert rows["deliver-notices"].behind == "20 minutes"
    Delivery.objects.filter(due_at=due).delete()
    assert page()[1]["deliver-notices"].behind == ""


def test_a_row_of_a_job_that_is_no_more_is_left_out(page, all_ran):
    JobRun.objects.create(
        name="gone", first_begun_at=timezone.now(), begun_at=timezone.now(), error="x"
    )
    said, rows = page()
    assert YES in said
    assert "gone" not in rows


def test_it_asks_each_job_for_its_oldest_and_no_more(page, all_ran, django_assert_max_num_queries):
    asked = sum(bool(job.behind) for job in JOBS)
    # Session, person, navigation, notices, and when each ran last.
    with django_assert_max_num_queries(asked + 5):
        page()


@pytest.mark.parametrize("duty", ["", "security", "audit"])
def test_it_is_for_system_administrators(duty):
    client = Client()
    client.force_login(make.DeskFactory(admin_duty=duty))
    assert client.get("/jobs/").status_code == 404
    assert b"/jobs/" not in client.get("/").content
