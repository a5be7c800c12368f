"""Thirty nights through the real addresses: guards without a network, late, swapped, with wrong
clocks, and a server that is killed twice a night over what it is doing.

Afterwards the database is compared with the script's own record (``recount``).
"""

import sys
from collections import Counter
from datetime import datetime, time, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from issues.models import Issue
from liaison.notices.models import Notice
from patrols.models import (
    CheckIn,
    CheckpointCode,
    Duty,
    DutyGuard,
    DutyNight,
    NightOperation,
    NightPhoto,
    NightReport,
    PatrolAlert,
    PatrolIncident,
    PatrolRun,
    Roster,
    RunStop,
)
from tests import factories as make
from tests.factories.patrols import route_of, team_of
from tests.patrols.month import recount
from tests.patrols.month.nights import BEGINS, CHINA, KILLS_A_NIGHT, Month, Night
from tests.patrols.month.phones import Server

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
NIGHTS = 30
ROUNDS = 2


@pytest.fixture
def station(settings):
    """A team of eight enterprises with its route and a published month, two of them a night."""
    # Rounds are drawn by it: the same month comes again.
    settings.SECRET_KEY = "示例密钥" * 20
    with time_machine.travel(datetime.combine(BEGINS, time(9), CHINA), tick=False):
        return as_published()


def as_published():
    team = team_of(8, 2)
    enterprises = [one.enterprise for one in team.memberships.order_by("pk")]
    contacts = [make.ContactUserFactory(enterprise=one) for one in enterprises]
    desk, chief = (kind(unit=team.unit) for kind in (make.DeskFactory, make.ChiefFactory))
    team.leader = contacts[0].contact_for.get()
    team.save(update_fields=("leader",))
    route_of(team, rounds=ROUNDS)
    roster = Roster.objects.create(
        team=team, month=BEGINS, made_by=chief, state="published", published_by=chief,
        published_at=datetime.combine(BEGINS, time(9), CHINA),
    )  # fmt: skip
    nights, duties = {}, {}
    for n in range(NIGHTS):
        evening = BEGINS + timedelta(days=n)
        night = DutyNight.objects.create(roster=roster, team=team, night_on=evening)
        nights[n] = night.pk
        for k in (2 * n % 8, (2 * n + 1) % 8):
            duty = Duty.objects.create(night=night, enterprise=enterprises[k])
            guard = enterprises[k].guards.order_by("pk").first()
            DutyGuard.objects.create(duty=duty, guard=guard, night_on=evening)
            duties[n, k] = duty.pk
    codes = {one.checkpoint_id: one.token for one in CheckpointCode.objects.all()}
    return SimpleNamespace(
        team=team, enterprises=enterprises, contacts=contacts, desk=desk, chief=chief,
        nights=nights, duties=duties, codes=codes,
        places={token: place for place, token in codes.items()},
        phone_numbers={one.pk: one.phone for e in enterprises for one in e.guards.all()},
    )  # fmt: skip


@pytest.fixture
def month(station, tmp_path):
    """It has passed."""
    # Another process writes here; what this one holds open would stand in its way.
    connection.close()
    with (tmp_path / "log").open("w") as log:
        server = Server(tmp_path / "var", log)
        try:
            found = Month(station, server)
            for n in range(NIGHTS):
                Night(found, n).pass_by()
        finally:
            server.stop()
    said = (tmp_path / "log").read_text()
    assert "Traceback" not in said, said[-3000:]
    return found


def test_a_month_of_nights_is_what_was_done_and_nothing_twice(month):
    it_was_a_hard_month(month)
    every_check_in_is_there_once(month)
    rounds_are_as_walked(month)
    each_missed_one_was_told_once_a_step(month)
    incidents_are_lines_once(month)
    the_nights_count_up(month)
    every_morning_had_its_report(month)
    swaps_hold(month)


def it_was_a_hard_month(month):
    """Else it proves nothing."""
    later = [one for one in month.did if one.arrived - one.at > timedelta(minutes=20)]
    skewed = [one for one in month.did if one.skewed]
    told = recount.alerts(month)
    again = sum(one.sent_twice for one in month.phones)
    sys.stderr.write(
        f"{len(month.rounds)} rounds, {len(month.did)} things done, {len(later)} of them sent"
        f" later, {len(skewed)} with a wrong clock, {again} sendings twice; {month.server.kills}"
        f" kills, {month.server.cut} over an answer; {len(told)} alerts\n"
    )
    assert month.server.kills == NIGHTS * KILLS_A_NIGHT
    assert month.server.cut > NIGHTS // 3, "it was killed at work"
    assert all(one.arrived for one in month.did)
    assert min(len(later), len(skewed), again, len(told)) > NIGHTS // 2
    # Some were told of what had been done, by a phone without a network.
    done = recount.of_round(month)
    false = [run for run, what, _place, _step in told if what == "late_start" and done[run]]
    assert len(false) > NIGHTS // 10
    assert len(month.swapped) > NIGHTS // 4


