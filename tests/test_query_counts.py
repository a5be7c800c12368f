"""A page costs the same at 10 rows and at 100, and no more than its kind may; every address of
the URL configuration, for everybody whose working day it is."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from issues.actions import VERBS
from issues.actions.engine import Proven
from tests import factories as make
from tests.addresses import NAMED
from tests.factories import patrols as patrolling
from tests.factories.patrol_evenings import more_rounds, patrolled
from tests.world import World
from visits.actions import Found, Promised

ROLES = ("officer", "chief", "bureau", "desk", "administrator")
# What makes a list show as much as it can.
MOST = {"issues/": "?state=all", "search/": "?q=示例"}
# DESIGN's figures.
DASHBOARD, LIST, DETAIL = 10, 12, 20
# Everything that one person works with, in one answer.
WHOLE = "mobile/data/"


def where(address, world):
    most = "?page_size=100" if address.route.startswith("api/v1/") else ""
    query = MOST.get(address.route, "" if address.arguments else most)
    return address.path(world.stands_for) + query


def cost(client, path):
    # The log holds the last 9,000 and so would lose count of all these pages together.
    connection.queries_log.clear()
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
        b"".join(answer) if answer.streaming else answer.content
    return len(queries), answer.status_code


def costs(world, roles=ROLES):
    """Queries of every page that answers, by role and route."""
    found = {}
    for role in roles:
        client = Client()
        client.force_login(world.people[role])
        for address in NAMED:
            if not address.rule.admits(world.people[role]):
                continue
            queries, status = cost(client, where(address, world))
            if status == 200:
                found[role, address.route] = queries
    return found


def fill(world, rows):
    """So many more of everything, all of them the officer's."""
    officer = world.people["officer"]
    for _ in range(rows):
        issue = make.ProposedIssueFactory(
            enterprise__unit=world.unit, enterprise__officer=officer, kind="other"
        )
        make.EvidenceFactory(by=officer)
        beside = make.EnterpriseFactory(unit=world.unit)
        make.ContactFactory(enterprise=issue.enterprise)
        make.OfficerFactory(unit=world.unit)
        make.PhotographedVisitFactory(
            enterprise=issue.enterprise,
            findings=[Found(make.kind_of("hazard"), "示例堆料")],
            promises=[Promised("回访", timezone.localdate())],
        )
        make.InspectionFactory(enterprise=issue.enterprise, early_because="举报")
        make.ApplicationFactory(enterprise=issue.enterprise, item=make.shared_item("seal"))
        patrolling.SelfRecruitedGuardFactory(enterprise=issue.enterprise)
        patrolling.GuardListFactory(unit=world.unit)
        cold = make.ColdEnterpriseFactory(unit=world.unit, officer=officer)
        more_rounds(world.rows["nights"], officer)
        # No new enterprises: an export reads them by the five hundred, and so would cost more.
        patrolled(issue.enterprise, (beside, cold))
        for role in ROLES:
            make.FailedDeliveryFactory(notice__recipient=world.people[role])


@pytest.mark.django_db
def test_every_page_costs_the_same_at_ten_rows_and_at_a_hundred():
    world = World()
    fill(world, 10)
    at_ten = costs(world)
    assert {role for role, _route in at_ten} == set(ROLES)
    assert len(at_ten) > 100
    fill(world, 90)
    at_a_hundred = costs(world)
    grown = {
        page: (at_ten[page], at_a_hundred[page])
        for page in at_ten
        if at_ten[page] != at_a_hundred[page]
    }
    assert not grown, grown
    takes_arguments = {address.route: bool(address.arguments) for address in NAMED}
    takes_arguments[WHOLE] = True
    bounds = {
        page: DASHBOARD if page[1] == "" else DETAIL if takes_arguments[page[1]] else LIST
        for page in at_a_hundred
    }
    over = {page: n for page, n in at_a_hundred.items() if n > bounds[page]}
    assert not over


@pytest.mark.django_db
def test_the_pages_of_one_enterprise_cost_the_same_however_much_happened_there():
    world = World()
    enterprise, line = world.rows["enterprises"], world.rows["issues"]

    def more(rows):
        for _ in range(rows):
            make.RaisedIssueFactory(enterprise=enterprise)
            make.PhotographedVisitFactory(
                enterprise=enterprise,
                findings=[Found(make.kind_of("hazard"), "示例堆料")],
                promises=[Promised("回访")],
            )
            VERBS["note"](
                line,
                by=line.handler,
                note="示例",
                files=[Proven(make.EvidenceFactory(by=line.handler).pk)],
            )

    more(2)
    few = costs(world, ["officer", "chief"])
    more(20)
    many = costs(world, ["officer", "chief"])
    grown = {page: (few[page], many[page]) for page in few if few[page] != many[page]}
    assert not grown
