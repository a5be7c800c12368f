"""What is told of a night, when its rounds are drawn, and when positions go."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liaison.core.refused import Conflict
from liaison.notices.models import Notice
from patrols.actions.planning import plan_night, plan_tonight
from patrols.actions.ringing import purge_patrol_positions, ring_patrols
from patrols.actions.routes import order_route
from patrols.models import (
    CheckIn,
    CheckInPosition,
    PatrolAlert,
    PatrolIncident,
    PatrolRun,
    RunStop,
)
from patrols.nights import evening_of
from tests import factories as make
from tests.factories import patrols as patrol
from tests.patrols.phone import codes, operation, send

pytestmark = pytest.mark.django_db


def test_a_late_start_is_told_once_a_step_however_often_the_sweep_runs():
    link, _token = patrol.night_door()
    unit = link.night.team.unit
    desk, chief = make.DeskFactory(unit=unit), make.ChiefFactory(unit=unit)
    run = PatrolRun.objects.get()

    def sweep(minutes):
        now = run.planned_start + timedelta(minutes=minutes)
        return [ring_patrols(now)["patrol_alerts"] for _again in range(2)]

    assert sweep(9) == [0, 0]
    # The team has no leader: the desk is told in their stead.
    assert sweep(10) == [1, 0]
    assert sweep(25) == [1, 0]
    assert sweep(500) == [1, 0]
    assert PatrolAlert.objects.count() == 3
    late = Notice.objects.filter(kind="patrol.late_start")
    assert late.filter(recipient=desk).count() == 2
    assert not late.filter(recipient=chief).exists()
    missed = Notice.objects.filter(kind="patrol.missed_start", recipient=chief)
    assert missed.count() == 1


def test_each_checkpoint_that_is_not_passed_is_told_once():
    link, token = patrol.night_door()
    make.DeskFactory(unit=link.night.team.unit)
    run = PatrolRun.objects.get()
    send(
        token,
        operation("start", run=run.pk),
        operation("check_in", code=codes(link.night)[0].token),
    )
    for _again in range(3):
        ring_patrols(timezone.now() + timedelta(hours=5))
    alerts = PatrolAlert.objects.filter(step=0).values_list("what", "checkpoint")
    places = list(run.stops.order_by("position").values_list("checkpoint", flat=True))
    assert sorted(alerts) == sorted(("missed_checkpoint", one) for one in places[1:])


def test_a_night_is_planned_once_and_as_the_route_was():
    team = patrol.team_of(2, 1)
    route = patrol.route_of(team, rounds=2)
    night = patrol.night_of(team, timezone.localdate())
    assert plan_night(night) == 2
    assert plan_night(night) == 0
    assert plan_tonight(timezone.now()) == {"patrol_rounds": 0}
    order_route(route, by=make.ChiefFactory(unit=team.unit), version=route.version)
    assert RunStop.objects.count() == 6
    with pytest.raises(Conflict):
        order_route(route, by=make.ChiefFactory(unit=team.unit), version=route.version)


def test_positions_go_and_the_record_stays():
    link, token = patrol.night_door()
    place = codes(link.night)[0].checkpoint
    send(
        token,
        operation(
            "check_in",
            checkpoint=place.pk,
            longitude=place.longitude + 0.002,
            latitude=place.latitude,
        ),
        operation("incident", text="灯坏", longitude=120.5, latitude=36.85),
    )
    assert purge_patrol_positions(timezone.now() + timedelta(days=29)) == {"patrol_positions": 0}
    later = timezone.now() + timedelta(days=31)
    assert purge_patrol_positions(later) == {"patrol_positions": 2}
    assert purge_patrol_positions(later) == {"patrol_positions": 0}
    kept = CheckInPosition.objects.get()
    assert (kept.longitude, kept.latitude, kept.distance) == (None, None, 200)
    assert PatrolIncident.objects.get().longitude is None
    assert CheckIn.objects.count() == 1


def test_a_roster_published_in_the_night_owes_only_what_is_ahead():
    team = patrol.team_of(2, 1)
    patrol.route_of(team, rounds=2)
    evening = evening_of(timezone.now())
    night = patrol.night_of(team, evening)
    plan_night(night)
    first, second = PatrolRun.objects.order_by("planned_start")
    between = first.planned_start + timedelta(minutes=1)
    assert second.planned_start > between
    PatrolRun.objects.all().delete()
    assert plan_tonight(between) == {"patrol_rounds": 1}
    assert PatrolRun.objects.get().planned_start == second.planned_start
    assert plan_tonight(second.planned_start + timedelta(minutes=1)) == {"patrol_rounds": 0}
