"""Adding, editing, leaving; a change that makes nights unlawful takes the guard off them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liaison.audit.models import Entry
from liaison.core.refused import Conflict, Refused
from liaison.notices.models import Notice
from patrols.actions.duty_guards import put_all_on_duty
from patrols.actions.guards import add_guard, edit_guard, guard_left
from patrols.models import DutyGuard, Guard
from tests import factories as make
from tests.factories.patrols import GuardFactory, SelfRecruitedGuardFactory, duty_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def enterprise():
    return make.AssignedEnterpriseFactory()


@pytest.fixture
def desk(enterprise):
    return make.DeskFactory(unit=enterprise.unit)


@pytest.fixture
def facts(today):
    return {
        "name": " 示例甲 ",
        "phone": "138 0000 0001",
        "employer": "guard_company",
        "company": "示例保安",
        "certificate": "示证 ００１a",
        "certificate_until": today + timedelta(days=200),
    }


def on_duty(guard, *nights):
    for night in nights:
        put_all_on_duty([(duty_of(guard.enterprise, night), [guard])])


def test_what_is_typed_is_kept_as_it_is_compared(enterprise, desk, facts, today):
    guard = add_guard(enterprise, facts, by=desk)

    guard.refresh_from_db()
    assert (guard.name, guard.phone, guard.certificate) == ("示例甲", "13800000001", "示证001A")
    assert guard.joined_on == today
    assert guard.unit == enterprise.unit
    assert guard.tell_on == today + timedelta(days=170)
    assert Entry.objects.filter(action="guard.added", subject_id=str(guard.pk)).exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": " "}, "name"),
        ({"employer": ""}, "employer"),
        ({"company": ""}, "company"),
        ({"certificate_until": None}, "certificate_until"),
        ({"phone": "12"}, "phone"),
        ({"name": "例" * 41}, "name"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(enterprise, desk, facts, change, field):
    with pytest.raises(Refused) as refused:
        add_guard(enterprise, {**facts, **change}, by=desk)

    assert refused.value.field == field
    assert not Guard.objects.exists()


def test_a_certificate_belongs_to_one_who_serves(enterprise, desk, facts, today):
    first = add_guard(enterprise, facts, by=desk)
    with pytest.raises(Refused) as refused:
        add_guard(enterprise, {**facts, "name": "示例乙"}, by=desk)
    assert refused.value.code == "certificate_taken"

    guard_left(first, today, version=first.version, by=desk)
    assert add_guard(enterprise, facts, by=desk).pk != first.pk


def test_a_contact_keeps_its_own_and_writes_no_legal_basis(enterprise, facts):
    contact = make.ContactUserFactory(enterprise=enterprise)
    guard = add_guard(enterprise, {**facts, "legal_basis": "x"}, by=contact)
    assert guard.legal_basis is None

    with pytest.raises(Refused) as refused:
        add_guard(make.EnterpriseFactory(), facts, by=contact)
    assert refused.value.code == "not_yours"
    with pytest.raises(Refused):
        edit_guard(guard, {"name": "示例乙"}, version=1, by=make.BureauUserFactory())


def test_an_edit_that_ends_the_certificate_names_the_nights_and_takes_off_those_alone(
    enterprise, desk, today
):
    guard = GuardFactory(enterprise=enterprise)
    nights = [today + timedelta(days=n) for n in (-2, 2, 9, 12)]
    on_duty(guard, *nights)
    shorter = {"certificate_until": nights[2]}

    with pytest.raises(Refused) as refused:
        edit_guard(guard, shorter, version=1, by=desk)
    assert refused.value.code == "loses_duties"
    assert refused.value.details["nights"] == [one.isoformat() for one in nights[2:]]
    guard.refresh_from_db()
    assert guard.version == 1

    assert edit_guard(guard, shorter, version=1, by=desk, off_duty=True) == nights[2:]
    left = DutyGuard.objects.filter(guard=guard).order_by("night_on")
    assert list(left.values_list("night_on", flat=True)) == nights[:2]
    versions = {
        row.night_on: row.version for row in left[0].duty.night.team.nights.order_by("night_on")
    }
    assert [versions[night] for night in nights] == [1, 1, 2, 2]
    told = Notice.objects.get(kind="guard.freed", recipient=make.handler_of(enterprise))
    assert guard.name in told.text


def test_who_leaves_is_on_no_night_from_that_evening_on(enterprise, desk, today):
    guard = GuardFactory(enterprise=enterprise)
    on_duty(guard, today, today + timedelta(days=1), today + timedelta(days=5))

    freed = guard_left(guard, today + timedelta(days=1), version=1, by=desk, off_duty=True)

    assert freed == [today + timedelta(days=1), today + timedelta(days=5)]
    assert DutyGuard.objects.get().night_on == today
    guard.refresh_from_db()
    assert guard.tell_on is None
    with pytest.raises(Refused) as refused:
        edit_guard(guard, {"name": "示例乙"}, version=guard.version, by=desk)
    assert refused.value.code == "has_left"


def test_of_two_who_edit_the_second_is_told(enterprise, desk):
    guard = GuardFactory(enterprise=enterprise)
    edit_guard(guard, {"name": "示例乙"}, version=1, by=desk)

    with pytest.raises(Conflict) as conflict:
        edit_guard(guard, {"name": "示例丙"}, version=1, by=desk)
    assert conflict.value.details == {"version": 2}


def test_an_edit_that_changes_nothing_leaves_no_trace(enterprise, desk):
    guard = GuardFactory(enterprise=enterprise)

    assert edit_guard(guard, {"name": guard.name}, version=1, by=desk) == []
    guard.refresh_from_db()
    assert guard.version == 1
    assert not Entry.objects.filter(action="guard.edited").exists()


def test_who_is_employed_in_another_way_is_answered_for_anew(enterprise, desk):
    guard = SelfRecruitedGuardFactory(enterprise=enterprise, outside="inside")

    edit_guard(guard, {"employer": "guard_company", "company": "示例保安"}, version=1, by=desk)
    guard.refresh_from_db()
    assert guard.outside == ""
    edit_guard(guard, {"employer": "self_recruited"}, version=2, by=desk)
    guard.refresh_from_db()
    assert (guard.company, guard.is_warned_of) == ("", True)


def test_a_renewed_certificate_is_told_of_anew(enterprise, desk, today):
    guard = GuardFactory(enterprise=enterprise, tell_on=None)

    edit_guard(guard, {"certificate_until": today + timedelta(days=730)}, version=1, by=desk)

    guard.refresh_from_db()
    assert guard.tell_on == today + timedelta(days=700)
