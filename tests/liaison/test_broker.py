"""A task's way from here through the broker of this leg to a worker process."""

import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from liaison.jobs.tasks import run_job
from tests.liaison.processes import environment, started, wait_for

# A worker is another process: it sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)
NAME = "clear-expired-sessions"


@pytest.fixture
def queue():
    """One of its own: what other tests, or an application on the same Redis, send stays theirs."""
    return f"test-{uuid.uuid4().hex}"


@pytest.fixture
def worker(queue, tmp_path):
    """Starts a worker on the queue and tells what it has written to its log."""
    path = tmp_path / "worker.log"
    # The messages lie where this process puts them.
    env = environment(settings.VAR)
    command = ["-m", "celery", "--app", "liaison", "worker", "--queues", queue]
    command += ["--concurrency", "1", "--loglevel", "INFO"]
    command += ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with path.open("w") as log, started(*command, env=env, log=log) as process:

        def said(words):
            assert process.poll() is None, path.read_text()
            return words in path.read_text()

        yield said


@pytest.fixture
def ended_session():
    return Session.objects.create(
        session_key="ended", session_data="", expire_date=datetime.now(UTC) - timedelta(days=1)
    )


def test_a_task_travels_to_a_worker_unless_it_is_stale(ended_session, queue, worker):
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    run_job.apply_async((NAME,), queue=queue, expires=an_hour_ago)
    wait_for(lambda: worker("Discarding revoked task"), "the stale task dropped")
    assert Session.objects.exists()

    run_job.apply_async((NAME,), queue=queue)
    wait_for(lambda: worker("succeeded"), "the task done")
    assert not Session.objects.exists()
