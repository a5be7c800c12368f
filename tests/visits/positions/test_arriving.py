"""An arrival without a visit yet: written down once, refused where a visit would be."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from liaison.core.refused import Conflict, Refused
from liaison.whereabouts.keeping import LeftOut
from tests import factories as make
from visits.actions import check_in
from visits.models import CheckIn

pytestmark = pytest.mark.django_db


def kept(visit):
    return visit.positions.get()


def test_an_arrival_is_written_down_once(enterprise, officer):
    sent = {"by": officer, "at": timezone.now(), "client_id": uuid.uuid4()}
    before = enterprise.cadence.last_contact_at
    first = check_in(enterprise, position=make.position_at(30), **sent)
    assert check_in(enterprise, position=make.position_at(30), **sent) == first
    assert kept(first).distance == 30
    assert CheckIn.objects.get() == first
    enterprise.cadence.refresh_from_db()
    assert enterprise.cadence.last_contact_at == before, "arriving is not yet having met anybody"
    with pytest.raises(Conflict) as conflict:
        check_in(enterprise, **{**sent, "at": sent["at"] - timedelta(minutes=1)})
    assert conflict.value.details == {"check_in": first.pk}


def test_an_arrival_says_why_its_position_was_left_out(enterprise):
    by = make.OfficerFactory(unit=enterprise.unit)
    arrival = check_in(enterprise, by=by, at=timezone.now(), position=make.position_at())
    assert arrival.left_out == LeftOut.NO_CONSENT


def test_an_arrival_is_refused_where_a_visit_would_be(enterprise):
    now = timezone.now()
    officer = make.handler_of(enterprise)
    for by, at, code in (
        (make.OfficerFactory(), now, "not_yours"),
        (make.BureauUserFactory(unit=enterprise.unit.parent), now, "not_yours"),
        (officer, now + timedelta(hours=1), "future"),
        (officer, now - timedelta(days=4000), "long_ago"),
    ):
        with pytest.raises(Refused) as refused:
            check_in(enterprise, by=by, at=at)
        assert refused.value.code == code
    type(enterprise).objects.filter(pk=enterprise.pk).update(stage="closed")
    enterprise.refresh_from_db()
    with pytest.raises(Refused) as refused:
        check_in(enterprise, by=officer, at=now)
    assert refused.value.code == "closed"
    assert not CheckIn.objects.exists()
