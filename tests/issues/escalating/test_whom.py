"""Whom a step of a line's ladder reaches."""

import pytest
from django.utils import timezone

from enterprises.actions import cover, set_deputy
from enterprises.models import Cover
from issues.actions.escalating import escalate_due
from issues.models import Escalation, Issue
from liaison.notices.models import Mention
from tests import factories as make
from tests.clockwork import DAY, HOUR, person
from tests.issues.escalating.clockwork import told

pytestmark = pytest.mark.django_db


def test_while_an_officer_is_away_whoever_acts_is_told(station, begin):
    issue = make.RaisedIssueFactory(enterprise__unit=station)
    acting = make.OfficerFactory(unit=station)
    today = begin.date()
    cover(
        issue.handler, acting, starts_on=today, ends_on=today + 3 * DAY, by=person(station, "desk")
    )
    escalate_due(begin + 18 * HOUR)
    assert told(begin + 18 * HOUR) == {(acting, "due_soon")}
    Cover.objects.update(cancelled_at=timezone.now())
    escalate_due(begin + DAY)
    assert (issue.handler, "overdue") in told(begin + DAY)


def test_the_deputy_is_told_when_it_runs_out(station, begin):
    issue = make.RaisedIssueFactory(enterprise__unit=station)
    deputy = make.OfficerFactory(unit=station)
    set_deputy(issue.enterprise, deputy, by=person(station, "desk"))
    escalate_due(begin + DAY)
    assert (deputy, "overdue") in told(begin + DAY)


def test_nobody_is_told_of_a_line_that_they_may_not_see(station, begin):
    issue = make.RaisedIssueFactory(
        enterprise__unit=station, kind="case_lead", by=make.OfficerFactory(unit=station)
    )
    deputy = make.OfficerFactory(unit=station)
    set_deputy(issue.enterprise, deputy, by=person(station, "desk"))
    now = begin + DAY
    escalate_due(now)
    assert {one for one, _kind in told(now)} == {issue.handler}
    assert set(Mention.objects.values_list("confidential", flat=True)) == {True}
    for one in Mention.objects.select_related("recipient"):
        assert Issue.objects.visible_to(one.recipient).filter(pk=issue.pk).exists()


def test_a_step_that_reaches_nobody_goes_on_to_those_above(begin):
    unit = make.StationFactory()
    issue = make.RaisedIssueFactory(enterprise=make.EnterpriseFactory(unit=unit))
    assert issue.handler is None
    unit.people.update(is_active=False)
    escalate_due(begin + DAY)
    assert told(begin + DAY) == set()
    assert Escalation.objects.get(step=2).told == [], "the step is there, and that nobody was"
    bureau = make.BureauUserFactory(unit=unit.parent)
    escalate_due(begin + DAY + 8 * HOUR)
    assert told(begin + DAY + 8 * HOUR) == {(bureau, "escalated")}


def test_a_close_out_that_waits_for_approval_rings_with_whoever_approves(station, begin):
    issue = make.ProposedIssueFactory(enterprise__unit=station, kind="hazard", level="simple")
    now = begin + 0.5 * (issue.resolve_due_at - begin)
    escalate_due(now)
    assert told(now) == {(issue.handler, "due_soon"), (person(station, "chief"), "due_soon")}
