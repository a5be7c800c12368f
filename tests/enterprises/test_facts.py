"""Listing, editing and the life of an enterprise."""

import pytest

from enterprises.actions import change_stage, edit_enterprise, list_enterprise
from enterprises.actions.enterprise import EDITABLE
from enterprises.models import Enterprise, Stage, StageChange
from liaison.accounts.models import Kind
from liaison.audit.models import Entry
from liaison.core.refused import Conflict, Refused
from tests import factories as make

pytestmark = pytest.mark.django_db
CODE = "91370285MA3C123457"


@pytest.fixture
def desk():
    return make.DeskFactory()


def refusal(verb, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        verb(*args, **kwargs)
    return refused.value


@pytest.mark.parametrize("kind", Kind)
def test_desk_and_chiefs_keep_the_list(kind, desk):
    by = make.UserFactory(kind=kind, unit=desk.unit)
    enterprise = make.EnterpriseFactory(unit=desk.unit)
    tries = (
        lambda: list_enterprise(desk.unit, {"name": "示例"}, by=by),
        lambda: edit_enterprise(enterprise, {"note": "x"}, by=by, version=1),
        lambda: change_stage(enterprise, "suspended", by=by, version=2),
    )
    for verb in tries:
        if kind in (Kind.DESK, Kind.CHIEF):
            verb()
        else:
            assert refusal(verb).code == "not_yours"


def test_one_enterprise_is_listed_once(desk):
    list_enterprise(desk.unit, {"name": "示例铝业", "address": "示例路1号"}, by=desk)
    again = {"name": " 示例 铝业".replace(" ", "") + " ", "address": "示例路１号"}
    assert refusal(list_enterprise, desk.unit, again, by=desk).code == "duplicate"
    list_enterprise(desk.unit, {"name": "示例铝业", "address": "示例路2号"}, by=desk)
    coded = {"name": "示例一", "credit_code": CODE}
    list_enterprise(desk.unit, coded, by=desk)
    refused = refusal(list_enterprise, desk.unit, {**coded, "name": "示例二"}, by=desk)
    assert (refused.code, refused.field) == ("duplicate", "credit_code")
    other = make.DeskFactory()
    list_enterprise(other.unit, coded, by=other)
    assert Enterprise.objects.filter(unit=desk.unit).count() == 3


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "长" * 121}, "name"),
        ({"name": "示例", "tier": "huge"}, "tier"),
        ({"name": "示例", "headcount": -1}, "headcount"),
        ({"name": "示例", "headcount": 10**30}, "headcount"),
        ({"name": "示例", "unit": 1}, "unit"),
        ({"name": "示例", "stage": "closed"}, "stage"),
        ({"name": "示例", "version": 7}, "version"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_written(values, field, desk):
    assert refusal(list_enterprise, desk.unit, values, by=desk).field == field
    assert not Enterprise.objects.exists()
    assert not Entry.objects.exists()


def test_two_people_edit_and_the_second_is_told(desk):
    enterprise = make.EnterpriseFactory(unit=desk.unit)
    edit_enterprise(enterprise, {"note": "一"}, by=desk, version=1)
    for verb, args in (
        (edit_enterprise, ({"note": "二"},)),
        (change_stage, ("suspended",)),
    ):
        with pytest.raises(Conflict):
            verb(enterprise, *args, by=desk, version=1)
    enterprise.refresh_from_db()
    assert (enterprise.note, enterprise.version, enterprise.stage) == ("一", 2, "operating")


def test_the_record_names_fields_not_their_contents(desk):
    enterprise = make.EnterpriseFactory(unit=desk.unit)
    edit_enterprise(enterprise, {"note": "敏感", "headcount": 5}, by=desk, version=1)
    entry = Entry.objects.get(action="enterprise.edited")
    assert entry.changes == {"fields": ["note", "headcount"]}


def test_every_editable_field_is_one(desk):
    assert {field.name for field in Enterprise._meta.fields} > set(EDITABLE)
    assert not {"unit", "stage", "version", "identity_key"} & set(EDITABLE)


def test_a_life_is_kept_step_by_step(desk):
    enterprise = list_enterprise(
        desk.unit, {"name": "示例项目", "kind": "project"}, by=desk, stage=Stage.SIGNED
    )
    for stage in ("landing", "construction", "operating", "closed"):
        enterprise = change_stage(
            enterprise, stage, by=desk, version=enterprise.version, reason=stage
        )
    steps = StageChange.objects.filter(enterprise=enterprise)
    assert [(one.from_stage, one.to_stage, one.reason) for one in steps] == [
        ("", "signed", ""),
        ("signed", "landing", "landing"),
        ("landing", "construction", "construction"),
        ("construction", "operating", "operating"),
        ("operating", "closed", "closed"),
    ]
    assert refusal(change_stage, enterprise, "closed", by=desk, version=5).code == "same_stage"
    assert refusal(change_stage, enterprise, "bankrupt", by=desk, version=5).code == "invalid"
    long = {"by": desk, "version": 5, "reason": "长" * 201}
    assert refusal(change_stage, enterprise, "operating", **long).code == "too_long"
