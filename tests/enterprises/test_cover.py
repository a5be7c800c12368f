"""Acting for another during leave."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.actions import cancel_cover, cover
from enterprises.models import Cover, Enterprise
from issues.models import Issue
from liaison.accounts.models import Kind
from liaison.core.refused import Conflict, Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make.StationFactory()


@pytest.fixture
def away(unit):
    officer = make.OfficerFactory(unit=unit)
    make.RaisedIssueFactory(enterprise__unit=unit, enterprise__officer=officer)
    return officer


@pytest.fixture
def acting(unit):
    return make.OfficerFactory(unit=unit)


@pytest.fixture
def enter(unit, away, acting):
    def cover_days(first=0, last=0, officer=away, by=None, acting=acting):
        today = timezone.localdate()
        return cover(
            officer,
            acting,
            starts_on=today + timedelta(days=first),
            ends_on=today + timedelta(days=last),
            by=by or make.someone(Kind.DESK, unit),
        )

    return cover_days


def code_of(enter, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        enter(*args, **kwargs)
    return refused.value.code


@pytest.mark.parametrize(
    ("first", "last", "acts"), [(0, 0, True), (-2, 0, True), (0, 2, True), (1, 2, False)]
)
def test_both_dates_count(first, last, acts, enter, acting):
    enter(first, last)
    assert Enterprise.objects.all().mine(acting).exists() == acts
    assert Issue.objects.all().handled_by(acting).exists() == acts


def test_a_day_begins_at_midnight_in_china(enter, acting, away, time_machine):
    time_machine.move_to("2026-03-04T17:00:00+00:00", tick=False)  # 01:00 on the 5th
    made = enter()
    assert made.starts_on.isoformat() == "2026-03-05"
    time_machine.move_to("2026-03-05T15:59:00+00:00", tick=False)
    assert Enterprise.objects.all().mine(acting).exists()
    time_machine.move_to("2026-03-05T16:00:00+00:00", tick=False)
    assert not Enterprise.objects.all().mine(acting).exists()
    assert Enterprise.objects.all().mine(away).exists(), "the assignment itself stays"


def test_what_makes_no_sense_is_refused(enter, unit, away, acting):
    left = make.OfficerFactory(unit=unit, is_active=False)
    desk = make.someone(Kind.DESK, unit)
    for given, code in (
        ({"first": 1, "last": 0}, "dates"),
        ({"first": -3, "last": -1}, "dates"),
        ({"acting": away}, "same_officer"),
        ({"acting": make.OfficerFactory()}, "wrong_officer"),
        ({"acting": left}, "wrong_officer"),
        ({"acting": desk}, "wrong_officer"),
        ({"officer": left}, "wrong_officer"),
        ({"officer": desk}, "wrong_officer"),
        ({"officer": make.OfficerFactory(unit=None)}, "not_yours"),
        ({"by": acting}, "not_yours"),
        ({"by": make.ChiefFactory()}, "not_yours"),
    ):
        assert code_of(enter, **given) == code, given
    assert not Cover.objects.exists()


def test_one_cover_at_a_time_and_no_chains(enter, unit, away, acting):
    third = make.OfficerFactory(unit=unit)
    first = enter(0, 5)
    assert code_of(enter, 5, 9, acting=third) == "overlap"
    assert code_of(enter, 3, 4, officer=third, acting=away) == "away"
    assert code_of(enter, 3, 4, officer=acting, acting=third) == "acts"
    enter(6, 9, acting=third)
    enter(6, 9, officer=acting, acting=make.OfficerFactory(unit=unit))
    cancel_cover(first, by=make.someone(Kind.DESK, unit))
    enter(0, 5, acting=third)


def test_a_cover_is_cancelled_once(enter, unit, acting):
    made, desk = enter(), make.someone(Kind.DESK, unit)
    with pytest.raises(Refused) as refused:
        cancel_cover(made, by=make.DeskFactory())
    assert refused.value.code == "not_yours"
    cancel_cover(made, by=desk)
    assert not Enterprise.objects.all().mine(acting).exists()
    with pytest.raises(Conflict):
        cancel_cover(made, by=desk)
