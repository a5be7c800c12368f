"""Killed while a list is handed in: everybody is registered, or nobody."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.db import connection

from issues.models import Issue
from tests import factories as make
from tests.forking import settled
from workers.actions import preview_list
from workers.models import Batch, BatchFile, Worker

MANY, BAD, KILLS = 600, 30, 8


@pytest.fixture
def handing_in():
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.forking", "tests.workers.handing_in"],
        cwd=settings.BASE_DIR,
        env=os.environ | {"TEST_DATABASE": str(connection.settings_dict["NAME"])},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.stdin.close()
    assert process.wait(timeout=30) == 0
    process.stdout.close()


def people():
    rows = [make.person(n) for n in range(MANY)]
    for row in rows[:BAD]:
        row["name"] = ""
    return rows


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_killed_at_any_moment_all_are_registered_or_none(handing_in):
    enterprise = make.AssignedEnterpriseFactory()
    desk = make.DeskFactory(unit=enterprise.unit)

    def start():
        # People of their own each time, so that nobody has to be taken away again.
        file = preview_list(enterprise, make.list_of(people()), "名单.xlsx", by=desk)
        handing_in.stdin.write(f"{file.pk} {desk.pk}\n")
        handing_in.stdin.flush()
        return file, int(handing_in.stdout.readline())

    def found(file):
        batch = Batch.objects.get(pk=file.batch_id)
        return (
            Worker.objects.filter(batch=batch).count(),
            file.rows.count(),
            BatchFile.objects.get(pk=file.pk).state,
            batch.state,
            Issue.objects.filter(worker_batches=batch).count(),
        )

    file, _pid = start()
    began = time.monotonic()
    assert handing_in.stdout.readline().strip() == "ended 0"
    takes = time.monotonic() - began
    done = (MANY - BAD, BAD, "applied", "submitted", 1)
    nothing = (0, MANY, "preview", "draft", 0)
    assert found(file) == done
    chance, seen = random.Random(7), set()
    for _ in range(KILLS):
        file, pid = start()
        time.sleep(chance.uniform(0, takes))
        # It may just have ended by itself; that is the case of all rows.
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        handing_in.stdout.readline()
        settled()
        assert found(file) in {done, nothing}
        seen.add(found(file))
    # Most were killed while it worked.
    assert nothing in seen
    # What was cut short can be handed in after all.
    last = Batch.objects.filter(state="draft").first().files.get()
    handing_in.stdin.write(f"{last.pk} {desk.pk}\n")
    handing_in.stdin.flush()
    handing_in.stdout.readline()
    assert handing_in.stdout.readline().strip() == "ended 0"
    assert found(last) == done
