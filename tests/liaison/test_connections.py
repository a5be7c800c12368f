"""Database connections of a worker: as many as it has processes, however many tasks pass."""

import uuid

import pytest
from django.conf import settings
from django.db import connection

from liaison.celery import app
from liaison.notices.tasks import deliver_due
from tests.liaison.processes import environment, started, wait_for

pytestmark = [pytest.mark.postgres, pytest.mark.races, pytest.mark.django_db(transaction=True)]

TASKS = 10_000
CONCURRENCY = 4
WITHIN = 180  # seconds; two cores that run other tests as well


@pytest.fixture
def queue():
    return f"test-{uuid.uuid4().hex}"


@pytest.fixture
def pool():
    """Connections to a pool (DATABASE_POOL); none is kept in one."""
    return 0


@pytest.fixture
def worker(queue, pool, tmp_path):
    """Starts a worker on the queue; tells how many tasks have succeeded so far."""
    path = tmp_path / "worker.log"
    env = environment(settings.VAR) | {
        "PGAPPNAME": queue,
        # What is measured is not the disk.
        "PGOPTIONS": "-c synchronous_commit=off",
        "DATABASE_POOL": str(pool),
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
    with path.open("w") as log, path.open() as read, started(*command, env=env, log=log) as process:
        succeeded = 0

        def done():
            nonlocal succeeded
            assert process.poll() is None, path.read_text()
            succeeded += sum("succeeded" in line for line in read)
            return succeeded

        yield done


def send(tasks, queue):
    with app.producer_pool.acquire(block=True) as producer:
        for _ in range(tasks):
            deliver_due.apply_async(queue=queue, producer=producer)


def asked(question, queue):
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {question} FROM pg_stat_activity WHERE application_name = %s", [queue]
        )
        return cursor.fetchall()


def test_connections_stay_at_the_workers_concurrency(queue, worker):
    seen = {0}

    def all_done():
        seen.add(len(asked("pid", queue)))
        return worker() == TASKS

    send(TASKS, queue)
    wait_for(all_done, "all tasks done", within=WITHIN)
    assert CONCURRENCY <= max(seen) <= CONCURRENCY + 2

    # A server that was restarted has forgotten them all.
    assert all(gone for (gone,) in asked("pg_terminate_backend(pid)", queue))
    send(20, queue)
    wait_for(lambda: worker() == TASKS + 20, "tasks done on new connections", within=30)


@pytest.mark.parametrize("pool", [2])
def test_a_pool_is_not_shared_by_the_processes_of_a_worker(queue, pool, worker):
    """Each forked process has its own."""
    send(200, queue)
    wait_for(lambda: worker() == 200, "all tasks done", within=60)
    assert CONCURRENCY <= len(asked("pid", queue)) <= CONCURRENCY * pool
    assert all(gone for (gone,) in asked("pg_terminate_backend(pid)", queue))
    send(20, queue)
    wait_for(lambda: worker() == 220, "tasks done on new connections", within=30)
