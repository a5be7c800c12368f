"""Stations in bulk: what they hold is what the product's own verbs and rules would have left."""

import json
from datetime import UTC, date, datetime
from hashlib import sha256
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from enterprises.actions import recompute_cadence
from enterprises.actions.reminding import remind_due
from enterprises.models import Assignment, Cadence, Cover, Enterprise, Reminder
from issues.actions import accept_issue, raise_issue
from issues.actions.escalating import escalate_due
from issues.deadlines import calendar_for, derive, respond_by
from issues.models import Escalation, Event, Extension, Issue, IssueKind
from issues.workflow import OPEN, Clock, Stage
from liaison.accounts.models import Kind, Unit, User
from liaison.demo.scale import Refill, fill
from liaison.demo.scale.keys import ROOM, beyond
from liaison.notices.models import Notice
from tests import factories as make
from visits.actions import log_visit
from visits.models import Finding, Inspection, Promise, Visit

ON = date(2026, 3, 10)
# The midnight with which it begins in China.
NOW = datetime(2026, 3, 9, 16, tzinfo=UTC)


@pytest.fixture
def stations(db):
    with time_machine.travel(NOW, tick=False):
        yield fill(2, on=ON)


def rows_by_table():
    models = (*ROOM, Unit, Cadence)
    return {
        model._meta.label: sha256(
            repr([*model._base_manager.order_by("pk").values_list()]).encode()
        ).hexdigest()
        for model in models
    }


def test_it_is_a_believable_station_at_work(stations):
    assert stations.stations == 2
    assert stations.rows["issues_issue"] == Issue.objects.count()
    for station in Unit.objects.stations():
        lines = Issue.objects.filter(unit=station)
        assert set(lines.values_list("stage", flat=True)) == set(Stage)
        still_open = lines.open()
        assert 0.3 < still_open.count() / lines.count() < 0.5
        assert 0.01 < still_open.late(NOW).count() / still_open.count() < 0.1
        enterprises = Enterprise.objects.filter(unit=station)
        assert 140 < enterprises.count() < 180
        assert enterprises.unassigned().count() == 4
        assert 0 < enterprises.live().contact_overdue(ON).count() < 20
        people = User.objects.filter(unit=station)
        assert people.may_answer_for_enterprises().count() in (9, 10)
        contacts = people.filter(kind=Kind.CONTACT, contact_for__isnull=False)
        assert contacts.count() > 30
        assert [unit.kind for unit in Unit.objects.filter(path__startswith="/1/")].count(
            "bureau"
        ) == 19  # a province with all its cities, a county
    assert 4 < Event.objects.count() / Issue.objects.count() < 6
    assert not Visit.objects.filter(happened_at__gt=NOW).exists()
    assert not Event.objects.filter(at__gt=NOW).exists()
    assert {*Issue.objects.values_list("source", flat=True)} == {"portal", "visit", "desk"}
    for model in (Promise, Inspection, Finding, Cover, Reminder, Escalation):
        assert model.objects.exists(), model
    assert set(Extension.objects.values_list("outcome", flat=True)) >= {"pending", "granted"}
    assert Assignment.objects.filter(ended_at__isnull=False).exists()
    officer = User.objects.get(username="sc0001-officer1")
    assert not officer.has_usable_password()
    assert 0 < Notice.objects.filter(recipient=officer).unread().count() <= 3


def test_every_constraint_holds_also_the_append_only_ones(stations):
    connection.check_constraints()
    with pytest.raises(DatabaseError), transaction.atomic():
        Event.objects.update(text="")


def test_every_deadline_is_what_the_rules_say(stations):
    for line in Issue.objects.select_related("unit", "policy").prefetch_related("pauses"):
        assert line.respond_due_at == respond_by(line.raised_at, line.policy)
        derived = derive(line, line.pauses.all(), calendar_for(line, hours=True))
        assert line.resolve_due_at == (derived and derived.due.at), line.number
        last = line.events.last()
        assert (last.to_stage, last.generation) == (line.stage, line.generation)
        if line.stage in OPEN:
            running = {Clock.RESPOND: line.respond_due_at, Clock.RESOLVE: line.resolve_due_at}
            if line.running_clock in running:
                assert line.next_due_at == running[line.running_clock], line.number


