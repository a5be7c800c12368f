"""Two workers and a beat are killed again and again while five hundred things fall due.

Each is killed KILLS times at random moments, alone or with its pool. Afterwards nothing is
missing and nothing is there twice; an e-mail may have gone twice only where its attempts say so.
`KILLS=30 pytest tests/jobs/test_killed.py` is the whole of it; the usual run is a shorter one.
"""

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.db import connection
from django.utils import timezone

from enterprises.actions import recompute_cadence
from enterprises.models import Cadence, Enterprise, Reminder
from issues.models import Escalation, Issue
from liaison.jobs.sweeps import oldest_unrung, ring
from liaison.notices.delivering import deliver
from liaison.notices.models import Delivery, Mention, Notice
from tests import factories as make
from tests.liaison.processes import environment

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
KILLS = int(os.environ.get("KILLS", "6"))
LIVES = (0.5, 2.2)  # seconds, or longer where starting takes as long
LINES = ENTERPRISES = 250
OFFICERS = 12
FALL_DUE_WITHIN = KILLS * (LIVES[0] + LIVES[1]) / 2 * 0.8
STAFF = ("worker", "worker", "beat")


@pytest.fixture
def nursery(sink, tmp_path):
    """Starts what it is told to; all of it is gone afterwards."""
    env = environment(tmp_path / "var") | {
        "DJANGO_SETTINGS_MODULE": "liaison.settings",
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "LOG_LEVEL": "CRITICAL",
    }
    with (tmp_path / "log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.nursery"],
            cwd=site.BASE_DIR, env=env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
        )  # fmt: skip
        lock, pids = threading.Lock(), []

        def start(kind):
            with lock:
                process.stdin.write(f"{kind}\n")
                process.stdin.flush()
                pids.append(int(process.stdout.readline()))
                return pids[-1]

        assert process.stdout.readline() == "ready\n"
        yield start
        for pid in pids:
            kill(pid, whole=True)
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def kill(pid, *, whole):
    with contextlib.suppress(ProcessLookupError):
        (os.killpg if whole else os.kill)(pid, signal.SIGKILL)


def seconds_to_work(start):
    """From the start of a worker and a beat to the first step, on the machine as it is now."""
    began = time.monotonic()
    pids = [start(kind) for kind in ("worker", "beat")]
    while not Escalation.objects.exists() and time.monotonic() - began < 60:
        time.sleep(0.1)
    connection.close()
    for pid in pids:
        kill(pid, whole=True)
    return time.monotonic() - began


def live_and_die(start, kind, seed, longest):
    chance = random.Random(seed)
    for _ in range(KILLS):
        pid = start(kind)
        time.sleep(chance.uniform(LIVES[0], longest))
        if chance.random() < 0.5:
            # Its pool outlives it for a moment, as after an out-of-memory kill.
            kill(pid, whole=False)
            time.sleep(chance.uniform(0, 0.3))
        kill(pid, whole=True)


@pytest.fixture
def station():
    """Lines that nobody accepts and enterprises nobody answers for, due one after another."""
    unit = make.StationFactory()
    for kind in (make.DeskFactory, make.ChiefFactory):
        make.reachable(kind(unit=unit))
    officers = [make.reachable(make.OfficerFactory(unit=unit)) for _ in range(OFFICERS)]
    held = [make.AssignedEnterpriseFactory(unit=unit, officer=one) for one in officers]
    lines = [make.RaisedIssueFactory(enterprise=held[n % OFFICERS]) for n in range(LINES)]
    free = Enterprise.objects.bulk_create(
        Enterprise(unit=unit, name=f"示例{n}厂", identity_key=f"示例{n}厂|")
        for n in range(ENTERPRISES)
    )
    recompute_cadence(free)
    Delivery.objects.all().delete()
    Notice.objects.all().delete()
    begin = timezone.now() + timedelta(seconds=1)
    for n in range(LINES):
        due = begin + timedelta(seconds=FALL_DUE_WITHIN * n / LINES)
        Issue.objects.filter(pk=lines[n].pk).update(
            raised_at=due - timedelta(hours=24),
            respond_due_at=due,
            next_due_at=due,
            next_escalation_at=due,
        )
        Cadence.objects.filter(enterprise=free[n]).update(officer_due_at=due, next_reminder_at=due)
    return unit, lines, free


def test_killed_at_any_moment_nothing_is_missing_and_nothing_is_twice(station, nursery, sink):
    unit, lines, free = station
    sink.answers_after = 0.05
    # Another process writes here; what this one holds open would stand in its way.
    connection.close()
    longest = max(LIVES[1], 1.5 * seconds_to_work(nursery))
    threads = [
        threading.Thread(target=live_and_die, args=(nursery, kind, n, longest))
        for n, kind in enumerate(STAFF)
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    done_meanwhile = Escalation.objects.count() + Reminder.objects.count()
    assert done_meanwhile > 100, "they were killed at work, not before it"
    sent_meanwhile = len(sink.taken)
    assert sent_meanwhile > 0

    # What they left is taken up by whoever comes next; a lease runs out first.
    end = timezone.now() + timedelta(seconds=FALL_DUE_WITHIN)
    ring(end)
    Delivery.objects.filter(state="leased").update(due_at=timezone.now())
    while Delivery.objects.filter(due_at__isnull=False).exists():
        Delivery.objects.filter(due_at__isnull=False).update(due_at=timezone.now())
        deliver()
    assert oldest_unrung(end) is None

    # Every escalation and every reminder once, by what they must be.
    assert Counter(Escalation.objects.values_list("issue", "clock", "generation", "step")) == {
        (line.pk, "respond", 1, 2): 1 for line in lines
    }
    assert Counter(Reminder.objects.values_list("enterprise", "kind", "step")) == {
        (one.pk, "officer", 1): 1 for one in free
    }
    # Everybody who was to be told of each was, by one notice.
    desk, chief = unit.people.get(kind="desk"), unit.people.get(kind="chief")
    expected = Counter()
    for line in lines:
        for person in (line.handler, desk):
            expected[person.pk, f"escalation:{line.pk}:respond:1:2"] += 1
    for one in free:
        day = timezone.localdate(Cadence.objects.get(enterprise=one).officer_due_at)
        for person in (desk, chief):
            expected[person.pk, f"reminder:{one.pk}:officer:{day}:1"] += 1
    assert Counter(Mention.objects.values_list("recipient", "occasion")) == expected
    assert not Mention.objects.filter(notice=None).exists()
    told = Notice.objects.filter(mentions__isnull=False).distinct()
    assert set(Notice.objects.all()) == set(told)
    occasions = list(Notice.objects.values_list("recipient", "occasion"))
    assert len(occasions) == len(set(occasions))

    # Every notice was sent; again only with the Message-ID it had, and only where the record of a
    # first time is missing: then it was leased once more.
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}
    assert Delivery.objects.count() == Notice.objects.count()
    times = Counter(message_id for _to, message_id in sink.taken)
    attempts = dict(Delivery.objects.values_list("message_id", "attempts"))
    assert set(times) <= set(attempts)
    for message_id, n in times.items():
        assert n <= attempts[message_id], message_id
    twice = sum(n - 1 for n in times.values())
    sys.stderr.write(
        f"{KILLS} kills each: {done_meanwhile} steps and {sent_meanwhile} messages meanwhile,"
        f" {len(times)} messages in all, {twice} sent twice\n"
    )
    assert twice <= KILLS * 2, "at most once for each kill of a worker"
