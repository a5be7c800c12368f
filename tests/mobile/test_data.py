"""What a phone keeps: for whom, and in which shape."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from enterprises.actions import change_stage, cover, renew_gate_code, set_deputy
from issues.actions import VERBS
from issues.models import Issue, IssueKind
from issues.workflow import MOVES, Stage
from liaison.accounts.models import Kind
from tests import factories as make
from tests.api.people import client_of, schema
from tests.mobile import kept
from visits.actions import Promised, keep_promise, plan_day

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(enterprise):
    return make.someone(Kind.DESK, enterprise.unit)


def data_of(person):
    answer = client_of(person).get("/mobile/data/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def mine(data):
    return {one["id"]: one for one in data["enterprises"] if one["mine"]}


def lines(data):
    return {one["id"]: one for one in data["issues"]}


# --- shape ------------------------------------------------------------------------------------


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
        kept.MOVE: [move for one in data["issues"] for move in one["moves"]],
        kept.EVENT: [event for one in data["issues"] for event in one["events"]],
        kept.FIELD: [
            field for one in data["issues"] for move in one["moves"] for field in move["fields"]
        ],
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
    for name in kept.CHOICES - {"kinds"}:
        assert choices[name]
        assert all(len(one) == 2 and all(one) for one in choices[name])
    assert [one["code"] for one in choices["kinds"]] == [
        one.code for one in IssueKind.objects.all()
    ]
    hazard = next(one for one in choices["kinds"] if one["code"] == "hazard")
    assert hazard["proofs"] == ["before", "after"]


# --- enterprises ------------------------------------------------------------------------------


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


# --- who sees what ----------------------------------------------------------------------------


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


# --- lines ------------------------------------------------------------------------------------


def test_which_lines_concern_a_person(enterprise, officer, desk):
    unit = enterprise.unit
    deputy, other = (make.OfficerFactory(unit=unit) for _ in range(2))
    set_deputy(enterprise, deputy, by=desk)
    of_mine = make.RaisedIssueFactory(enterprise=enterprise, by=desk)
    elsewhere = make.AssignedEnterpriseFactory(unit=unit)
    raised = make.RaisedIssueFactory(enterprise=elsewhere, by=officer)
    make.RaisedIssueFactory(enterprise=elsewhere, by=desk)
    make.ClosedIssueFactory(enterprise=enterprise)
    make.WithdrawnIssueFactory(enterprise=enterprise)
    assert {pk: one["mine"] for pk, one in lines(data_of(officer)).items()} == {
        of_mine.pk: True,
        raised.pk: False,
    }
    assert {pk: one["mine"] for pk, one in lines(data_of(deputy)).items()} == {of_mine.pk: False}
    assert lines(data_of(other)) == {}
    today = timezone.localdate()
    cover(officer, other, starts_on=today, ends_on=today, by=desk)
    # Not what the one who is away has raised elsewhere.
    assert {pk: one["mine"] for pk, one in lines(data_of(other)).items()} == {of_mine.pk: True}


def test_a_sensitive_line_is_for_whom_it_concerns(enterprise, officer, desk):
    deputy = make.OfficerFactory(unit=enterprise.unit)
    set_deputy(enterprise, deputy, by=desk)
    lead = make.RaisedIssueFactory(
        enterprise=enterprise, kind="case_lead", by=officer, title="夜间有人搬运铝材"
    )
    assert lead.pk in lines(data_of(officer))
    answer = client_of(deputy).get("/mobile/data/")
    assert answer.json()["enterprises"][0]["mine"]
    assert "铝材" not in answer.content.decode()
    assert lead.number not in answer.content.decode()


@pytest.mark.parametrize("stage", Stage)
def test_moves_are_those_that_one_may_make_and_fill_in_on_a_phone(stage, enterprise, officer):
    """The same as the API offers, but for choosing an officer."""
    line = make.ISSUE_IN[stage](enterprise=enterprise, kind="other")
    today = timezone.localdate()
    desk, acting = make.DeskFactory(unit=line.unit), make.OfficerFactory(unit=line.unit)
    chief = make.AssignedEnterpriseFactory(
        unit=line.unit, officer=make.ChiefFactory(unit=line.unit)
    )
    set_deputy(enterprise, make.handler_of(chief), by=desk)
    cover(officer, acting, starts_on=today, ends_on=today, by=desk)
    for person in (officer, acting, make.handler_of(chief)):
        offered = client_of(person).get(f"/api/v1/issues/{line.pk}/").json()["available_moves"]
        found = lines(data_of(person)).get(line.pk)
        if not line.is_open:
            assert found is None
            continue
        expected = [
            one for one in offered if not any(field["kind"] == "officer" for field in one["fields"])
        ]
        assert [one["move"] for one in found["moves"]] == [one["move"] for one in expected]
        for move, asked in zip(found["moves"], expected, strict=True):
            assert (move["label"], move["evidence"]) == (asked["label"], asked["evidence"])
            assert move["tone"] == MOVES[move["move"]].tone
            told = [{k: v for k, v in one.items() if k != "max_length"} for one in move["fields"]]
            assert told == asked["fields"]


def test_what_is_told_of_a_line(enterprise, officer):
    line = make.WorkingIssueFactory(enterprise=enterprise, kind="hazard", title="堆料")
    found = lines(data_of(officer))[line.pk]
    api = client_of(officer).get(f"/api/v1/issues/{line.pk}/").json()
    same = (
        "id", "number", "title", "text", "kind", "level", "stage", "version", "raised_at",
        "respond_due_at", "resolve_due_at", "next_due_at",
    )  # fmt: skip
    assert {name: found[name] for name in same} == {name: api[name] for name in same}
    assert (found["enterprise"], found["enterprise_name"]) == (enterprise.pk, enterprise.name)
    assert found["handler"] == {"id": officer.pk, "name": officer.name}
    assert (found["stage_label"], found["clock_label"]) == (line.get_stage_display(), "待办结")
    assert found["kind_label"] == str(line.kind)
    assert not found["overdue"]
    assert found["proofs_missing"] == ["before", "after"]
    past = timezone.now() - timedelta(hours=1)
    Issue.objects.filter(pk=line.pk).update(next_due_at=past, resolve_due_at=past)
    assert lines(data_of(officer))[line.pk]["overdue"]


def test_proofs_that_are_there_are_not_missing_until_it_is_reopened(enterprise, officer):
    line = make.ProposedIssueFactory(enterprise=enterprise, kind="hazard")
    assert lines(data_of(officer))[line.pk]["proofs_missing"] == []
    line = VERBS["close"](line, by=make.approver_for(line), version=line.version)
    chief = make.someone(Kind.CHIEF, line.unit)
    VERBS["reopen"](line, by=chief, version=line.version, reason="又堆")
    assert lines(data_of(officer))[line.pk]["proofs_missing"] == ["before", "after"]


def test_the_last_five_events_are_told_in_words(enterprise, officer):
    line = make.WorkingIssueFactory(enterprise=enterprise)
    for n in range(4):
        VERBS["note"](line, by=officer, note=f"<第{n}次>")
    events = lines(data_of(officer))[line.pk]["events"]
    assert [one["text"] for one in events] == ["<第3次>", "<第2次>", "<第1次>", "<第0次>", ""]
    assert {one["actor"] for one in events} == {officer.name}
    assert events[-1]["label"] == "开始办理"
    assert {one["stage_label"] for one in events} == {"办理中"}


def test_a_name_with_a_mark_in_it_is_told_as_it_is(enterprise, officer, desk):
    other = make.OfficerFactory(unit=enterprise.unit, name="甲&乙")
    line = make.RaisedIssueFactory(enterprise=enterprise)
    VERBS["transfer"](line, by=desk, version=line.version, handler=other, reason="轮班")
    [moved, _raised] = lines(data_of(officer))[line.pk]["events"]
    assert "甲&乙" in moved["label"]


def test_no_more_lines_than_a_phone_holds_and_the_most_urgent_of_them(
    enterprise, officer, monkeypatch
):
    monkeypatch.setattr("liaison.mobile.data.lines.MOST_LINES", 2)
    late = make.LateIssueFactory(enterprise=enterprise)
    for _ in range(2):
        make.RaisedIssueFactory(enterprise=enterprise)
    found = data_of(officer)["issues"]
    assert len(found) == 2
    assert found[0]["id"] == late.pk
