"""The lines of the bill that a phone keeps, and what may be done to them."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from enterprises.actions import cover, set_deputy
from issues.actions import VERBS, make_move
from issues.models import Issue
from issues.workflow import MOVES, OPEN, Stage
from liaison.accounts.models import Kind
from tests import factories as make
from tests.api.people import client_of
from tests.mobile.kept import data_of, lines, moves

pytestmark = pytest.mark.django_db


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
        now = found["moves"][line.stage]
        assert now == [one["move"] for one in expected]
        for asked in expected:
            move = moves(data_of(person))[asked["move"]]
            assert (move["label"], move["evidence"]) == (asked["label"], asked["evidence"])
            known = MOVES[move["move"]]
            assert (move["tone"], move["to"]) == (known.tone, known.target or "")
            assert move["claims"] == known.claims
            told = [{k: v for k, v in one.items() if k != "max_length"} for one in move["fields"]]
            assert told == asked["fields"]


@pytest.mark.parametrize("stage", OPEN)
def test_what_may_be_done_after_a_move_is_what_may_be_done_once_it_is_made(
    stage, enterprise, officer
):
    """So several can be made in a row without a network, each on the version after the last."""
    line = make.ISSUE_IN[stage](enterprise=enterprise, kind="other")
    told = lines(data_of(officer))[line.pk]
    told_of = moves(data_of(officer))
    leading_on = [one for one in told["moves"][line.stage] if told_of[one]["to"] in OPEN]
    for name in leading_on:
        with transaction.atomic():
            make_move(
                line, name, by=officer, version=line.version, values=make.values_for(name, line)
            )
            then = lines(data_of(officer))[line.pk]
            transaction.set_rollback(True)
        assert then["stage"] == told_of[name]["to"]
        assert then["version"] == told["version"] + 1
        assert then["moves"][then["stage"]] == told["moves"][then["stage"]]


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
