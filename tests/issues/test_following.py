"""Open lines go with the enterprise to its new officer; ended ones stay where they are."""

import pytest

from enterprises.actions import assign, change_stage, hand_over
from issues.actions import transfer_issue
from issues.models import Issue
from issues.workflow import OPEN, STAGES
from liaison.accounts.models import User
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    enterprise = make.AssignedEnterpriseFactory()
    return {
        "enterprise": enterprise,
        "first": make.handler_of(enterprise),
        "second": make.OfficerFactory(unit=enterprise.unit),
        "third": make.OfficerFactory(unit=enterprise.unit),
        "desk": make.DeskFactory(unit=enterprise.unit),
        "chief": make.ChiefFactory(unit=enterprise.unit),
    }


def test_exactly_the_open_lines_follow(station):
    lines = {
        stage: make.ISSUE_IN[stage](enterprise=station["enterprise"], kind="other")
        for stage in STAGES
    }
    assign(
        station["enterprise"], station["second"], by=station["desk"], reason="调整",
        replaces=station["first"],
    )  # fmt: skip
    for stage, line in lines.items():
        now = Issue.objects.get(pk=line.pk)
        if stage in OPEN:
            assert now.handler == station["second"]
            assert (now.stage, now.version) == (stage, line.version + 1)
            assert (now.next_due_at, now.resolve_due_at) == (line.next_due_at, line.resolve_due_at)
            told = now.events.last()
            assert (told.move, told.actor, told.text) == ("transfer", station["desk"], "调整")
            assert told.values == {
                "handler": str(station["second"]), "handler_id": station["second"].pk,
                "before": str(station["first"]), "before_id": station["first"].pk,
            }  # fmt: skip
            # Why an officer goes is between colleagues.
            assert not told.public
        else:
            assert (now.handler, now.version) == (station["first"], line.version)


def test_what_nobody_handled_goes_to_the_first_officer(station):
    enterprise = make.EnterpriseFactory(unit=station["desk"].unit)
    line = make.RaisedIssueFactory(enterprise=enterprise)
    assert line.handler is None
    assign(enterprise, station["first"], by=station["desk"])
    line.refresh_from_db()
    assert line.handler == station["first"]


def test_a_line_given_to_a_third_officer_stays_there(station):
    line = make.RaisedIssueFactory(enterprise=station["enterprise"])
    transfer_issue(line, by=station["chief"], version=1, handler=station["third"], reason="专长")
    assign(station["enterprise"], station["second"], by=station["desk"], replaces=station["first"])
    line.refresh_from_db()
    assert line.handler == station["third"]


def test_handing_over_takes_also_lines_on_other_officers_enterprises(station):
    """All open issues of the officer go, not only those of his enterprises."""
    other = make.AssignedEnterpriseFactory(unit=station["desk"].unit)
    lent = make.WorkingIssueFactory(enterprise=other, kind="other")
    ended = make.ClosedIssueFactory(enterprise=other, kind="other")
    for line in (lent, ended):
        Issue.objects.filter(pk=line.pk).update(handler=station["first"])
    gone = make.RaisedIssueFactory(enterprise=station["enterprise"])
    hand_over(station["first"], station["second"], by=station["desk"], reason="调离")
    handlers = Issue.objects.in_bulk([lent.pk, ended.pk, gone.pk])
    assert handlers[lent.pk].handler == handlers[gone.pk].handler == station["second"]
    assert handlers[ended.pk].handler == station["first"]
    assert make.handler_of(other) not in (station["first"], station["second"])


def test_lines_of_an_officer_who_left_follow_the_next(station):
    line = make.RaisedIssueFactory(enterprise=station["enterprise"])
    User.objects.filter(pk=station["first"].pk).update(is_active=False)
    assign(station["enterprise"], station["second"], by=station["desk"])
    line.refresh_from_db()
    assert line.handler == station["second"]


def test_a_closed_enterprise_keeps_its_open_lines_with_who_handles_them(station):
    """No request without an answer, also when who asked has gone."""
    line = make.WorkingIssueFactory(enterprise=station["enterprise"])
    change_stage(station["enterprise"], "closed", by=station["desk"], version=1, reason="注销")
    line.refresh_from_db()
    assert (line.handler, line.is_open) == (station["first"], True)
    hand_over(station["first"], station["second"], by=station["desk"], reason="调离")
    line.refresh_from_db()
    assert line.handler == station["second"]
