"""What a phone keeps: for whom, and in which shape."""

from datetime import timedelta

import pytest
from django.utils import timezone

from issues.models import IssueKind
from tests import factories as make
from tests.api.people import client_of, schema
from tests.mobile import kept
from tests.mobile.kept import data_of
from visits.actions import Promised, plan_day

pytestmark = pytest.mark.django_db


def test_the_shape_is_exactly_this(enterprise, officer):
    make.ContactFactory(enterprise=enterprise)
    make.EnterpriseFactory(unit=enterprise.unit)
    lately, soon = timezone.now() - timedelta(days=3), timezone.localdate() + timedelta(days=1)
    promises = [Promised("回访", soon)]
    make.VisitFactory(enterprise=enterprise, promises=promises, happened_at=lately)
    make.RaisedIssueFactory(enterprise=enterprise)
    plan_day(officer, timezone.localdate(), by=officer)
    data = data_of(officer)
    assert set(data) == kept.WHOLE
    own, other = data["enterprises"]
    assert (set(own), set(other)) == (kept.OWN, kept.OTHER)
    rows = {
        kept.CONTACT: own["contacts"],
        kept.VISIT: own["visits"],
        kept.PROMISE: own["promises"],
        kept.LINE: data["issues"],
        kept.NOTICE: data["inbox"],
        kept.KIND: data["choices"]["kinds"],
        kept.HANDLER: [one["handler"] for one in data["issues"]],
        kept.MOVE: data["choices"]["moves"],
        kept.EVENT: [event for one in data["issues"] for event in one["events"]],
        kept.FIELD: [field for move in data["choices"]["moves"] for field in move["fields"]],
    }
    for names, found in rows.items():
        assert found
        assert {frozenset(one) for one in found} == {names}
    assert set(data["choices"]) == kept.CHOICES
    assert set(data["position"]) == kept.POSITION
    assert data["plan"] == client_of(officer).get("/api/v1/day-plan/").json()
    assert [one["enterprise"]["id"] for one in data["plan"]["calls"]] == [enterprise.pk]


def test_the_description_says_the_same_shape():
    components = schema()["components"]["schemas"]
    assert {name: set(components[name]["properties"]) for name in kept.DESCRIBED} == {
        name: set(names) for name, names in kept.DESCRIBED.items()
    }
    for name in kept.DESCRIBED:
        assert set(components[name]["required"]) == set(components[name]["properties"]), name


def test_what_forms_offer_comes_with_labels(officer):
    choices = data_of(officer)["choices"]
    assert ["on_site", "上门"] in choices["channels"]
    for name in kept.CHOICES - {"kinds", "moves"}:
        assert choices[name]
        assert all(len(one) == 2 and all(one) for one in choices[name])
    assert [one["code"] for one in choices["kinds"]] == [
        one.code for one in IssueKind.objects.all()
    ]
    hazard = next(one for one in choices["kinds"] if one["code"] == "hazard")
    assert hazard["proofs"] == ["before", "after"]


def test_another_station_sees_nothing_of_it(enterprise):
    make.RaisedIssueFactory(enterprise=enterprise)
    make.VisitFactory(enterprise=enterprise)
    for person in (make.OfficerFactory(), make.ChiefFactory(), make.DeskFactory(unit=None)):
        data = data_of(person)
        assert (data["enterprises"], data["issues"], data["inbox"]) == ([], [], [])


def test_notices_are_ones_own(enterprise, officer):
    first, second = (make.NoticeFactory(recipient=officer) for _ in range(2))
    make.NoticeFactory(recipient=make.OfficerFactory(unit=enterprise.unit))
    officer.notices.exclude(pk__in=(first.pk, second.pk)).delete()
    second.read_at = timezone.now()
    second.save(update_fields=["read_at"])
    data = data_of(officer)
    assert [(one["id"], one["read"]) for one in data["inbox"]] == [
        (second.pk, True),
        (first.pk, False),
    ]
    assert data["unread"] == 1
    for _ in range(40):
        make.NoticeFactory(recipient=officer)
    data = data_of(officer)
    assert (len(data["inbox"]), data["unread"]) == (30, 41)


def test_a_plan_is_for_who_can_answer_for_an_enterprise(enterprise, officer, desk):
    assert data_of(desk)["plan"] is None
    assert data_of(officer)["plan"]["made_at"] is None
    assert data_of(make.ChiefFactory(unit=enterprise.unit))["plan"]["calls"] == []


def test_it_says_whether_positions_are_kept(officer):
    assert data_of(officer)["position"] == {"consent": False, "on_shift": False, "ends_by": None}
    make.on_duty(officer)
    position = data_of(officer)["position"]
    assert (position["consent"], position["on_shift"]) == (True, True)
    assert position["ends_by"]
