"""Shifts, consent, positions and gate codes, many at once."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.actions import make_gate_codes, renew_gate_code
from enterprises.models import GateCode
from liaison.accounts.models import Kind
from liaison.core.refused import Conflict
from liaison.whereabouts.actions import begin_shift, give_consent, withdraw_consent
from liaison.whereabouts.models import PositionConsent, Shift
from tests import factories as make
from tests.races.threads import all_at_once, losers, winners
from visits.actions import check_in, log_visit
from visits.actions.placing import purge_positions
from visits.models import CheckIn, Visit, VisitPosition

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


def test_one_shift_and_one_word_however_often_they_are_sent():
    officer = make.OfficerFactory()
    all_at_once([lambda: begin_shift(by=officer)] * 8 + [lambda: give_consent(by=officer)] * 8)
    assert Shift.objects.get().person == officer
    assert PositionConsent.objects.get().given


def test_one_visit_and_one_position_however_often_they_are_sent():
    enterprise = make.placed(make.AssignedEnterpriseFactory())
    officer = make.on_duty(make.handler_of(enterprise))
    sent = {"by": officer, "client_id": uuid.uuid4(), "position": make.position_at()}
    now = timezone.now()
    results = all_at_once(
        [lambda: log_visit(enterprise, channel="on_site", met="门卫", happened_at=now, **sent)] * 8
        + [lambda: check_in(enterprise, at=now, **sent)] * 8
    )
    assert {one.left_out for one in results} == {""}
    assert Visit.objects.get().positions.get().point
    assert CheckIn.objects.get().positions.get().point


@pytest.mark.parametrize("time", range(4))
def test_no_position_outlives_a_withdrawal_at_the_same_time(time):
    enterprise = make.placed(make.AssignedEnterpriseFactory())
    officer = make.on_duty(make.handler_of(enterprise))
    now = timezone.now()
    all_at_once(
        [
            *[
                lambda: check_in(enterprise, by=officer, at=now, position=make.position_at())
                for _ in range(6)
            ],
            lambda: withdraw_consent(by=officer),
        ]
    )
    assert CheckIn.objects.count() == VisitPosition.objects.count() == 6
    assert not VisitPosition.objects.all().with_coordinates().exists()


def test_two_purges_at_once_share():
    enterprise = make.placed(make.AssignedEnterpriseFactory())
    officer = make.on_duty(make.handler_of(enterprise))
    for _ in range(6):
        check_in(enterprise, by=officer, at=timezone.now(), position=make.position_at())
    later = timezone.now() + timedelta(days=40)
    results = all_at_once([lambda: purge_positions(later)] * 4)
    assert sum(one["positions"] for one in results) == 6


def test_two_at_the_desk_make_the_same_codes():
    unit = make.StationFactory()
    desk = make.someone(Kind.DESK, unit)
    enterprises = [make.EnterpriseFactory(unit=unit) for _ in range(5)]
    all_at_once([lambda: make_gate_codes(unit, enterprises, by=desk)] * 8)
    assert GateCode.objects.count() == 5


def test_one_of_many_replaces_the_card():
    enterprise = make.EnterpriseFactory()
    code, desk = make.gate_code_of(enterprise), make.someone(Kind.DESK, enterprise.unit)
    results = all_at_once(
        [lambda: renew_gate_code(enterprise, by=desk, reason="丢失", replaces=code)] * 6
        + [lambda: make_gate_codes(enterprise.unit, [enterprise], by=desk)] * 2
    )
    renewed = [one for one in winners(results) if isinstance(one, GateCode)]
    assert len(renewed) == 1
    assert all(isinstance(one, Conflict) for one in losers(results))
    assert enterprise.gate_codes.holding().get() == renewed[0]
