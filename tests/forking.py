"""Work in processes of their own, on the database of the test that started this one.

Setting Django up takes longer than the work; so it is done once, and each line on standard input
forks a process that does it. Prints the process's id, and "ended" with its status.

    python -m tests.forking tests.workers.handing_in
"""

import os
import sys
import time
from importlib import import_module

import django
from django.conf import settings
from django.db import connection


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def settled() -> None:
    """Wait until nobody else is at work in the database.

    PostgreSQL's own process outlives the one it worked for: a commit that was sent before the kill
    may still come, and whoever counts before it counts half.
    """
    if connection.vendor != "postgresql":
        return
    by = time.monotonic() + 10
    while time.monotonic() < by:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND backend_type = 'client backend'"
                " AND pid <> pg_backend_pid() AND state <> 'idle'"
            )
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.02)
    raise AssertionError("a killed process's connection is still at work after 10 s")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liaison.settings")
    settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE"]
    django.setup()
    work = import_module(sys.argv[1]).work
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            work(*line.split(), *sys.argv[2:])
            os._exit(0)
        say(str(pid))
        _pid, status = os.waitpid(pid, 0)
        say(f"ended {status}")
