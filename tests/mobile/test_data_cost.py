"""What a phone keeps costs the same however much there is, and nothing where nothing changed."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from enterprises.actions import cover, edit_enterprise
from issues.actions import VERBS
from tests import factories as make
from tests.api.people import client_of
from visits.actions import Promised, plan_day

pytestmark = pytest.mark.django_db
DATA = "/mobile/data/"
MOST = 20


def session_of(person):
    client = Client()
    client.force_login(person)
    return client


def fill(officer, rows):
    """So many enterprises more with all that there can be at each, and as many of others."""
    unit = officer.unit
    colleague = make.AssignedEnterpriseFactory(unit=unit)
    for _ in range(rows):
        enterprise = make.AssignedEnterpriseFactory(unit=unit, officer=officer)
        make.ContactFactory(enterprise=enterprise)
        make.gate_code_of(enterprise)
        make.EnterpriseFactory(unit=unit)
        for hours in (1, 30):
            make.VisitFactory(
                enterprise=enterprise,
                happened_at=timezone.now() - timedelta(hours=hours),
                promises=[Promised("回访")],
            )
        make.WaitingIssueFactory(enterprise=enterprise)
        make.ProposedIssueFactory(enterprise=enterprise, kind="hazard")
        asked = make.WorkingIssueFactory(enterprise=enterprise)
        VERBS["ask_extension"](asked, by=officer, version=asked.version, days=1, reason="等检测")
        make.RaisedIssueFactory(enterprise=colleague, by=officer)
        make.NoticeFactory(recipient=officer)


def cost(client):
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(DATA)
    assert answer.status_code == 200
    return len(queries), answer.json()


def test_it_asks_the_same_at_ten_rows_and_at_a_hundred(enterprise, officer):
    unit = enterprise.unit
    desk, away = make.DeskFactory(unit=unit), make.OfficerFactory(unit=unit)
    today = timezone.localdate()
    cover(away, officer, starts_on=today, ends_on=today, by=desk)
    make.on_duty(officer)
    fill(away, 1)
    fill(officer, 2)
    make.ColdEnterpriseFactory(unit=unit, officer=officer)
    plan_day(officer, today, by=officer)
    client = session_of(officer)
    at_few, few = cost(client)
    assert few["plan"]["calls"]
    fill(officer, 25)
    at_many, many = cost(client)
    assert len(many["issues"]) >= 100
    assert len(many["enterprises"]) >= 50
    assert at_few == at_many <= MOST


def test_what_has_not_changed_is_not_sent_again(enterprise, officer):
    for client in (session_of(officer), client_of(officer)):
        answer = client.get(DATA)
        seen = {"If-None-Match": answer["ETag"]}
        again = client.get(DATA, headers=seen)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == answer["ETag"]
        assert client.get(DATA, headers={"If-None-Match": '"another"'}).status_code == 200
    desk = make.DeskFactory(unit=enterprise.unit)
    edit_enterprise(enterprise, {"name": "改名"}, by=desk, version=enterprise.version)
    now = client.get(DATA, headers=seen)
    assert now.status_code == 200
    assert now["ETag"] != seen["If-None-Match"]
    assert client.get(DATA, headers={"If-None-Match": now["ETag"]}).status_code == 304


def test_anothers_mark_is_not_mine(enterprise, officer):
    mark = session_of(officer).get(DATA)["ETag"]
    other = session_of(make.OfficerFactory(unit=enterprise.unit))
    assert other.get(DATA, headers={"If-None-Match": mark}).status_code == 200


def test_in_another_language_it_is_something_else(officer):
    client = session_of(officer)
    mark = client.get(DATA)["ETag"]
    client.cookies["django_language"] = "en"
    answer = client.get(DATA, headers={"If-None-Match": mark})
    assert answer.status_code == 200
    assert ["on_site", "On site"] in answer.json()["choices"]["channels"]
