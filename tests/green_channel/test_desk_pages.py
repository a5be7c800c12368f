"""Applications on the pages of the station."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from green_channel.actions import ask_correction
from green_channel.models import Correction
from issues.models import Issue
from tests import factories as make

pytestmark = pytest.mark.django_db
DOOR = "/portal/green/"


def photo(name="a.png"):
    return SimpleUploadedFile(name, make.picture_bytes(), "image/png")


def test_the_next_step_comes_first_and_is_taken(client):
    application = make.ApplicationFactory()
    handler = make.handler_of(application.issue.enterprise)
    client.force_login(handler)
    where = f"/green/{application.pk}/"
    assert client.get(where).context["steps"] == ["correct", "bring"]
    form = client.get(f"{where}correct/")
    assert "申请表" in form.content.decode()
    sent = {"version": application.issue.version, "words": "请补齐", "until": ""}
    wrong = client.post(f"{where}correct/", sent)
    assert wrong.status_code == 422
    assert "请补齐" in wrong.content.decode()
    until = form.context["form"].initial["until"].isoformat()
    assert client.post(f"{where}correct/", {**sent, "until": until}).status_code == 302
    assert Correction.objects.count() == 1
    assert client.get(where).context["steps"] == ["bring"]
    paper = application.papers.last()
    assert client.post(f"{where}bring/", {"seen": [paper.pk]}).status_code == 302
    assert client.get(where).context["steps"] == ["decide"]
    version = Issue.objects.get(pk=application.issue_id).version
    decision = {"version": version, "outcome": "refused", "reason": "不符合条件", "appeal": ""}
    assert client.post(f"{where}decide/", decision).status_code == 422
    refused = {**decision, "appeal": "可申请行政复议", "document": photo()}
    assert client.post(f"{where}decide/", refused).status_code == 302
    page = client.get(where)
    assert page.context["steps"] == []
    assert "可申请行政复议" in page.content.decode()


def test_of_two_who_correct_at_once_the_second_keeps_what_was_typed(client):
    application = make.ApplicationFactory()
    handler = make.handler_of(application.issue.enterprise)
    client.force_login(handler)
    version = application.issue.version
    sent = {"version": version, "words": "请补齐", "until": "2099-01-01"}
    client.post(f"/green/{application.pk}/correct/", {**sent, "until": ""})
    ask_correction(application, by=handler, version=version)
    late = client.post(f"/green/{application.pk}/correct/", sent)
    assert late.status_code == 409
    assert "请补齐" in late.content.decode()


def test_the_ledger_filters_and_a_bureau_reads(client):
    unit = make.StationFactory()
    waiting = make.CorrectedApplicationFactory(enterprise__unit=unit)
    make.DecidedApplicationFactory(enterprise__unit=unit)
    for person in (make.DeskFactory(unit=unit), make.BureauUserFactory(unit=unit.parent)):
        client.force_login(person)
        assert len(client.get("/green/").context["page"].items) == 2
        found = client.get("/green/", {"state": "correcting"}).context["page"].items
        assert [one.pk for one in found] == [waiting.pk]
        assert client.get("/green/", {"item": waiting.item.code}).context["page"].items
        assert client.get("/green/", {"mine": "1"}).status_code == 200
        assert client.get(f"/green/{waiting.pk}/").status_code == 200
    client.force_login(make.handler_of(waiting.issue.enterprise))
    mine = client.get("/green/", {"mine": "1"}).context["page"].items
    assert [one.pk for one in mine] == [waiting.pk]


def test_the_ledger_and_the_door_cost_the_same_at_ten_rows_and_at_a_hundred(client):
    enterprise = make.AssignedEnterpriseFactory()
    desk = make.DeskFactory(unit=enterprise.unit)
    contact = make.ContactUserFactory(enterprise=enterprise)
    seal = make.shared_item("seal")
    pages = (
        (desk, "/green/"),
        (desk, "/green/items/"),
        (contact, DOOR),
        (contact, f"{DOOR}applications/"),
    )

    def costs():
        found = []
        for person, where in pages:
            client.force_login(person)
            client.get(where)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(where).status_code == 200
            found.append(len(queries))
        return found

    for _ in range(10):
        make.ApplicationFactory(enterprise=enterprise, item=seal)
    at_ten = costs()
    for _ in range(90):
        make.ApplicationFactory(enterprise=enterprise, item=seal)
    assert costs() == at_ten
    assert max(at_ten) <= 12


@pytest.mark.parametrize(
    "factory",
    [make.ApplicationFactory, make.CorrectedApplicationFactory, make.DecidedApplicationFactory],
)
def test_one_application_costs_twenty_queries_at_most(client, factory):
    application = factory()
    enterprise = application.issue.enterprise
    contact = make.ContactUserFactory(enterprise=enterprise)
    pages = {
        f"/green/{application.pk}/": make.handler_of(enterprise),
        f"{DOOR}applications/{application.pk}/": contact,
    }
    for where, person in pages.items():
        client.force_login(person)
        client.get(where)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(where).status_code == 200
        assert len(queries) <= 20, [one["sql"][:90] for one in queries]
