"""`manage.py tick`: every job once, at a given time; late, early or twice, alone or in a crowd."""

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest
from django.conf import settings as site
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.utils import timezone

from issues.models import Event, Issue
from liaison.accounts.models import SignInFailure
from liaison.core.workdays import CHINA
from liaison.evidence.models import Evidence
from liaison.jobs.models import JobRun
from liaison.jobs.saying import COUNTED
from liaison.notices.models import Delivery
from liaison.schedule import JOBS
from liaison.summaries.models import Summary
from patrols.models import Guard
from tests import factories as make
from tests.jobs import odd_jobs
from tests.liaison.processes import environment
from tests.rows import everything
from tests.world import World
from visits.models import Urgency

tick_command = import_module("liaison.management.commands.tick")
EARLY = datetime(2026, 1, 1, 7, 30, tzinfo=CHINA)


@pytest.fixture
def tick(capsys):
    """Runs the command here; the object it prints."""

    def run(*arguments):
        call_command("tick", "--json", *arguments)
        return json.loads(capsys.readouterr().out)

    return run


@pytest.fixture
def due(configured):
    """A little for every sweep to do."""
    now = timezone.now()
    make.NoticeFactory(recipient=make.reachable(make.OfficerFactory()))
    Session.objects.create(session_key="ended", expire_date=now - timedelta(days=1))
    SignInFailure.objects.create(account="x", at=now - timedelta(days=1))
    forgotten = make.EvidenceFactory()
    Evidence.objects.filter(pk=forgotten.pk).update(made_at=now - timedelta(days=31))
    line = make.AcceptedIssueFactory(kind="other", level="simple")
    Issue.objects.filter(pk=line.pk).update(
        due_uncertain=True, resolve_due_at=line.resolve_due_at + timedelta(days=1)
    )


DONE = {"deliveries": 1, "sessions": 1, "sign_in_failures": 1, "uploads": 1, "deadlines": 1}


def not_nothing(counts):
    """What was due and is done; numbers are counted anew by any tick, after a while or at another
    time, which tests/summaries is about."""
    return {name: n for name, n in counts.items() if n and name != "summaries"}


@pytest.mark.django_db
def test_a_tick_does_what_is_due_and_the_next_has_nothing_to_do(tick, due, mailoutbox):
    said = tick()
    assert not_nothing(said["counts"]) == DONE
    assert list(said["jobs"]) == [job.name for job in JOBS]
    assert said["jobs"]["clear-expired-sessions"] == {"counts": {"sessions": 1}}
    assert set(JobRun.objects.values_list("name", flat=True)) == set(said["jobs"])
    assert not JobRun.objects.exclude(error="").exists()
    assert not_nothing(tick()["counts"]) == {}
    assert len(mailoutbox) == 1
    assert Event.objects.filter(move="recompute").count() == 1


@pytest.mark.django_db
def test_lines_say_the_same_and_every_count_has_words(due, capsys):
    call_command("tick")
    said = dict(line.split() for line in capsys.readouterr().out.splitlines())
    assert not_nothing({name: int(n) for name, n in said.items()}) == DONE
    assert set(said) <= set(COUNTED)


@pytest.mark.django_db
def test_hours_late_it_does_it_all_the_same(tick, due, mailoutbox, time_machine):
    time_machine.move_to(timezone.now() + timedelta(hours=9))
    assert tick()["counts"]["deliveries"] == 1
    assert not_nothing(tick()["counts"]) == {}


@pytest.mark.django_db
def test_at_a_time_before_anything_was_due_it_does_nothing(tick, due):
    before = everything()
    then = timezone.now() - timedelta(days=60)
    # The deadline is wrong whatever day is played.
    assert not_nothing(tick("--at", then.isoformat())["counts"]) == {"deadlines": 1}
    after = everything()
    for label in ("notices.Delivery", "accounts.SignInFailure", "evidence.Evidence"):
        assert after[label] == before[label]


@pytest.mark.django_db
def test_whoever_plays_a_day_to_come_has_nothing_deleted_before_its_time(tick, due):
    live = Session.objects.create(
        session_key="live", expire_date=timezone.now() + timedelta(minutes=30)
    )
    upload = make.EvidenceFactory()
    said = tick("--at", (timezone.now() + timedelta(days=90)).isoformat())
    # By then the deadline has run out, and stands.
    assert said["counts"]["deadlines"] == 0
    # What it rings of in ninety days it may ring of now: nobody is deleted by that.
    rung = {n: said["counts"][n] for n in ("reminders", "escalations", "notices")}
    done = {n: DONE[n] for n in DONE if n != "deadlines"}
    assert not_nothing(said["counts"]) == done | not_nothing(rung)
    assert Session.objects.get() == live
    assert Evidence.objects.filter(pk=upload.pk).exists()


