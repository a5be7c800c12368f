"""A visit however often it is sent, and the clock that it sets."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.actions import edit_enterprise
from enterprises.models import Cadence
from liaison.accounts.models import Kind
from tests import factories as make
from tests.races.threads import all_at_once, losers
from visits.actions import Promised, keep_promise, log_inspection, log_visit
from visits.models import Inspection, Visit

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
MANY = 32


def test_one_visit_however_often_it_is_sent():
    enterprise = make.AssignedEnterpriseFactory()
    officer = make.handler_of(enterprise)
    sent = {
        "channel": "phone",
        "met": "门卫",
        "happened_at": timezone.now(),
        "client_id": uuid.uuid4(),
    }
    results = all_at_once([lambda: log_visit(enterprise, by=officer, **sent) for _ in range(16)])
    assert {one.pk for one in results} == {Visit.objects.get().pk}


def test_one_inspection_however_often_it_is_sent():
    enterprise = make.EnterpriseFactory()
    officers = [make.OfficerFactory(unit=enterprise.unit) for _ in range(2)]
    sent = {
        "by": officers[0],
        "officers": officers,
        "platform_reference": "SD-1",
        "happened_at": timezone.now(),
        "summary": "检查",
        "client_id": uuid.uuid4(),
        "early_because": "同一次",
    }
    results = all_at_once([lambda: log_inspection(enterprise, **sent) for _ in range(16)])
    assert {one.pk for one in results} == {Inspection.objects.get().pk}


def test_a_promise_is_kept_once():
    visit = make.VisitFactory(promises=[Promised("回访")])
    promise = visit.promises.get()
    results = all_at_once([lambda: keep_promise(promise, by=visit.officer) for _ in range(8)])
    assert len(losers(results)) == 7


def test_the_latest_of_many_visits_sets_the_clock():
    enterprise = make.AssignedEnterpriseFactory()
    officer, now = make.handler_of(enterprise), timezone.now()
    moments = [now - timedelta(hours=n) for n in range(16)]
    all_at_once(
        [
            lambda at=at: log_visit(
                enterprise, by=officer, channel="on_site", met="门卫", happened_at=at
            )
            for at in moments
        ]
    )
    row = Cadence.objects.get(enterprise=enterprise)
    assert row.last_contact_at == row.last_visit_at == now
    assert row.next_contact_due_on == timezone.localdate(now) + timedelta(days=row.contact_days)


@pytest.mark.parametrize("time", range(3))
def test_a_visit_and_a_change_of_facts_at_once_lose_nothing(time):
    enterprise = make.AssignedEnterpriseFactory()
    officer, now = make.handler_of(enterprise), timezone.now()
    desk = make.someone(Kind.DESK, enterprise.unit)
    all_at_once(
        [
            lambda: edit_enterprise(enterprise, {"grade": "red"}, by=desk, version=1),
            lambda: log_visit(
                enterprise, by=officer, channel="on_site", met="门卫", happened_at=now
            ),
        ]
    )
    row = Cadence.objects.get(enterprise=enterprise)
    assert (row.visit_days, row.visit_because) == (7, "grade:red")
    assert row.next_visit_due_on == timezone.localdate(now) + timedelta(days=7)
