"""The enterprises that a phone keeps."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from enterprises.actions import change_stage, cover, renew_gate_code, set_deputy
from tests import factories as make
from tests.api.people import client_of
from tests.mobile import kept
from tests.mobile.kept import data_of, lines, mine
from visits.actions import Promised, keep_promise

pytestmark = pytest.mark.django_db


def test_whose_enterprises_are_whole(enterprise, officer, desk):
    """Responsible, deputy, acting; for everybody else at the station there is only the name."""
    deputy, acting, other = (make.OfficerFactory(unit=enterprise.unit) for _ in range(3))
    set_deputy(enterprise, deputy, by=desk)
    today = timezone.localdate()
    cover(officer, acting, starts_on=today, ends_on=today, by=desk)
    parts = {"responsible": officer, "deputy": deputy, "acting": acting}
    for part, person in parts.items():
        own = mine(data_of(person))[enterprise.pk]
        assert own["part"] == part
        assert own["part_label"]
    for person in (other, desk, make.ChiefFactory(unit=enterprise.unit)):
        data = data_of(person)
        assert mine(data) == {}
        [row] = data["enterprises"]
        assert set(row) == kept.OTHER


def test_who_is_several_of_these_has_it_once(enterprise, officer, desk):
    acting = make.OfficerFactory(unit=enterprise.unit)
    set_deputy(enterprise, acting, by=desk)
    today = timezone.localdate()
    cover(officer, acting, starts_on=today, ends_on=today, by=desk)
    [row] = data_of(acting)["enterprises"]
    assert row["part"] == "acting"


def test_a_deputy_who_is_away_is_not_acted_for(enterprise, desk):
    deputy, acting = (make.OfficerFactory(unit=enterprise.unit) for _ in range(2))
    set_deputy(enterprise, deputy, by=desk)
    today = timezone.localdate()
    cover(deputy, acting, starts_on=today, ends_on=today, by=desk)
    assert mine(data_of(acting)) == {}


@pytest.mark.parametrize("days", [-1, 1])
def test_a_cover_of_another_day_opens_nothing(enterprise, officer, desk, days):
    acting = make.OfficerFactory(unit=enterprise.unit)
    day = timezone.localdate() + timedelta(days=days)
    officer.covered_by.create(acting=acting, starts_on=day, ends_on=day, by=desk)
    line = make.RaisedIssueFactory(enterprise=enterprise, kind="case_lead", by=officer)
    data = data_of(acting)
    assert mine(data) == {}
    assert line.pk not in lines(data)


def test_own_ones_come_first_by_what_is_due_and_others_by_name(enterprise, officer):
    cold = make.ColdEnterpriseFactory(unit=enterprise.unit, officer=officer, name="丙")
    others = [make.EnterpriseFactory(unit=enterprise.unit, name=name) for name in ("乙", "甲")]
    data = data_of(officer)
    found = [one["id"] for one in data["enterprises"]]
    by_name = sorted(others, key=lambda one: one.name)
    assert found == [cold.pk, enterprise.pk, *(one.pk for one in by_name)]
    late, early = data["enterprises"][:2]
    assert late["overdue"]
    assert late["due_on"] < data["today"] <= early["due_on"]
    assert not early["overdue"]
    assert "没有" in late["why_due"]
    assert early["why_due"]


def test_what_is_told_of_an_own_one(enterprise, officer, desk):
    make.placed(enterprise)
    first = make.ContactFactory(enterprise=enterprise, name="乙", is_primary=True)
    second = make.ContactFactory(enterprise=enterprise, name="甲")
    make.ContactFactory(enterprise=enterprise, left_on=date(2026, 1, 1))
    now = timezone.now()
    visits = [
        make.VisitFactory(
            enterprise=enterprise, happened_at=now - timedelta(hours=n), summary=f"第{n}次"
        )
        for n in range(1, 6)
    ]
    promising = make.VisitFactory(
        enterprise=enterprise,
        happened_at=now - timedelta(days=9),
        promises=[Promised("不限期"), Promised("限期", timezone.localdate()), Promised("已办")],
    )
    keep_promise(promising.promises.get(text="已办"), by=officer)
    card = make.gate_code_of(enterprise)
    card = renew_gate_code(enterprise, by=desk, reason="丢失", replaces=card)
    own = mine(data_of(officer))[enterprise.pk]
    assert (own["longitude"], own["latitude"]) == (make.GATE.lon, make.GATE.lat)
    assert [(one["id"], one["in_charge"]) for one in own["contacts"]] == [
        (first.pk, True),
        (second.pk, False),
    ]
    assert [one["id"] for one in own["visits"]] == [one.pk for one in visits[:3]]
    assert own["visits"][0]["officer"] == officer.name
    assert [one["text"] for one in own["promises"]] == ["限期", "不限期"]
    assert own["gate"] == card.code
    labels = [own[f"{name}_label"] for name in ("kind", "grade", "tier", "stage")]
    assert labels == [
        enterprise.get_kind_display(),
        enterprise.get_grade_display(),
        enterprise.get_tier_display(),
        enterprise.get_stage_display(),
    ]


def test_without_a_card_the_gate_is_empty(enterprise, officer):
    assert mine(data_of(officer))[enterprise.pk]["gate"] == ""


def test_of_what_is_closed_there_is_nothing_but_the_lines_somebody_must_answer(
    enterprise, officer, desk
):
    make.ContactFactory(enterprise=enterprise, name="示例联系人", phone="13900001111")
    make.VisitFactory(enterprise=enterprise, promises=[Promised("回访")], summary="看过")
    make.gate_code_of(enterprise)
    line = make.WorkingIssueFactory(enterprise=enterprise)
    enterprise.refresh_from_db()
    change_stage(enterprise, "closed", by=desk, version=enterprise.version, reason="注销")
    deputy = make.OfficerFactory(unit=enterprise.unit)
    for person in (officer, deputy, desk):
        answer = client_of(person).get("/mobile/data/")
        assert answer.json()["enterprises"] == []
        for told in ("13900001111", "看过", enterprise.gate_codes.get().code):
            assert told not in answer.content.decode()
    # No request without an answer: who handles it goes on.
    assert set(lines(data_of(officer))) == {line.pk}
    assert lines(data_of(deputy)) == {}


def test_no_more_others_than_a_phone_holds(enterprise, officer, monkeypatch):
    monkeypatch.setattr("liaison.mobile.data.enterprises.MOST_OTHERS", 2)
    for _ in range(3):
        make.EnterpriseFactory(unit=enterprise.unit)
    data = data_of(officer)
    assert len(data["enterprises"]) == 3
    assert set(mine(data)) == {enterprise.pk}
