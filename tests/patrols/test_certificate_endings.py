"""Certificates that end are told of thirty days before and on the last day, once each."""

from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone

from liaison.notices.models import Notice
from patrols.actions.certificate_endings import tell_endings
from patrols.models import Guard
from tests import factories as make
from tests.factories.patrols import GuardFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    enterprise = make.AssignedEnterpriseFactory()
    people = {
        make.handler_of(enterprise),
        make.DeskFactory(unit=enterprise.unit),
        make.ContactUserFactory(enterprise=enterprise),
    }
    until = timezone.localdate() + timedelta(days=60)
    return GuardFactory(enterprise=enterprise, certificate_until=until), people


def run(day):
    return tell_endings(timezone.make_aware(datetime.combine(day, time(8))))


def told(kind, people):
    rows = Notice.objects.filter(kind=kind, recipient__in=people)
    return sorted(rows.values_list("recipient", flat=True))


def test_thirty_days_before_and_on_the_last_day_once_each(world):
    guard, people = world
    until, everybody = guard.certificate_until, sorted(one.pk for one in people)

    assert run(until - timedelta(days=31)) == {}
    assert run(until - timedelta(days=30)) == {"certificates": 1}
    for day in (30, 29, 1):
        assert run(until - timedelta(days=day)) == {}
    assert told("guard.soon", people) == everybody
    assert told("guard.ended", people) == []
    assert run(until) == {"certificates": 1}
    assert run(until) == run(until + timedelta(days=10)) == {}
    assert told("guard.soon", people) == told("guard.ended", people) == everybody


def test_a_run_that_comes_late_tells_what_is_so_by_then(world):
    guard, people = world

    assert run(guard.certificate_until + timedelta(days=3)) == {"certificates": 1}

    assert told("guard.soon", people) == []
    assert len(told("guard.ended", people)) == 3


def test_several_of_an_enterprise_are_one_notice(world):
    guard, people = world
    second = GuardFactory(enterprise=guard.enterprise, certificate_until=guard.certificate_until)

    assert run(guard.certificate_until - timedelta(days=20)) == {"certificates": 2}

    assert len(told("guard.soon", people)) == 3
    text = Notice.objects.filter(kind="guard.soon").first().text
    assert guard.name in text
    assert second.name in text


def test_of_one_who_left_nobody_is_told(world):
    guard, _people = world
    Guard.objects.update(left_on=timezone.localdate(), tell_on=None)

    assert run(guard.certificate_until) == {}
