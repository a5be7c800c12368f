"""Database connections of a worker: as many as it has processes, however many tasks pass."""

import time
import uuid

import pytest
from django.conf import settings
from django.db import connection

from liaison.celery import app
from liaison.notices.tasks import deliver_due
from tests.liaison.processes import environment, started

pytestmark = [pytest.mark.postgres, pytest.mark.races, pytest.mark.django_db(transaction=True)]

TASKS = 10_000
CONCURRENCY = 4
WITHIN = 180  # seconds; two cores that run other tests as well
ITS_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = %s"


@pytest.fixture
def queue():
    return f"test-{uuid.uuid4().hex}"


def test_connections_stay_at_the_workers_concurrency(queue, tmp_path):
    path = tmp_path / "worker.log"
    env = environment(settings.VAR) | {
        "PGAPPNAME": queue,
        # What is measured is not the disk.
        "PGOPTIONS": "-c synchronous_commit=off",
    }
    command = [
        "-m",
        "celery",
        "--app",
        "liaison",
        "worker",
        "--queues",
        queue,
        "--loglevel",
        "INFO",
    ]
    command += ["--concurrency", str(CONCURRENCY), "--without-gossip", "--without-mingle"]
    with app.producer_pool.acquire(block=True) as producer:
        for _ in range(TASKS):
            deliver_due.apply_async(queue=queue, producer=producer)
    most, done = 0, 0
    give_up_at = time.monotonic() + WITHIN
    with path.open("w") as log, path.open() as read, started(*command, env=env, log=log) as worker:
        while done < TASKS:
            assert worker.poll() is None, path.read_text()
            assert time.monotonic() < give_up_at, f"{done} of {TASKS} in {WITHIN} s"
            with connection.cursor() as cursor:
                cursor.execute(ITS_CONNECTIONS, [queue])
                most = max(most, cursor.fetchone()[0])
            done += sum("succeeded" in line for line in read)
            time.sleep(0.02)
    assert CONCURRENCY <= most <= CONCURRENCY + 2
