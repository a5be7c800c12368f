"""The stages of an application, read from the events of its line."""

import pytest

from green_channel.actions import bring, confirm_receipt
from green_channel.models import Application
from green_channel.parcel import halts
from issues.actions import decline_issue, dispute_issue, withdraw_issue
from issues.models import Issue
from liaison.accounts.models import Kind
from tests import factories as make

pytestmark = pytest.mark.django_db


def way(application):
    """(stage, how it is shown) in order."""
    application = Application.objects.select_related("issue", "correction").get(pk=application.pk)
    events = list(application.issue.events.all())
    shown = halts(application, events, application.decisions.last())
    assert [one.at is not None for one in shown] == [one.css == "done" for one in shown]
    times = [one.at for one in shown if one.at]
    assert times == sorted(times)
    return [(one.code, one.css) for one in shown]


PLAIN = ["submitted", "checked", "handling", "decided", "received"]
CORRECTED = [
    "submitted",
    "checked",
    "correction_asked",
    "supplied",
    "handling",
    "decided",
    "received",
]


def shown(codes, now):
    at = codes.index(now)
    return [(code, "done" if n < at else "now" if n == at else "") for n, code in enumerate(codes)]


@pytest.mark.parametrize(
    ("factory", "codes", "now"),
    [
        (make.ApplicationFactory, PLAIN, "checked"),
        (make.CorrectedApplicationFactory, CORRECTED, "supplied"),
        (make.BroughtApplicationFactory, CORRECTED, "decided"),
        (make.HandledApplicationFactory, PLAIN, "decided"),
        (make.DecidedApplicationFactory, PLAIN, "received"),
    ],
)
def test_each_state_shows_what_lies_behind_and_what_comes_next(factory, codes, now):
    assert way(factory()) == shown(codes, now)


def test_at_the_end_all_of_it_lies_behind():
    application = make.DecidedApplicationFactory()
    issue = Issue.objects.get(pk=application.issue_id)
    desk = make.someone(Kind.DESK, issue.unit)
    confirm_receipt(application, by=desk, version=issue.version, confirmed_by="本人")
    assert way(application) == [(code, "done") for code in PLAIN]


def test_what_came_back_is_not_decided():
    application = make.DecidedApplicationFactory()
    issue = Issue.objects.get(pk=application.issue_id)
    contact = make.ContactUserFactory(enterprise=issue.enterprise)
    dispute_issue(issue, by=contact, version=issue.version, reason="姓名有误")
    assert way(application) == shown(PLAIN, "decided")


@pytest.mark.parametrize("end", ["decline", "withdraw"])
def test_what_ended_before_shows_its_end_and_nothing_to_come(end):
    application = make.ApplicationFactory()
    issue = Issue.objects.get(pk=application.issue_id)
    if end == "decline":
        chief = make.someone(Kind.CHIEF, issue.unit)
        decline_issue(issue, by=chief, version=issue.version, reason="不属公安职责")
    else:
        withdraw_issue(issue, by=issue.raised_by, version=issue.version, reason="不办了")
    assert way(application) == [("submitted", "done"), ("ended", "done")]


def test_a_paper_that_comes_without_being_asked_changes_no_stage():
    application = make.ApplicationFactory()
    handler = make.handler_of(application.issue.enterprise)
    bring(application, by=handler, seen=[application.papers.last().pk])
    assert way(application) == shown(PLAIN, "checked")
