"""Several processes sweep at once, die on the way, or find no broker."""

import json
import subprocess
import sys
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.conf import settings as site
from django.utils import timezone
from kombu import pools

from issues.actions import make_move
from liaison.celery import app
from liaison.notices.delivering import deliver
from liaison.notices.gathering import Saying, mention, tell_gathered
from liaison.notices.models import Delivery, Notice
from tests import factories as make
from tests.liaison.processes import environment, wait_for

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]

SWEEP = """
import sys, django
django.setup()
from liaison.notices.delivering import deliver
print("ready", flush=True)
sys.stdin.readline()
print(__import__("json").dumps(deliver()), flush=True)
"""


GATHER = """
import sys, django
django.setup()
from django.utils import timezone
from liaison.notices.gathering import tell_gathered
print("ready", flush=True)
sys.stdin.readline()
print(__import__("json").dumps(tell_gathered(timezone.now())), flush=True)
"""


@pytest.fixture
def sweepers(sink, tmp_path):
    """Processes that are ready to sweep and do so once they are told."""
    started = []

    def start(many, program=SWEEP):
        env = environment(tmp_path / "var") | {
            "DJANGO_SETTINGS_MODULE": "liaison.settings",
            "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
            "LOG_LEVEL": "CRITICAL",
        }
        started.extend(
            subprocess.Popen(
                [sys.executable, "-c", program],
                cwd=site.BASE_DIR,
                env=env,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(many)
        )
        for process in started:
            assert process.stdout.readline() == "ready\n"
        return started

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdin.close()
        process.stdout.close()


def go(processes):
    for process in processes:
        process.stdin.write("\n")
        process.stdin.flush()


def told(many):
    """So many people, one notice each: what is due to one person goes as one message."""
    for _ in range(many):
        make.NoticeFactory(recipient=make.reachable(make.OfficerFactory()))
    return sorted(Delivery.objects.values_list("message_id", flat=True))


def test_four_processes_send_each_once(sink, sweepers):
    expected = told(100)
    processes = sweepers(4)
    go(processes)
    sent = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
    assert sum(one.get("sent", 0) for one in sent) == 100
    assert sum(1 for one in sent if one) > 1, "they shared the work"
    assert sorted(message_id for _to, message_id in sink.taken) == expected
    assert Delivery.objects.filter(state="sent", attempts=1).count() == 100


def test_what_a_killed_process_was_sending_is_sent_again_and_known_by_its_message_id(
    sink, sweepers
):
    expected = told(60)
    sink.answers_after = 0.05  # most of their time they wait for its answer
    processes = sweepers(2)
    go(processes)
    wait_for(lambda: len(sink.taken) > 5, "some sent")
    # From now on it keeps them waiting, so that they are killed while they are sending.
    sink.answers_after = 5
    before = len(sink.taken)
    wait_for(lambda: len(sink.taken) == before + 2, "both sending")
    for process in processes:
        process.kill()
        process.wait()
    sink.answers_after = 0
    assert Delivery.objects.filter(state="leased").count() == 2
    # Their leases run out, and somebody else does the rest.
    deliver()
    Delivery.objects.filter(state="leased").update(due_at=timezone.now() - timedelta(seconds=1))
    deliver()
    assert Delivery.objects.filter(state="sent").count() == 60
    times = Counter(message_id for _to, message_id in sink.taken)
    assert sorted(times) == expected, "none is missing and none is new"
    assert sum(times.values()) - 60 <= 2, "twice only where a process was killed in between"


def mentioned(people, items):
    now = timezone.now()
    sayings = [Saying(f"{n}", "test", f"示例{n}", "", "/issues/") for n in range(items)]
    mention([(one.pk, said) for one in people for said in sayings], now=now)


def test_eight_processes_tell_each_person_once(sink, sweepers):
    people = [make.reachable(make.OfficerFactory()) for _ in range(30)]
    mentioned(people, 5)
    processes = sweepers(8, GATHER)
    go(processes)
    said = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
    assert sum(one.get("notices", 0) for one in said) == 30
    assert not any("failed" in one for one in said)
    assert sorted(Notice.objects.values_list("recipient", flat=True)) == [one.pk for one in people]
    assert Delivery.objects.count() == 30
    assert all(one.mentions.count() == 5 for one in Notice.objects.all())


def test_nobody_is_told_twice_or_forgotten_by_processes_that_are_killed(sink, sweepers):
    people = [make.OfficerFactory() for _ in range(150)]
    mentioned(people, 5)
    processes = sweepers(2, GATHER)
    go(processes)
    wait_for(lambda: Notice.objects.count() > 5, "some told")
    for process in processes:
        process.kill()
        process.wait()
    told = Notice.objects.count()
    assert told < 150, "they were killed on the way"
    assert tell_gathered(timezone.now()) == {"notices": 150 - told}
    assert sorted(Notice.objects.values_list("recipient", flat=True)) == [one.pk for one in people]
    assert all(one.mentions.count() == 5 for one in Notice.objects.all())


@pytest.fixture
def no_broker():
    """Nothing listens where the broker should be."""
    was = app.conf.broker_url

    def connect_to(url):
        app.conf.broker_url = url
        # Celery keeps its connections and producers; new ones are made for the new address.
        app._pool = app.amqp._producer_pool = None
        pools.reset()

    connect_to("redis://127.0.0.1:1/0")
    yield
    connect_to(was)


def test_a_request_does_not_fail_without_a_broker(sink, no_broker, caplog):
    """The line is moved, and the notice waits for the next sweep."""
    issue = make.ProposedIssueFactory(kind="hazard")
    make.reachable(issue.handler)
    chief = make.ChiefFactory(unit=issue.unit)
    began = time.monotonic()
    make_move(issue, "return", by=chief, version=issue.version, values={"reason": "照片不清"})
    assert time.monotonic() - began < 5
    assert "Connection refused" in caplog.text, "it was tried, and the log says what became of it"
    assert Delivery.objects.filter(state="pending").count() == 1
    assert deliver() == {"sent": 1}
