"""The code on the card at a gate: one holds, an old one is known to be old."""

import pytest
from django.db import IntegrityError, transaction

from enterprises.actions import make_gate_codes, renew_gate_code
from enterprises.models import Enterprise, GateCode
from liaison.accounts.models import Kind
from liaison.audit.models import Entry
from liaison.core.refused import Conflict, Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise():
    return make.EnterpriseFactory()


@pytest.fixture
def desk(enterprise):
    return make.someone(Kind.DESK, enterprise.unit)


def test_each_live_enterprise_gets_one_and_keeps_it(enterprise, desk):
    unit = enterprise.unit
    others = [make.EnterpriseFactory(unit=unit) for _ in range(3)]
    closed = make.EnterpriseFactory(unit=unit, stage="closed")
    elsewhere = make.EnterpriseFactory()
    assert make_gate_codes(unit, [enterprise, closed, elsewhere], by=desk) == 1
    first = enterprise.gate_codes.get()
    assert make_gate_codes(unit, [enterprise, *others], by=desk) == 3
    assert make_gate_codes(unit, [enterprise, *others], by=desk) == 0
    assert enterprise.gate_codes.get() == first
    assert not closed.gate_codes.exists()
    assert not elsewhere.gate_codes.exists()
    codes = set(GateCode.objects.values_list("code", flat=True))
    assert {len(code) for code in codes} == {16}
    assert len(codes) == 4
    made = Entry.objects.filter(action="gate_codes.made").order_by("pk")
    assert [(one.changes, one.actor) for one in made] == [
        ({"codes": 1}, desk),
        ({"codes": 3}, desk),
    ]


def test_making_many_costs_the_same(enterprise, desk, django_assert_max_num_queries):
    many = [make.EnterpriseFactory(unit=enterprise.unit) for _ in range(30)]
    with django_assert_max_num_queries(6):
        make_gate_codes(enterprise.unit, many, by=desk)


def test_a_renewed_one_ends_the_one_before(enterprise, desk):
    first = make.gate_code_of(enterprise)
    renewed = renew_gate_code(enterprise, by=desk, reason=" 被撕毁 ", replaces=first)
    first.refresh_from_db()
    assert first.ended_at
    assert not first.holds
    assert renewed.holds
    assert renewed.code != first.code
    assert renewed.reason == "被撕毁"
    entry = Entry.objects.get(action="gate_code.renewed")
    assert (entry.subject_id, entry.changes) == (str(enterprise.pk), {"why": "被撕毁"})


def test_of_two_who_renew_the_second_is_told(enterprise, desk):
    first = make.gate_code_of(enterprise)
    renew_gate_code(enterprise, by=desk, reason="丢失", replaces=first)
    with pytest.raises(Conflict):
        renew_gate_code(enterprise, by=desk, reason="丢失", replaces=first)
    assert enterprise.gate_codes.count() == 2


def test_it_wants_a_reason(enterprise, desk):
    first = make.gate_code_of(enterprise)
    for reason in ("", "  ", "长" * 201):
        with pytest.raises(Refused) as refused:
            renew_gate_code(enterprise, by=desk, reason=reason, replaces=first)
        assert refused.value.field == "reason"


@pytest.mark.parametrize("kind", [Kind.POLICE_OFFICER, Kind.BUREAU, Kind.CONTACT])
def test_only_desk_and_chiefs_make_them(kind, enterprise):
    code = make.gate_code_of(enterprise)
    by = make.UserFactory(kind=kind, unit=enterprise.unit)
    for verb in (
        lambda: make_gate_codes(enterprise.unit, [enterprise], by=by),
        lambda: renew_gate_code(enterprise, by=by, reason="丢失", replaces=code),
    ):
        with pytest.raises(Refused) as refused:
            verb()
        assert refused.value.code == "not_yours"


def test_of_what_is_closed_down_none_holds(enterprise, desk):
    code = make.gate_code_of(enterprise)
    Enterprise.objects.filter(pk=enterprise.pk).update(stage="closed")
    enterprise.refresh_from_db()
    assert not GateCode.objects.select_related("enterprise").get(pk=code.pk).holds
    with pytest.raises(Refused) as refused:
        renew_gate_code(enterprise, by=desk, reason="丢失", replaces=code)
    assert refused.value.code == "closed"


def test_the_database_keeps_one_that_holds(enterprise, desk):
    make.gate_code_of(enterprise)
    with pytest.raises(IntegrityError), transaction.atomic():
        GateCode.objects.create(enterprise=enterprise, by=desk)