def test_a_sweep_finds_nothing_left_undone_and_the_next_step_where_it_was(stations):
    lines = Issue.objects.open().order_by("pk")
    before = [*lines.values_list("pk", "next_escalation_at")]
    lines.update(next_escalation_at=NOW)
    assert not escalate_due(NOW)
    assert [*lines.values_list("pk", "next_escalation_at")] == before


def test_the_contact_clocks_stay_when_they_are_worked_out_again(stations):
    before = [*Cadence.objects.order_by("pk").values_list()]
    recompute_cadence(Enterprise.objects.select_related("unit"))
    Cadence.objects.filter(next_reminder_at__isnull=False).update(next_reminder_at=NOW)
    assert not remind_due(NOW)
    assert [*Cadence.objects.order_by("pk").values_list()] == before


def test_the_verbs_go_on_from_there(stations):
    officer = User.objects.get(username="sc0002-officer1")
    enterprise = Enterprise.objects.all().mine(officer).earliest("pk")
    numbers = Issue.objects.filter(unit=officer.unit, number__startswith="SC0002-2026-")
    last = max(int(number[-4:]) for number in numbers.values_list("number", flat=True))
    kind = IssueKind.objects.get(code="hazard")
    line = raise_issue(enterprise, kind=kind, title="门口堆放杂物", by=officer, source="visit")
    assert line.number == f"SC0002-2026-{last + 1:04d}"
    assert line.pk >= beyond(Issue), "where no further station has its rows"
    assert accept_issue(line, by=line.handler, version=line.version).stage == Stage.ACCEPTED
    seen = log_visit(enterprise, by=officer, channel="phone", met="门卫", happened_at=NOW)
    assert seen.pk >= beyond(Visit)


def test_the_same_seed_and_day_make_the_same_rows_in_one_go_or_in_two(db):
    made = []
    for steps in ((2,), (1, 2)):
        with time_machine.travel(NOW, tick=False), transaction.atomic():
            rows = [fill(stations, on=ON).rows.total() for stations in steps]
            assert fill(2, on=ON).rows.total() == 0, "nothing is missing"
            made.append((sum(rows), rows_by_table()))
            transaction.set_rollback(True)
    assert made[0] == made[1]


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_several_writers_make_the_same_rows_as_one():
    """Sixty stations are the first ten and two shares, of which each has its writer."""
    with time_machine.travel(NOW, tick=False):
        with transaction.atomic():
            alone, rows = fill(62, on=ON), rows_by_table()
            transaction.set_rollback(True)
        assert fill(62, on=ON) == alone
        assert rows_by_table() == rows


def test_another_seed_or_day_or_anybody_else_is_refused(stations):
    with pytest.raises(Refill, match="--seed 1 --on 2026-03-10"):
        fill(3, seed=2, on=ON)
    with pytest.raises(Refill, match="--on 2026-03-10"):
        fill(3, on=date(2026, 3, 11))
    make.StationFactory(code="LSL")
    with pytest.raises(Refill, match="the database is in use"):
        fill(3, on=ON)


def test_the_command_says_what_it_made_and_why_it_will_not(db):
    out = StringIO()
    call_command("seed_scale", "--stations=1", "--on=2026-03-10", "--json", stdout=out)
    said = json.loads(out.getvalue())
    assert said["stations"] == 1
    assert said["rows"]["accounts_unit"] == 20
    with pytest.raises(CommandError, match="--seed 1"):
        call_command("seed_scale", "--stations=1", "--seed=2", "--on=2026-03-10")
    with pytest.raises(CommandError, match="from 1 to"):
        call_command("seed_scale", "--stations=0")
