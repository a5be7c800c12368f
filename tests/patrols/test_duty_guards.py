"""Nobody is on duty who may not patrol: by the verb, and by the database itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from liaison.core.refused import Refused
from liaison.notices.models import Notice
from patrols.actions.duty_guards import put_all_on_duty, put_on_duty
from patrols.models import DutyGuard, Guard
from tests import factories as make
from tests.factories.patrols import (
    ExpiredGuardFactory,
    GuardFactory,
    SelfRecruitedGuardFactory,
    UncertifiedGuardFactory,
    duty_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def evening():
    return timezone.localdate() + timedelta(days=3)


@pytest.fixture
def duty(evening):
    return duty_of(make.AssignedEnterpriseFactory(), evening)


@pytest.fixture
def desk(duty):
    return make.DeskFactory(unit=duty.enterprise.unit)


def unlawful(duty):
    """One guard of the duty's enterprise for each thing that stands against a night."""
    evening, enterprise = duty.night.night_on, duty.enterprise
    return {
        "no_certificate": UncertifiedGuardFactory(enterprise=enterprise),
        "certificate_ends": ExpiredGuardFactory(enterprise=enterprise, certificate_until=evening),
        "not_yet": GuardFactory(enterprise=enterprise, joined_on=evening + timedelta(days=1)),
        "left": GuardFactory(enterprise=enterprise, left_on=evening),
        "inside": SelfRecruitedGuardFactory(enterprise=enterprise, outside="inside"),
    }


def test_a_valid_guard_goes_on_duty(duty, desk, evening):
    guard = GuardFactory(
        enterprise=duty.enterprise, certificate_until=evening + timedelta(days=1), joined_on=evening
    )

    put_on_duty(duty, [guard], by=desk)

    assert list(DutyGuard.objects.values_list("guard", "night_on")) == [(guard.pk, evening)]


@pytest.mark.parametrize("why", ["no_certificate", "certificate_ends", "not_yet", "left", "inside"])
def test_whoever_may_not_patrol_is_refused_and_nobody_goes(duty, desk, why):
    fine, wrong = GuardFactory(enterprise=duty.enterprise), unlawful(duty)[why]

    with pytest.raises(Refused) as refused:
        put_on_duty(duty, [fine, wrong], by=desk)

    assert refused.value.code == "certificate"
    (said,) = refused.value.details["guards"]
    assert (said["guard"], said["why"]) == (wrong.pk, why)
    assert wrong.name in refused.value.message
    assert not DutyGuard.objects.exists()


@pytest.mark.parametrize("why", ["no_certificate", "certificate_ends", "not_yet", "left", "inside"])
def test_the_database_refuses_them_too(duty, evening, why):
    wrong = unlawful(duty)[why]
    fine = DutyGuard.objects.create(
        duty=duty, guard=GuardFactory(enterprise=duty.enterprise), night_on=evening
    )

    with pytest.raises(IntegrityError), transaction.atomic():
        DutyGuard.objects.create(duty=duty, guard=wrong, night_on=evening)
    with pytest.raises(IntegrityError), transaction.atomic():
        DutyGuard.objects.filter(pk=fine.pk).update(guard=wrong)

    assert DutyGuard.objects.get().guard_id == fine.guard_id


def test_the_database_refuses_another_night_than_the_dutys(duty, evening):
    guard = GuardFactory(enterprise=duty.enterprise)

    with pytest.raises(IntegrityError), transaction.atomic():
        DutyGuard.objects.create(duty=duty, guard=guard, night_on=evening - timedelta(days=1))


def test_what_was_read_before_the_certificate_changed_does_not_count(duty, desk):
    guard = GuardFactory(enterprise=duty.enterprise)
    Guard.objects.filter(pk=guard.pk).update(certificate="")

    with pytest.raises(Refused, match=guard.name):
        put_on_duty(duty, [guard], by=desk)


def test_a_guard_of_another_enterprise_is_refused(duty, desk):
    with pytest.raises(Refused) as refused:
        put_on_duty(duty, [GuardFactory()], by=desk)

    assert refused.value.code == "not_of_enterprise"


def test_once_a_night(duty, desk):
    guard = GuardFactory(enterprise=duty.enterprise)
    put_on_duty(duty, [guard], by=desk)

    with pytest.raises(Refused) as refused:
        put_on_duty(duty, [guard], by=desk)
    assert refused.value.code == "on_duty_already"
    with pytest.raises(Refused):
        put_all_on_duty([(duty, [other := GuardFactory(enterprise=duty.enterprise), other])])
    assert DutyGuard.objects.count() == 1


def test_a_contact_of_another_enterprise_may_not(duty):
    guard = GuardFactory(enterprise=duty.enterprise)

    with pytest.raises(Refused) as refused:
        put_on_duty(duty, [guard], by=make.ContactUserFactory())

    assert refused.value.code == "not_yours"


def test_a_self_recruited_guard_goes_in_and_an_officer_and_the_desk_are_warned_once(duty, desk):
    guard = SelfRecruitedGuardFactory(enterprise=duty.enterprise)
    later = duty_of(duty.enterprise, duty.night.night_on + timedelta(days=2))

    put_all_on_duty([(duty, [guard])])
    put_all_on_duty([(later, [guard])])

    assert DutyGuard.objects.count() == 2
    told = Notice.objects.filter(kind="guard.warned").values_list("recipient", flat=True)
    assert len(told) == len(set(told))
    assert {desk.pk, make.handler_of(duty.enterprise).pk} <= set(told)


def test_one_who_was_admitted_is_warned_of_no_more(duty):
    admitted = SelfRecruitedGuardFactory(enterprise=duty.enterprise, outside="admitted")

    put_all_on_duty([(duty, [admitted])])

    assert not Notice.objects.filter(kind="guard.warned").exists()
