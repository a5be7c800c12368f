"""What each verb refuses, and what it leaves behind."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from enterprises.actions import assign
from issues.actions import VERBS, make_move, raise_issue, transfer_issue
from issues.actions.engine import claim
from issues.models import Issue
from issues.workflow import MOVES, Need, Stage
from liaison.core.refused import Conflict, Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


def refusal(issue, name, by, version=None, **values):
    with pytest.raises(Refused) as refused:
        make_move(issue, name, by=by, version=version or issue.version, values=values)
    return refused.value


@pytest.fixture
def people():
    unit = make.StationFactory()
    return {
        "unit": unit,
        "chief": make.ChiefFactory(unit=unit),
        "desk": make.DeskFactory(unit=unit),
    }


REQUIRED = [
    (move.name, field) for move in MOVES.values() for field in move.fields if field.required
]
LONG = [
    (move.name, field) for move in MOVES.values() for field in move.fields if field.kind == "text"
]


def able(name, people):
    """A line on which the move can be made, and somebody who can."""
    move = MOVES[name]
    raiser = make.OfficerFactory(unit=people["unit"])
    issue = make.ISSUE_IN[move.sources[0]](kind="other", by=raiser, enterprise__unit=people["unit"])
    if move.need in (Need.ASKED, Need.ASKED_IN_TIME):
        make.ExtensionFactory(issue=issue)
    by = {
        "raiser": raiser,
        "decider": people["chief"],
        "approver": people["chief"],
        "reviewer": people["chief"],
        "chief": people["chief"],
        "contact": make.ContactUserFactory(enterprise=issue.enterprise),
    }
    return issue, next((by[role] for role in by if role in move.roles), issue.handler)


@pytest.mark.parametrize(("name", "field"), REQUIRED, ids=[f"{n}-{f.name}" for n, f in REQUIRED])
@pytest.mark.parametrize("empty", [None, ""])
def test_what_a_move_asks_for_must_be_said(name, field, empty, people):
    issue, by = able(name, people)
    given = {
        one.name: {"date": timezone.localdate() + timedelta(2), "number": 1}.get(one.kind, "说明")
        for one in MOVES[name].fields
        if one.required and one.kind != "officer"
    }
    refused = refusal(issue, name, by, **{**given, field.name: empty})
    assert refused.code == "missing"
    assert field.name in refused.details["missing"]


@pytest.mark.parametrize(("name", "field"), LONG, ids=[f"{n}-{f.name}" for n, f in LONG])
def test_a_text_is_as_long_as_its_column_at_most(name, field, people):
    """PostgreSQL would fail where SQLite takes anything."""
    issue, by = able(name, people)
    given = {
        one.name: timezone.localdate() + timedelta(2) if one.kind == "date"
        else 1 if one.kind == "number"
        else make.OfficerFactory(unit=people["unit"]).pk if one.kind == "officer"
        else "说明"
        for one in MOVES[name].fields
        if one.required
    }  # fmt: skip
    if field.max_length < 4000:
        refused = refusal(issue, name, by, **{**given, field.name: "长" * (field.max_length + 1)})
        assert (refused.code, refused.field) == ("too_long", field.name)
    given[field.name] = "长" * field.max_length
    make_move(issue, name, by=by, version=issue.version, values=given)


def test_an_unknown_move_and_an_unknown_field_are_refused(people):
    issue = make.RaisedIssueFactory()
    assert refusal(issue, "steal", issue.handler).code == "no_such_move"
    assert refusal(issue, "accept", issue.handler, stage="closed").code == "unknown_field"


@pytest.mark.parametrize("version", [0, 2, None])
def test_a_stale_picture_is_a_conflict_that_says_how_things_stand(version):
    issue = make.RaisedIssueFactory()
    refused = refusal(issue, "accept", issue.handler, version=version or 99)
    assert isinstance(refused, Conflict)
    assert refused.details == {"stage": "raised", "version": 1}
    assert str(issue.raised_by) in str(refused)


@pytest.mark.parametrize("version", [1, 2], ids=["seen", "guessed"])
def test_a_line_in_hand_does_not_overwrite_what_has_become_of_it(people, version):
    """Failure 18."""
    issue = make.RaisedIssueFactory(enterprise__unit=people["unit"])
    in_hand = Issue.objects.get(pk=issue.pk)
    make_move(issue, "decline", by=people["chief"], version=1, values={"reason": "不属本所"})
    assert in_hand.stage == "raised"
    refused = refusal(in_hand, "accept", in_hand.handler, version=version)
    assert isinstance(refused, Conflict)
    assert refused.details == {"stage": "declined", "version": 2}
    after = Issue.objects.get(pk=issue.pk)
    assert (after.stage, after.version) == ("declined", 2)


@pytest.mark.parametrize("version", [1, 2], ids=["its version", "its stage"])
def test_what_has_moved_since_it_was_read_is_not_written(people, version):
    """Failure 18: looked at once more by the statement that writes."""
    issue = make.RaisedIssueFactory(enterprise__unit=people["unit"])
    read = Issue.objects.get(pk=issue.pk)
    make_move(issue, "decline", by=people["chief"], version=1, values={"reason": "不属本所"})
    with pytest.raises(Conflict):
        claim(read, version=version, stage=Stage.ACCEPTED)
    assert Issue.objects.get(pk=issue.pk).stage == Stage.DECLINED


def test_nobody_accepts_a_line_that_has_no_officer(people):
    enterprise = make.EnterpriseFactory(unit=people["unit"])
    issue = make.RaisedIssueFactory(enterprise=enterprise)
    assert issue.handler is None
    assert refusal(issue, "accept", people["desk"]).code == "no_handler"
    officer = make.OfficerFactory(unit=people["unit"])
    given = transfer_issue(
        issue, by=people["desk"], version=issue.version, handler=officer, reason="先接手"
    )
    assert VERBS["accept"](given, by=officer, version=given.version).stage == Stage.ACCEPTED


@pytest.mark.parametrize(
    ("until", "code"),
    [
        (timedelta(0), "past"),
        (timedelta(-1), "past"),
        (timedelta(366), "too_far"),
        (date.max, "too_far"),
    ],
)
def test_one_waits_until_a_day_that_comes_and_not_for_ever(until, code):
    issue = make.WorkingIssueFactory()
    day = until if isinstance(until, date) else timezone.localdate() + until
    refused = refusal(issue, "wait", issue.handler, awaited="报告", awaited_from="企业", until=day)
    assert (refused.code, refused.field) == (code, "until")


def test_transfer_only_to_another_who_may_answer_here(people):
    issue = make.RaisedIssueFactory(enterprise__unit=people["unit"])
    elsewhere = make.OfficerFactory()
    left = make.OfficerFactory(unit=people["unit"], is_active=False)
    for who in (elsewhere.pk, left.pk, people["desk"].pk, 10**12):
        assert refusal(issue, "transfer", people["chief"], handler=who, reason="x").code == (
            "wrong_officer"
        )
    same = refusal(issue, "transfer", people["chief"], handler=issue.handler_id, reason="x")
    assert same.code == "same_officer"


def test_the_desk_does_not_transfer_a_line_it_may_not_see(people):
    lead = make.RaisedIssueFactory(
        kind="case_lead", by=people["chief"], enterprise__unit=people["unit"]
    )
    officer = make.OfficerFactory(unit=people["unit"])
    for name, values in (("transfer", {"handler": officer.pk, "reason": "x"}), ("accept", {})):
        assert refusal(lead, name, people["desk"], **values).code == "not_allowed"


def test_ending_early_stops_every_clock():
    waiting = make.WaitingIssueFactory()
    ended = VERBS["withdraw"](
        waiting, by=waiting.raised_by, version=waiting.version, reason="已解决"
    )
    assert ended.next_due_at is None
    assert not ended.awaited
    assert not ended.pauses.filter(ended_at__isnull=True).exists()


def test_files_only_where_the_move_takes_them():
    issue = make.RaisedIssueFactory()
    with pytest.raises(Refused) as refused:
        make_move(
            issue, "accept", by=issue.handler, version=1, values={},
            files=make.proofs_for(make.RaisedIssueFactory(kind="hazard"), issue.handler),
        )  # fmt: skip
    assert refused.value.code == "no_files"


@pytest.mark.parametrize(
    ("days", "who", "refused"),
    [(29, "contact", False), (31, "contact", True), (31, "chief", False)],
)
def test_a_contact_reopens_within_thirty_days(days, who, refused, time_machine):
    issue = make.ClosedIssueFactory()
    by = (
        make.ChiefFactory(unit=issue.unit)
        if who == "chief"
        else make.ContactUserFactory(enterprise=issue.enterprise)
    )
    time_machine.move_to(timezone.now() + timedelta(days=days))
    if refused:
        assert refusal(issue, "reopen", by, reason="又坏了").code == "too_late"
    else:
        again = VERBS["reopen"](issue, by=by, version=issue.version, reason="又坏了")
        assert (again.generation, again.stage, again.closed_at) == (2, Stage.WORKING, None)
        assert again.resolve_due_at > timezone.now()
        assert again.events.last().generation == 2


def test_a_reopened_line_goes_to_who_answers_by_now(people):
    issue = make.ClosedIssueFactory(enterprise__unit=people["unit"])
    first, second = issue.handler, make.OfficerFactory(unit=people["unit"])
    assign(issue.enterprise, second, by=people["desk"], replaces=first)
    again = VERBS["reopen"](issue, by=people["chief"], version=issue.version, reason="又坏了")
    assert again.handler == second
    assert again.events.last().values["handler"] == str(second)


def test_a_reopened_line_stays_with_the_third_officer_who_had_it(people):
    issue = make.WorkingIssueFactory(enterprise__unit=people["unit"], kind="other")
    third = make.OfficerFactory(unit=people["unit"])
    issue = transfer_issue(
        issue, by=people["chief"], version=issue.version, handler=third, reason="专长"
    )
    issue = VERBS["propose"](issue, by=third, version=issue.version, summary="好了")
    issue = VERBS["close"](issue, by=people["chief"], version=issue.version)
    again = VERBS["reopen"](issue, by=people["chief"], version=issue.version, reason="又坏了")
    assert again.handler == third


# --- raising ----------------------------------------------------------------------------------


def raised(enterprise, by, **more):
    given = {"kind": make.kind_of("service"), "title": "诉求", "source": Issue.Source.DESK}
    return raise_issue(enterprise, by=by, **{**given, **more})


def test_raising_refuses_what_makes_no_sense(people):
    enterprise = make.AssignedEnterpriseFactory(unit=people["unit"])
    bureau = make.BureauUserFactory(unit=people["unit"].parent)
    later = timezone.now() + timedelta(minutes=1)
    for by, more, code in (
        (make.OfficerFactory(), {}, "not_yours"),
        (make.ContactUserFactory(), {}, "not_yours"),
        (bureau, {}, "not_allowed"),
        (people["desk"], {"title": "  "}, "missing"),
        (people["desk"], {"level": "huge"}, "invalid"),
        (people["desk"], {"raised_at": later}, "future"),
    ):
        with pytest.raises(Refused) as refused:
            raised(enterprise, by, **more)
        assert refused.value.code == code
    assert not Issue.objects.exists()


def test_numbers_run_by_unit_and_by_the_year_in_china(people, time_machine):
    # 07:30 on New Year's Day in China is still the old year in UTC.
    time_machine.move_to("2026-12-31T23:30:00+00:00", tick=False)
    enterprise = make.AssignedEnterpriseFactory(unit=people["unit"])
    other = make.AssignedEnterpriseFactory()
    numbers = [raised(enterprise, people["desk"]).number for _ in range(2)]
    code = people["unit"].code
    assert numbers == [f"{code}-2027-0001", f"{code}-2027-0002"]
    assert raised(other, make.DeskFactory(unit=other.unit)).number.endswith("2027-0001")
