"""Somebody cannot come: off the roster, the next best found and put in, nothing unlawful."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liaison.core.refused import Conflict, Refused
from liaison.notices.models import Notice
from patrols.actions.absences import night_of, offers, report_absence, take_substitute
from patrols.actions.nights import set_wish
from patrols.models import Absence, Duty, DutyGuard, Guard
from patrols.nights import evening_of
from tests import factories as make
from tests.factories.patrols import duty_of, team_of
from tests.patrols.test_swapping import on_duty, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening():
    return evening_of(timezone.now())


@pytest.fixture
def team():
    return team_of(4)


@pytest.fixture
def four(team):
    return [one.enterprise for one in team.memberships.order_by("pk")]


@pytest.fixture
def desk(team):
    return make.DeskFactory(unit=team.unit)


@pytest.fixture
def contact(four):
    return make.ContactUserFactory(enterprise=four[0])


@pytest.fixture
def duty(team, four, evening):
    duty = on_duty(four[0], evening)
    on_duty(four[1], evening)
    publish(team)
    return Duty.objects.select_related("night__roster", "night__team").get(pk=duty.pk)


def offered(absence):
    return [one.enterprise.pk for one in offers(absence, night_of(absence))]


def out(evening):
    return set(Duty.objects.filter(night__night_on=evening).values_list("enterprise", flat=True))


def test_nobody_can_come_and_the_next_best_goes(duty, four, contact, desk, evening):
    taker = make.ContactUserFactory(enterprise=four[3])
    set_wish(four[3], evening, kind="gladly", by=desk)
    absence = report_absence(duty, by=contact, reason="停电检修")
    assert out(evening) == {four[1].pk}
    assert Notice.objects.filter(kind="duty.absent", recipient=desk).exists()
    assert offered(absence) == [four[3].pk, four[2].pk]

    take_substitute(absence, four[3], by=desk)

    assert out(evening) == {four[1].pk, four[3].pk}
    absence.refresh_from_db()
    assert absence.substitute == four[3]
    assert Notice.objects.filter(kind="duty.substitute", recipient=taker).exists()
    with pytest.raises(Conflict):
        take_substitute(absence, four[2], by=desk)
    assert out(evening) == {four[1].pk, four[3].pk}


def test_one_guard_is_absent_and_a_colleague_goes(duty, four, contact, desk, evening):
    gone = duty.guards.get().guard
    absence = report_absence(duty, by=contact, guard=gone)
    assert offered(absence)[0] == four[0].pk
    take_substitute(absence, four[0], by=desk)
    now = DutyGuard.objects.get(duty__enterprise=four[0])
    assert now.guard_id != gone.pk
    assert now.duty.came_by == "substitute"


@pytest.mark.parametrize("spoilt", ["certificate", "left", "blocked", "tired"])
def test_no_substitute_who_may_not(spoilt, duty, four, contact, desk, evening):
    absence = report_absence(duty, by=contact)
    mine = Guard.objects.filter(enterprise=four[2])
    match spoilt:
        case "certificate":
            mine.update(certificate_until=evening)
        case "left":
            mine.update(left_on=evening)
        case "blocked":
            set_wish(four[2], evening, kind="blocked", by=desk)
        case "tired":
            before = duty_of(four[2], evening - timedelta(days=1))
            for guard in mine:
                DutyGuard.objects.create(duty=before, guard=guard, night_on=before.night.night_on)
    assert four[2].pk not in offered(absence)
    with pytest.raises(Refused) as refused:
        take_substitute(absence, four[2], by=desk)
    assert refused.value.code == "nobody_free"
    assert out(evening) == {four[1].pk}


def test_who_may_say_so_and_once(duty, four, contact, desk, evening):
    other = make.ContactUserFactory(enterprise=four[1])
    with pytest.raises(Refused) as refused:
        report_absence(duty, by=other)
    assert refused.value.code == "not_yours"
    absence = report_absence(duty, by=contact)
    with pytest.raises(Conflict):
        report_absence(duty, by=contact)
    assert Absence.objects.get() == absence
    with pytest.raises(Refused) as refused:
        take_substitute(absence, four[2], by=contact)
    assert refused.value.code == "not_allowed"
