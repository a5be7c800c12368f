"""Every state of every clock in words to the contact, and nothing promised that has no clock."""

from datetime import timedelta

import pytest
from django.utils import timezone, translation

from issues.actions import VERBS, make_move
from issues.actions.limiting import set_policy
from issues.models import Issue, Pause
from issues.promise_changes import changes
from issues.promises import clock_said, moment_said, promises
from issues.workflow import ENDED, OPEN, STAGES, UNDER_WAY, CloseRule, Stage
from tests import factories as make

pytestmark = pytest.mark.django_db

KINDS = ("hazard", "other", "service", "case_lead")
SITUATIONS = ("in_time", "late", "late_before_waiting", "uncertain", "reopened", "extended")


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def stand(issue, situation):
    """Put the line so; None where it cannot stand so in this stage."""
    passed = timezone.now() - timedelta(minutes=5)
    match situation:
        case "late" if issue.stage == Stage.RAISED:
            change = {"respond_due_at": passed, "next_due_at": passed}
        case "late" if issue.stage == Stage.WAITING:
            change = {"next_due_at": passed}
        case "late" if issue.stage in UNDER_WAY:
            change = {"resolve_due_at": passed, "next_due_at": passed}
        case "late_before_waiting" if issue.stage == Stage.WAITING:
            change = {"resolve_due_at": passed, "next_due_at": passed}
        case "uncertain" if issue.stage in UNDER_WAY:
            change = {"due_uncertain": True}
        case "in_time":
            return issue
        case _:
            return None
    Issue.objects.filter(pk=issue.pk).update(**change)
    return Issue.objects.for_detail().get(pk=issue.pk)


def all_said(issue):
    return promises(issue, list(issue.pauses.all()), timezone.now())


@pytest.mark.parametrize("situation", SITUATIONS[:4])
@pytest.mark.parametrize("stage", STAGES)
def test_exactly_the_clock_that_runs_is_promised(stage, situation):
    for kind in KINDS:
        issue = stand(make.ISSUE_IN[stage](kind=kind), situation)
        if issue is None:
            continue
        hear, done = all_said(issue)
        running = [one.due_at for one in (hear, done) if one.due_at]
        assert running == ([issue.next_due_at] if stage in OPEN else []), (kind, stage)
        for one in (hear, done):
            assert one.label
            assert one.head
        if situation.startswith("late"):
            broken = hear if stage == Stage.RAISED else done
            assert broken.tone == "over"
            assert moment_said(issue.next_due_at) in broken.said
        if stage == Stage.RAISED:
            # No day is named before there is one.
            assert str(issue.policy.resolve_days) in done.head
            assert "taken on" in done.head
            assert "20" not in done.head + done.said
        if situation == "uncertain" and stage in (Stage.ACCEPTED, Stage.WORKING, Stage.PROPOSED):
            assert "may move" in done.said
        if stage in (Stage.DECLINED, Stage.WITHDRAWN):
            assert "nothing is promised" in done.head
        if stage == Stage.PROPOSED:
            who = {CloseRule.CONTACT: "whether you agree", CloseRule.CHIEF: "a chief checks"}
            assert who.get(issue.close_rule, "a second officer checks") in done.said
        if stage == Stage.WAITING:
            assert "检测报告" in done.said
            still = "stands still" in done.said
            assert still == (situation == "in_time" or situation == "uncertain")
        if stage in OPEN:
            assert clock_said(issue)


def last(issue):
    events = list(issue.events.shown_to(make.ContactUserFactory(enterprise=issue.enterprise)))
    return changes(issue, events)


def test_waiting_says_that_the_time_stands_still_and_resuming_to_when_it_moved():
    issue = make.WaitingIssueFactory(kind="hazard")
    assert "stands still" in last(issue)[-1].said
    # It was a while: the pause began two working days ago.
    start = timezone.now() - timedelta(days=9)
    Pause.objects.filter(issue=issue).update(starts_at=start)
    Issue.objects.filter(pk=issue.pk).update(started_at=start - timedelta(days=1))
    contact = make.ContactUserFactory(enterprise=issue.enterprise)
    before = issue.resolve_due_at
    issue = make_move(issue, "resume", by=contact, version=issue.version, values={"note": "送来了"})
    change = last(issue)[-1]
    assert issue.resolve_due_at > before
    assert moment_said(before) in change.said
    assert moment_said(issue.resolve_due_at) in change.said
    assert change.reason == "送来了"


def test_an_extension_is_read_once_granted_and_the_request_for_it_never():
    issue = make.WorkingIssueFactory(kind="other")
    make.ExtensionFactory(issue=issue, reason="内部原因")
    chief = make.ChiefFactory(unit=issue.unit)
    before = issue.resolve_due_at
    issue = VERBS["grant_extension"](issue, by=chief, version=issue.version, note="配件未到")
    change = last(issue)[-1]
    assert "1 day more" in change.said
    assert moment_said(before) in change.said
    assert moment_said(issue.resolve_due_at) in change.said
    assert change.reason == "配件未到"
    assert "内部原因" not in str(last(issue))


def test_a_limit_changed_before_acceptance_changes_how_many_days_are_promised():
    issue = make.RaisedIssueFactory(kind="other")
    chief = make.ChiefFactory(unit=issue.unit)
    set_policy(
        issue.unit, issue.kind, issue.level, by=chief, replaces=None, also_open=True,
        respond_hours=24, resolve_days=9, may_pause=True, extension_days=0,
    )  # fmt: skip
    issue = Issue.objects.for_detail().get(pk=issue.pk)
    _hear, done = all_said(issue)
    assert "9 working days" in done.head
    assert "9 days from being taken on instead of 5" in last(issue)[-1].said


def test_reopening_begins_a_new_promise_and_closing_ends_it():
    issue = make.ClosedIssueFactory(kind="service")
    assert "ended" in last(issue)[-1].said
    contact = make.ContactUserFactory(enterprise=issue.enterprise)
    issue = make_move(
        issue, "reopen", by=contact, version=issue.version, values={"reason": "又坏了"}
    )
    change = last(issue)[-1]
    assert moment_said(issue.resolve_due_at) in change.said
    assert change.reason == "又坏了"


def test_a_return_between_colleagues_changes_no_promise_and_is_not_read():
    issue = make.ProposedIssueFactory(kind="hazard")
    chief = make.ChiefFactory(unit=issue.unit)
    issue = VERBS["return"](issue, by=chief, version=issue.version, reason="补拍")
    assert "补拍" not in str(last(issue))
    assert issue.stage not in ENDED
