"""One of many answers for an enterprise, and nobody is left behind."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.actions import assign, change_stage, cover, hand_over, set_deputy
from enterprises.models import Assignment, Cover, Enterprise
from issues.actions import raise_issue
from issues.models import Issue
from liaison.accounts.models import Kind
from liaison.core.refused import Conflict
from tests import factories as make
from tests.races.threads import all_at_once, losers, winners

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
MANY = 32


@pytest.mark.parametrize("verb", [assign, set_deputy])
def test_one_of_many_takes_the_place(verb):
    enterprise = make.EnterpriseFactory()
    desk = make.DeskFactory(unit=enterprise.unit)
    officers = [make.OfficerFactory(unit=enterprise.unit) for _ in range(MANY)]
    results = all_at_once(
        [lambda officer=officer: verb(enterprise, officer, by=desk) for officer in officers]
    )
    [won] = winners(results)
    assert all(isinstance(one, Conflict) for one in losers(results))
    assert all(one.details == {"officer": won.officer_id} for one in losers(results))
    assert enterprise.assignments.get() == won


def test_one_of_many_replaces_the_officer():
    enterprise = make.AssignedEnterpriseFactory()
    line = make.RaisedIssueFactory(enterprise=enterprise)
    first = make.handler_of(enterprise)
    desk = make.DeskFactory(unit=enterprise.unit)
    officers = [make.OfficerFactory(unit=enterprise.unit) for _ in range(MANY)]
    results = all_at_once(
        [
            lambda officer=officer: assign(enterprise, officer, by=desk, replaces=first)
            for officer in officers
        ]
    )
    [won] = winners(results)
    line.refresh_from_db()
    assert line.handler_id == won.officer_id == make.handler_of(enterprise).pk
    assert line.events.filter(move="transfer").count() == 1


def test_two_covers_for_one_person_are_one():
    unit = make.StationFactory()
    desk = make.DeskFactory(unit=unit)
    officers = [make.OfficerFactory(unit=unit) for _ in range(4)]
    today = timezone.localdate()
    span = {"starts_on": today, "ends_on": today + timedelta(days=5), "by": desk}
    all_at_once(
        [lambda pair=pair: cover(*pair, **span) for pair in itertools.permutations(officers, 2)]
    )
    made = list(Cover.objects.all())
    away, acting = {one.officer for one in made}, {one.acting for one in made}
    assert made
    assert len(away) == len(made), "nobody is covered twice"
    assert not away & acting, "nobody who is away acts for another"


def test_handing_over_while_others_assign_leaves_nobody_behind():
    """One officer for each enterprise, and its open lines with that officer."""
    unit = make.StationFactory()
    desk = make.DeskFactory(unit=unit)
    outgoing, incoming, other = (make.OfficerFactory(unit=unit) for _ in range(3))
    mine = [make.AssignedEnterpriseFactory(unit=unit, officer=outgoing) for _ in range(4)]
    for enterprise in mine:
        make.RaisedIssueFactory(enterprise=enterprise)
    kind = make.kind_of("service")
    all_at_once(
        [
            lambda: hand_over(outgoing, incoming, by=desk, reason="调离"),
            *[lambda one=one: assign(one, other, by=desk, replaces=outgoing) for one in mine[:2]],
            *[
                lambda n=n, one=one: raise_issue(
                    one, kind=kind, title=f"新{n}", by=desk, source="desk"
                )
                for n, one in enumerate(mine * 2)
            ],
        ]
    )
    for enterprise in mine:
        answers = make.handler_of(enterprise)
        lines = Issue.objects.filter(enterprise=enterprise)
        assert {line.handler for line in lines} == {answers}
        assert lines.count() == 3


@pytest.mark.parametrize("time", range(3))
def test_closing_down_and_assigning_leave_no_officer_at_a_closed_enterprise(time):
    enterprise = make.EnterpriseFactory()
    desk = make.someone(Kind.DESK, enterprise.unit)
    officer = make.OfficerFactory(unit=enterprise.unit)
    all_at_once(
        [
            lambda: change_stage(enterprise, "closed", by=desk, version=1),
            lambda: assign(enterprise, officer, by=desk),
        ]
    )
    assert Enterprise.objects.get(pk=enterprise.pk).stage == "closed"
    assert not Assignment.objects.all().open().filter(enterprise=enterprise).exists()