@pytest.mark.django_db
def test_an_earlier_day_does_not_take_back_that_a_deadline_ran_out(tick, time_machine):
    line = make.AcceptedIssueFactory(kind="other", level="simple")
    ran_out = line.resolve_due_at - timedelta(days=1)
    Issue.objects.filter(pk=line.pk).update(due_uncertain=True, resolve_due_at=ran_out)
    time_machine.move_to(ran_out + timedelta(hours=1))
    assert tick("--at", (ran_out - timedelta(days=1)).isoformat())["counts"]["deadlines"] == 0
    line.refresh_from_db()
    assert line.resolve_due_at == ran_out


@pytest.mark.django_db
def test_a_clock_set_back_between_two_ticks_makes_nothing_happen_twice(
    tick, due, mailoutbox, time_machine
):
    assert not_nothing(tick()["counts"]) == DONE
    time_machine.move_to(timezone.now() - timedelta(hours=3))
    assert not_nothing(tick()["counts"]) == {}
    time_machine.move_to(timezone.now() + timedelta(hours=3, minutes=1))
    assert not_nothing(tick()["counts"]) == {}
    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    "told",
    ["2026-01-01T07:30", "2026-01-01 07:30:00", "2026-01-01T07:30+08:00", "2025-12-31T23:30Z"],
)
@pytest.mark.django_db
def test_a_time_without_a_zone_is_chinas(tick, told):
    """Before 08:00 it is still yesterday in UTC."""
    assert tick("--at", told)["at"] == "2026-01-01T07:30:00+08:00"
    assert set(JobRun.objects.values_list("ran_for", flat=True)) == {EARLY.astimezone(UTC)}


@pytest.mark.parametrize(
    "told", ["yesterday", "2026-13-01", "07:30", "0001-01-01", "9999-12-31T23:59"]
)
@pytest.mark.django_db
def test_a_time_that_cannot_be_is_refused(told):
    with pytest.raises(CommandError, match="--at") as refused:
        call_command("tick", "--at", told)
    assert refused.value.returncode == 2
    assert not JobRun.objects.exists()


@pytest.mark.django_db
def test_a_job_that_fails_is_named_and_holds_up_no_other(monkeypatch, capsys):
    last = odd_jobs.named(odd_jobs.WORKING, "last")
    monkeypatch.setattr(tick_command, "JOBS", [odd_jobs.WORKING, odd_jobs.FAILING, last])
    with pytest.raises(CommandError, match=r"Failed: failing\.") as failed:
        call_command("tick", "--json")
    assert failed.value.returncode == 1
    said = json.loads(capsys.readouterr().out)
    assert said["counts"] == {"things": 4}
    assert said["jobs"]["failing"]["error"].startswith("ValueError: Key is there")
    assert JobRun.objects.get(pk="last").counts == {"things": 2}
    assert JobRun.objects.get(pk="failing").error


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_several_processes_at_once_do_each_thing_once(due, tmp_path, sink):
    for _ in range(30):
        make.NoticeFactory(recipient=make.reachable(make.OfficerFactory()))
    env = environment(tmp_path / "var") | {
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
        "LOG_LEVEL": "CRITICAL",
    }

    def run(_n):
        done = subprocess.run(
            [sys.executable, "manage.py", "tick", "--json"],
            cwd=site.BASE_DIR, env=env, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return json.loads(done.stdout)["counts"]

    with ThreadPoolExecutor(4) as pool:
        every = list(pool.map(run, range(4)))
    total = {name: sum(one[name] for one in every) for name in every[0]}
    assert not_nothing(total) == DONE | {"deliveries": 31}
    assert total["summaries"] == Summary.objects.filter(unit__kind="station").count() > 0
    assert len(sink.taken) == 31
    assert Delivery.objects.filter(state="sent", attempts=1).count() == 31
    assert Event.objects.filter(move="recompute").count() == 1
    assert JobRun.objects.count() == len(JOBS)


@pytest.mark.django_db
def test_of_a_station_with_nothing_due_a_tick_changes_nothing(tick):
    World()
    Delivery.objects.filter(due_at__isnull=False).delete()
    Urgency.objects.all().delete()
    Guard.objects.update(tell_on=None)
    before = everything()
    assert not_nothing(tick()["counts"]) == {}
    after = everything()
    for label in ("jobs.JobRun", "summaries.Summary"):
        assert before.pop(label) != after.pop(label)
    assert after == before
