"""Plans made, marked and asked for at the same moment."""

import pytest
from django.utils import timezone

from enterprises.actions import hand_over
from issues.models import Issue
from tests import factories as make
from tests.races.threads import all_at_once
from tests.visits.day_plans.town import Town
from visits.actions import plan_day
from visits.day_plans.sweep import plan_due
from visits.models import DayPlan, PlannedCall, Urgency

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


def test_asked_for_eight_times_at_once_it_is_one_plan():
    town = Town()
    for n in range(4):
        town.site(n, overdue=n + 1)
    today = timezone.localdate()
    all_at_once([lambda: plan_day(town.officer, today, by=town.officer)] * 8)
    assert DayPlan.objects.count() == 1
    assert PlannedCall.objects.count() == 4


def test_lines_come_in_while_it_is_planned_and_swept():
    """Whatever order they come in: in the end the plan knows them all."""
    town = Town()
    sites = [town.site(n + 1) for n in range(4)]
    today = timezone.localdate()
    plan_day(town.officer, today, by=town.officer)
    jobs = [
        lambda site=site: make.LateIssueFactory(enterprise=site, by=town.desk) for site in sites
    ]
    jobs += [lambda: plan_due(timezone.now())] * 2
    jobs += [lambda: plan_day(town.officer, today, by=town.officer)]
    all_at_once(jobs)
    plan_due(timezone.now())
    assert Issue.objects.count() == 4
    assert set(town.calls) == set(sites)
    assert not Urgency.objects.exists()


def test_a_hand_over_beside_lines_and_the_sweep_stops_nobody():
    town = Town()
    heir = make.OfficerFactory(unit=town.unit)
    sites = [town.site(n + 1, overdue=1) for n in range(3)]
    today = timezone.localdate()
    for officer in (town.officer, heir):
        plan_day(officer, today, by=officer)
    jobs = [
        lambda site=site: make.LateIssueFactory(enterprise=site, by=town.desk) for site in sites
    ]
    jobs += [lambda: hand_over(town.officer, heir, by=town.desk, reason="调离")]
    jobs += [lambda: plan_due(timezone.now())] * 2
    all_at_once(jobs)
    plan_due(timezone.now())
    assert town.calls == []
    theirs = DayPlan.objects.get(officer=heir)
    assert {one.enterprise for one in theirs.calls.all()} == set(sites)
