"""An officer answers whether a self-recruited guard patrols outside; the answer is kept."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from liaison.core.refused import Conflict, Refused
from liaison.law.models import LegalBasis
from liaison.notices.models import Notice
from patrols.actions.compliance import answer_warning
from patrols.actions.duty_guards import put_all_on_duty
from patrols.models import ComplianceAnswer, DutyGuard, Guard
from tests import factories as make
from tests.factories.patrols import GuardFactory, SelfRecruitedGuardFactory, duty_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def guard():
    return SelfRecruitedGuardFactory()


@pytest.fixture
def chief(guard):
    return make.ChiefFactory(unit=guard.unit)


@pytest.fixture
def basis():
    return LegalBasis.objects.create(title="示例条例", article="第一条")


def test_an_admission_rests_on_a_basis_and_ends_the_warning(guard, chief, basis):
    contact = make.ContactUserFactory(enterprise=guard.enterprise)
    assert guard in Guard.objects.all().unanswered()

    with pytest.raises(Refused) as refused:
        answer_warning(guard, "admitted", reason="示例", version=1, by=chief)
    assert refused.value.field == "legal_basis"
    answer_warning(guard, "admitted", reason="示例", legal_basis=basis, version=1, by=chief)

    guard.refresh_from_db()
    assert (guard.outside, guard.legal_basis) == ("admitted", basis)
    assert not Guard.objects.all().unanswered().exists()
    assert Notice.objects.filter(kind="guard.answered", recipient=contact).exists()


@pytest.mark.parametrize("verdict", ["inside", "not"])
def test_who_stays_inside_has_no_duty_outside(guard, chief, verdict):
    night = timezone.localdate() + timedelta(days=2)
    duty = duty_of(guard.enterprise, night)
    put_all_on_duty([(duty, [guard])])

    with pytest.raises(Refused) as refused:
        answer_warning(guard, verdict, reason="示例", version=1, by=chief)
    assert refused.value.code == "loses_duties"
    assert not ComplianceAnswer.objects.exists()

    assert answer_warning(guard, verdict, reason="示例", version=1, by=chief, off_duty=True) == [
        night
    ]
    assert not DutyGuard.objects.exists()
    assert not Guard.objects.valid_on(night).exists()
    with pytest.raises(Refused):
        put_all_on_duty([(duty, [guard])])


def test_answers_are_kept_and_follow_each_other(guard, chief, basis):
    answer_warning(guard, "inside", reason="一", version=1, by=chief)
    answer_warning(guard, "admitted", reason="二", legal_basis=basis, version=2, by=chief)

    assert list(guard.compliance_answers.values_list("verdict", flat=True)) == [
        "admitted",
        "inside",
    ]
    with pytest.raises(Conflict):
        answer_warning(guard, "not", reason="三", version=2, by=chief)
    with pytest.raises(IntegrityError), transaction.atomic():
        ComplianceAnswer.objects.update(reason="别的")


def test_who_answers(guard):
    for by in (
        make.AuxiliaryFactory(unit=guard.unit),
        make.BureauUserFactory(unit=guard.unit.parent),
        make.ContactUserFactory(enterprise=guard.enterprise),
        make.ChiefFactory(),
    ):
        with pytest.raises(Refused) as refused:
            answer_warning(guard, "inside", reason="示例", version=1, by=by)
        assert refused.value.code == "not_allowed"
    for version, make_one in enumerate((make.OfficerFactory, make.DeskFactory), 1):
        by = make_one(unit=guard.unit)
        answer_warning(guard, "inside", reason="示例", version=version, by=by)


def test_it_takes_a_reason_and_one_whom_the_enterprise_recruited(guard, chief):
    with pytest.raises(Refused) as refused:
        answer_warning(guard, "inside", reason=" ", version=1, by=chief)
    assert refused.value.field == "reason"
    other = GuardFactory(enterprise=guard.enterprise)
    with pytest.raises(Refused) as refused:
        answer_warning(other, "inside", reason="示例", version=1, by=chief)
    assert refused.value.code == "not_asked"
