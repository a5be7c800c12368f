"""What nights came to, against a recount in plain Python from the rows themselves."""

import random
from collections import Counter
from datetime import date, timedelta

import pytest
from django.utils import timezone

from patrols.models import Absence, CheckIn, Duty, DutyGuard, PatrolRun, SwapRequest
from patrols.tallies import by_enterprise, by_guard, by_team, total
from tests import factories as make
from tests.factories import patrols as patrol
from tests.patrols.nights import guards_of, link_of, planned, send, walk

pytestmark = pytest.mark.django_db
FIRST = date(2026, 3, 2)
NIGHTS = [FIRST + timedelta(days=n) for n in range(6)]


@pytest.fixture
def month():
    """Two teams of one station over six nights: whole, short, not walked, without a route."""
    chance = random.Random(7)
    teams = [patrol.team_of(3, unit=make.StationFactory())]
    teams.append(patrol.team_of(3, unit=teams[0].unit))
    for team in teams:
        patrol.route_of(team, rounds=2)
    for team in teams:
        for evening in NIGHTS:
            night = planned(team, evening)
            guards = guards_of(night)
            for run in night.runs.all():
                fate = chance.randrange(4)
                if fate < 2:
                    walk(run, guards[fate], leave_out=0)
                elif fate == 2:
                    walk(run, guards[0], leave_out=1)
    bare = patrol.team_of(2, unit=teams[0].unit)
    planned(bare, NIGHTS[0])
    # Of another station and of a draft nothing is counted.
    patrol.night_door()
    return teams[0].unit


def seen(duty):
    names = set(DutyGuard.objects.filter(duty=duty).values_list("guard", flat=True))
    there = set(CheckIn.objects.filter(night=duty.night).values_list("guard", flat=True))
    there |= set(PatrolRun.objects.filter(night=duty.night).values_list("started_by", flat=True))
    return bool(names & there)


def recounted_enterprises(unit):
    found = {}
    for duty in Duty.objects.filter(night__team__unit=unit):
        had = duty.night.runs.exists()
        state = "done" if seen(duty) else "missed" if had else "unplanned"
        found.setdefault(duty.enterprise_id, Counter()).update(["nights", state])
    return found


def recounted_teams(unit):
    found = {}
    for run in PatrolRun.objects.filter(night__team__unit=unit):
        counts = found.setdefault(run.night.team_id, Counter())
        unseen = [one for one in run.stops.all() if one.seen_at is None]
        state = "missed" if not run.started_at else "short" if unseen else "walked"
        counts.update(["rounds", state])
        counts["checkpoints"] += run.stops.count()
        counts["passed"] += run.stops.count() - len(unseen)
    for one in CheckIn.objects.filter(night__team__unit=unit):
        found[one.night.team_id].update(["check_ins"] + (["flagged"] if one.flags else []))
    return found


def test_enterprises_and_teams_equal_a_recount(month):
    last = NIGHTS[-1]
    assert by_enterprise(month, FIRST, last) == recounted_enterprises(month)
    found = by_team(month, FIRST, last)
    for team, counts in recounted_teams(month).items():
        assert {name: found[team][name] for name in counts} == dict(counts)
    whole = total(found.values())
    assert whole["rounds"] == whole["walked"] + whole["short"] + whole["missed"]
    assert all(whole[name] for name in ("missed", "short", "walked"))


def test_a_guards_night_is_that_of_its_duty_and_the_phone_stands_beside_it(month):
    found = by_guard(month, FIRST, NIGHTS[-1])
    for guard, counts in found.items():
        rows = DutyGuard.objects.filter(guard=guard, duty__night__team__unit=month)
        assert counts["nights"] == rows.count()
        assert counts["done"] == sum(seen(one.duty) for one in rows)
        own = {one.night_id for one in CheckIn.objects.filter(guard=guard)}
        own |= {one.night_id for one in PatrolRun.objects.filter(started_by=guard)}
        assert counts["own"] == len(own & {one.duty.night_id for one in rows})


def test_only_the_nights_asked_for(month):
    found = total(by_enterprise(month, NIGHTS[1], NIGHTS[2]).values())
    assert found["nights"] == Duty.objects.filter(night__night_on__in=NIGHTS[1:3]).count()
    assert by_team(month, NIGHTS[3], NIGHTS[2]) == {}


def test_swaps_and_absences_by_whom_and_for_whom():
    team = patrol.team_of(4)
    one, two, three, four = (m.enterprise for m in team.memberships.order_by("pk"))
    by = make.someone("chief", team.unit)
    planned(team, NIGHTS[0])
    SwapRequest.objects.create(
        team=team, asking=one, asked=two, gives_on=NIGHTS[0], takes_on=NIGHTS[1],
        asked_by=by, state="approved",
    )  # fmt: skip
    SwapRequest.objects.create(team=team, asking=one, asked=three, gives_on=NIGHTS[2], asked_by=by)
    values = {"night_on": NIGHTS[0], "by": by, "at": timezone.now()}
    Absence.objects.create(enterprise=one, substitute=four, **values)
    guard = two.guards.first()
    Absence.objects.create(enterprise=two, guard=guard, substitute=two, **values)
    found = by_enterprise(team.unit, FIRST, NIGHTS[-1])
    assert {key: found[one.pk][key] for key in ("given", "taken", "absent")} == {
        "given": 1, "taken": 1, "absent": 1,
    }  # fmt: skip
    assert (found[two.pk]["given"], found[two.pk]["taken"]) == (1, 1)
    # Somebody else of the same enterprise is nobody who stands in for it.
    assert found[two.pk]["stood_in"] == 0
    assert found[four.pk]["stood_in"] == 1
    assert three.pk not in found
    assert by_team(team.unit, FIRST, NIGHTS[0])[team.pk]["absences"] == 2
    assert by_team(team.unit, FIRST, NIGHTS[0])[team.pk]["replaced"] == 2


def test_setting_out_is_enough_to_have_been_there():
    team = patrol.team_of(2, 1)
    patrol.route_of(team)
    night = planned(team, FIRST)
    first, second = guards_of(night)
    run = night.runs.get()
    send(link_of(night, first), "start", run.planned_start, run=run.pk)
    found = by_enterprise(team.unit, FIRST, FIRST)
    assert found[first.enterprise_id]["done"] == 1
    assert found[second.enterprise_id]["missed"] == 1