def every_check_in_is_there_once(month):
    rows = CheckIn.objects.values_list(
        "client_id", "night", "run", "guard", "checkpoint", "at", "by_code"
    )
    found = Counter((str(client_id), *rest) for client_id, *rest in rows)
    nights = month.station.nights
    assert found == Counter(
        (
            one.client_id, nights[one.night], one.body["run"], one.guard,
            recount.place_of(month, one), one.at, "code" in one.body,
        )
        for one in month.did
        if one.what == "check_in"
    )  # fmt: skip
    flagged = {str(one.client_id): "clock_skew" in one.flags for one in CheckIn.objects.all()}
    assert flagged == {one.client_id: one.skewed for one in month.did if one.what == "check_in"}
    # Nobody was far, out of their duty or by an old plate.
    odd = {flag for one in CheckIn.objects.all() for flag in one.flags}
    assert odd <= {"clock_skew", "out_of_order", "repeated_token"}
    operations = NightOperation.objects.values_list("client_id", "status")
    assert Counter((str(key), status) for key, status in operations) == Counter(
        (one.client_id, "done") for one in month.did
    )


def rounds_are_as_walked(month):
    done = recount.of_round(month)
    assert PatrolRun.objects.count() == len(month.rounds) == NIGHTS * ROUNDS
    for run in month.rounds:
        row, own = PatrolRun.objects.get(pk=run.pk), done[run.pk]
        assert row.planned_start == run.planned
        assert row.started_at == min((one.at for one in own), default=None)
        assert row.last_seen_at == max((one.at for one in own), default=None)
        assert (row.ended_at is None) == all(one.what != "end" for one in own)
        for stop in row.stops.all():
            passed = [
                one.at
                for one in own
                if one.what == "check_in" and recount.place_of(month, one) == stop.checkpoint_id
            ]
            assert stop.seen_at == min(passed, default=None)


def each_missed_one_was_told_once_a_step(month):
    rows = list(PatrolAlert.objects.values_list("run", "what", "checkpoint", "step", "at"))
    expected = recount.alerts(month)
    assert Counter(rows) == Counter((*key, at) for key, at in expected.items())
    people = month.station.team.unit.people
    steps = [[month.station.contacts[0].pk]]
    steps += [people.filter(kind=kind).values_list("pk", flat=True) for kind in ("desk", "chief")]
    told = Notice.objects.filter(url=reverse("patrol_tonight"))
    assert Counter(told.values_list("recipient", "occasion")) == Counter(
        (person, f"patrol:{run}:{what}:{place or ''}:{step}")
        for run, what, place, step in expected
        for person in steps[step]
    )


def incidents_are_lines_once(month):
    met = [one for one in month.did if one.what == "incident"]
    rows = PatrolIncident.objects.values_list("client_id", "guard", "happened_at", "sos")
    assert Counter((str(key), *rest) for key, *rest in rows) == Counter(
        (one.client_id, one.guard, one.at, bool(one.body.get("sos"))) for one in met
    )
    assert Issue.objects.count() == len(met) > 3
    assert not PatrolIncident.objects.filter(issue=None).exists()
    photos = NightPhoto.objects.values_list("client_id", "incident__client_id")
    assert Counter((str(shot), str(of)) for shot, of in photos) == Counter(
        (shot, one.client_id) for one in met for shot in one.body.get("photos", ())
    )


def the_nights_count_up(month):
    """Each night's numbers from the rows, and from the record."""
    for n, night in month.station.nights.items():
        runs = PatrolRun.objects.filter(night=night)
        stops = RunStop.objects.filter(run__night=night)
        assert {
            "planned": runs.count(),
            "walked": runs.exclude(started_at=None).count(),
            "ended": runs.exclude(ended_at=None).count(),
            "stops": stops.count(),
            "passed": stops.exclude(seen_at=None).count(),
            "check_ins": CheckIn.objects.filter(night=night).count(),
            "incidents": PatrolIncident.objects.filter(night=night).count(),
            "sos": PatrolIncident.objects.filter(night=night, sos=True).count(),
        } == recount.night_numbers(month, n)


def every_morning_had_its_report(month):
    """One each, by what was known then; told once to desk and chief."""
    team, alerted = str(month.station.team.pk), recount.alerts(month)
    people = month.station.team.unit.people.filter(kind__in=("desk", "chief"))
    people = people.values_list("pk", flat=True)
    for n in range(NIGHTS):
        evening = BEGINS + timedelta(days=n)
        row = NightReport.objects.get(night_on=evening)
        # The first sweep from five to seven on.
        due = datetime.combine(evening + timedelta(days=1), time(6, 55), CHINA)
        assert row.made_at == min(one for one in month.sweeps if one >= due)
        expected = recount.report(month, n, row.made_at, alerted)
        assert {name: row.teams[team].get(name, 0) for name in expected} == expected
        told = Notice.objects.filter(kind="patrol.morning", url__endswith=f"/{evening}/")
        assert sorted(told.values_list("recipient", flat=True)) == sorted(people)


def swaps_hold(month):
    enterprises = [one.pk for one in month.station.enterprises]
    for n, night in month.station.nights.items():
        out = {2 * n % 8, (2 * n + 1) % 8}
        if n in month.swapped:
            leaves, comes = month.swapped[n]
            out = out - {leaves} | {comes}
        found = Duty.objects.filter(night=night).values_list("enterprise", flat=True)
        assert sorted(found) == sorted(enterprises[k] for k in out)
        guards = {one.guard for one in month.did if one.night == n}
        on_duty = DutyGuard.objects.filter(duty__night=night).values_list("guard", flat=True)
        assert guards <= set(on_duty)
