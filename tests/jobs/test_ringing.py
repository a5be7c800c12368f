"""`manage.py tick` late, twice, and by eight processes at once: the same rows, one notice each."""

import json
import subprocess
import sys
from datetime import datetime
from io import StringIO

import pytest
import time_machine as clock
from django.conf import settings as site
from django.core.management import call_command

from enterprises.actions import recompute_cadence
from enterprises.models import Assignment, Enterprise, Reminder
from issues.models import Escalation
from liaison.core.workdays import CHINA
from liaison.jobs.sweeps import oldest_unrung
from liaison.notices.models import Mention, Notice
from tests import factories as make
from tests.clockwork import DAY, HOUR, staffed_station
from tests.liaison.processes import environment

BEGIN = datetime(2026, 3, 9, 10, tzinfo=CHINA)
END = BEGIN + 8 * DAY
PROCESSES = 8

TICK = """
import sys, django
django.setup()
from django.core.management import call_command
print("ready", flush=True)
sys.stdin.readline()
call_command("tick", "--at", sys.argv[1], "--json")
"""


def tick(now):
    out = StringIO()
    call_command("tick", "--at", now.isoformat(), "--json", stdout=out)
    return json.loads(out.getvalue())["counts"]


def station_with(lines, enterprises):
    """Nobody does anything at it from the beginning on."""
    with clock.travel(BEGIN, tick=False):
        unit = staffed_station()
        officers = [make.OfficerFactory(unit=unit) for _ in range(3)]
        ways = (make.RaisedIssueFactory, make.WorkingIssueFactory, make.WaitingIssueFactory)
        for n in range(lines):
            one = make.AssignedEnterpriseFactory(unit=unit, officer=officers[n % 3])
            ways[n % 3](enterprise=one, level="simple")
        many = Enterprise.objects.bulk_create(
            Enterprise(unit=unit, name=f"示例{n}厂", identity_key=f"示例{n}厂|", created_at=BEGIN)
            for n in range(enterprises)
        )
        Assignment.objects.bulk_create(
            Assignment(enterprise=one, officer=officers[n % 3], started_at=BEGIN)
            for n, one in enumerate(many)
        )
        recompute_cadence(many)
        for _ in range(3):
            make.EnterpriseFactory(unit=unit)
    return unit


def steps(unit):
    """Every step taken at the station, by what it is about and not by its ids."""
    lines = Escalation.objects.filter(issue__unit=unit).order_by("issue", "planned_at", "step")
    first = min(lines.values_list("issue", flat=True), default=0)
    enterprises = Reminder.objects.filter(enterprise__unit=unit).order_by(
        "enterprise", "kind", "step"
    )
    start = min(enterprises.values_list("enterprise", flat=True), default=0)
    return [
        [
            (one.issue_id - first, one.clock, one.generation, one.step, one.planned_at)
            for one in lines
        ],
        [
            (one.enterprise_id - start, one.kind, one.due_on, one.step, one.planned_at)
            for one in enterprises
        ],
    ]


def rung(people):
    """The notices that a sweep made for them, not those of what people did."""
    return Notice.objects.filter(recipient__in=people, mentions__isnull=False).distinct()


@pytest.mark.django_db
@pytest.mark.parametrize("late", [3 * HOUR, 3 * DAY, 21 * DAY])
def test_late_by_hours_days_or_weeks_is_the_same_and_no_storm(late):
    in_time = station_with(lines=6, enterprises=4)
    now = BEGIN
    while now < END + late:
        # Often enough for every step to be a run of its own.
        now += HOUR if late < DAY else 6 * HOUR
        tick(now)
    late_one = station_with(lines=6, enterprises=4)
    counts = tick(END + late)
    assert steps(late_one) == steps(in_time)
    assert counts["escalations"] + counts["reminders"] == sum(map(len, steps(late_one)))
    people = [*late_one.people.all(), *late_one.parent.people.all()]
    told = rung(people)
    assert counts["notices"] == told.count() == len(people), "one each"
    # Again, and with the clock set back: nothing.
    for again in (END + late, END, BEGIN - DAY):
        assert not any(tick(again)[name] for name in ("escalations", "reminders", "notices"))
    assert oldest_unrung(END + late) is None


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_eight_processes_at_once_take_each_step_once_and_tell_each_person_once(tmp_path):
    alone = station_with(lines=12, enterprises=300)
    tick(END)
    unit = station_with(lines=12, enterprises=300)
    env = environment(tmp_path / "var") | {
        "DJANGO_SETTINGS_MODULE": "liaison.settings", "LOG_LEVEL": "ERROR",
    }  # fmt: skip
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", TICK, END.isoformat()],
            cwd=site.BASE_DIR, env=env, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(PROCESSES)
    ]  # fmt: skip
    try:
        for one in processes:
            assert one.stdout.readline() == "ready\n"
        for one in processes:
            one.stdin.write("\n")
            one.stdin.flush()
        answers = [one.communicate(timeout=120) for one in processes]
    finally:
        for one in processes:
            one.kill()
            one.wait()
    assert [one.returncode for one in processes] == [0] * PROCESSES, [err for _out, err in answers]
    counts = [json.loads(out)["counts"] for out, _err in answers]
    assert steps(unit) == steps(alone)
    assert sum(one["reminders"] + one["escalations"] for one in counts) == sum(
        map(len, steps(unit))
    )
    people = [*unit.people.all(), *unit.parent.people.all()]
    told = rung(people)
    assert told.count() == sum(one["notices"] for one in counts) == len(people)
    assert not Mention.objects.filter(recipient__in=people, notice=None).exists()
