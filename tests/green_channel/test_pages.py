"""The pages of the green channel, at the station and at the enterprise's door."""

import csv
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from green_channel.actions import ask_correction, save_local_term
from green_channel.models import Application, Correction, Item, LocalTerm
from issues.models import Issue
from issues.workflow import Stage
from liaison.accounts.models import User
from liaison.audit.models import Entry
from liaison.law.models import LegalBasis
from tests import factories as make

pytestmark = pytest.mark.django_db
DOOR = "/portal/green/"


@pytest.fixture
def enterprise():
    return make.AssignedEnterpriseFactory()


@pytest.fixture
def contact(enterprise, client):
    person = make.ContactUserFactory(enterprise=enterprise)
    client.force_login(person)
    return person


def photo(name="a.png"):
    return SimpleUploadedFile(name, make.picture_bytes(), "image/png")


# --- at the enterprise's door -----------------------------------------------------------------


def test_the_catalogue_says_the_stations_promise_and_finds_by_what_is_needed(
    client, contact, enterprise
):
    chief = make.ChiefFactory(unit=enterprise.unit)
    save_local_term(make.shared_item("passport"), enterprise.unit, {"promised": 4}, by=chief)
    page = client.get(DOOR).content.decode()
    assert "普通护照" in page
    assert "APEC" in page
    found = client.get(DOOR, {"q": "户口簿"}).content.decode()
    assert "普通护照" in found
    assert "印章备案" not in found
    item = client.get(f"{DOOR}items/{make.shared_item('passport').pk}/").content.decode()
    assert "《中华人民共和国护照法》第六条" in item


def test_what_another_office_does_shows_the_office_around_here(client, contact, enterprise):
    item = make.shared_item("apec_card")
    chief = make.ChiefFactory(unit=enterprise.unit)
    office = {
        "office_name": "示例市外事办",
        "office_address": "示例路1号",
        "office_phone": "0532-1",
    }
    save_local_term(item, enterprise.unit, office, by=chief)
    page = client.get(f"{DOOR}items/{item.pk}/").content.decode()
    for said in office.values():
        assert said in page
    assert f"{item.pk}/apply/" not in page
    assert client.get(f"{DOOR}items/{item.pk}/apply/").status_code == 302
    sent = {"client_id": "5f0c7e1e-0d51-4d0c-8f3c-6a4d2b1c9e11", "enterprise": enterprise.pk}
    answer = client.post(f"{DOOR}items/{item.pk}/apply/", {**sent, "mode": "self"})
    assert answer.status_code == 422
    assert "示例市外事办" in answer.content.decode()
    assert not Application.objects.exists()


def test_one_applies_with_files_and_what_was_typed_survives_a_refusal(client, contact, enterprise):
    item = make.ItemFactory(unit=enterprise.unit)
    need = item.requirements.first()
    where = f"{DOOR}items/{item.pk}/apply/"
    form = client.get(where)
    assert f'data-draft="green-{item.code}"' in form.content.decode()
    sent = {
        "client_id": form.context["form"].initial["client_id"],
        "enterprise": enterprise.pk,
        "mode": "",
        "text": "下月开业",
        f"paper_{need.pk}": photo(),
    }
    wrong = client.post(where, {**sent, "mode": "somebody"})
    assert wrong.status_code == 422
    assert "下月开业" in wrong.content.decode()
    right = client.post(where, {**sent, "mode": "self", f"paper_{need.pk}": photo()})
    application = Application.objects.get()
    assert right.url == f"{DOOR}applications/{application.pk}/"
    again = client.post(where, {**sent, "mode": "self", f"paper_{need.pk}": photo()})
    assert again.url == right.url
    assert Issue.objects.count() == 1


def test_a_file_that_arrived_is_kept_through_a_refused_form(client, contact):
    enterprise = make.EnterpriseFactory(unit=contact.unit)
    make.ContactFactory(enterprise=enterprise, user=contact)
    item = make.ItemFactory(unit=contact.unit)
    need = item.requirements.first()
    where = f"{DOOR}items/{item.pk}/apply/"
    sent = {
        "client_id": client.get(where).context["form"].initial["client_id"],
        "enterprise": enterprise.pk,
        "mode": "agent_handling",
        f"paper_{need.pk}": photo(),
    }
    refused = client.post(where, sent)
    assert refused.status_code == 422
    kept = refused.context["form"].data["kept"]
    del sent[f"paper_{need.pk}"]
    client.post(where, {**sent, "mode": "self", "kept": kept})
    assert not Application.objects.get().papers.first().is_open


def test_what_is_missing_is_asked_for_first_and_brought(client, enterprise, contact):
    application = make.CorrectedApplicationFactory(enterprise=enterprise)
    where = f"{DOOR}applications/{application.pk}/"
    page = client.get(where).content.decode()
    paper = application.papers.get(asked_in__isnull=False)
    assert page.index(f'name="paper_{paper.pk}"') < page.index('class="timeline"')
    empty = client.post(f"{where}bring/", {"words": "马上补"})
    assert empty.status_code == 422
    assert "马上补" in empty.content.decode()
    brought = client.post(f"{where}bring/", {f"paper_{paper.pk}": photo()})
    assert brought.status_code == 302
    assert Issue.objects.get(pk=application.issue_id).stage == Stage.WORKING
    attachment = paper.supplies.get().attachment
    file = client.get(f"{where}files/{attachment.evidence_id}/")
    assert file.status_code == 200
    assert b"".join(file).startswith(b"\x89PNG")


def test_the_result_is_read_and_confirmed(client, enterprise, contact):
    application = make.DecidedApplicationFactory(enterprise=enterprise)
    where = f"{DOOR}applications/{application.pk}/"
    page = client.get(where).content.decode()
    assert "3号窗口" in page
    version = Issue.objects.get(pk=application.issue_id).version
    assert client.post(f"{where}received/", {"version": version - 1}).status_code == 409
    assert client.post(f"{where}received/", {"version": version}).status_code == 302
    assert Issue.objects.get(pk=application.issue_id).stage == Stage.CLOSED
    assert client.get(where).status_code == 200


def test_nothing_of_another_enterprise_is_there(client, contact):
    """At the same station too: by id, by file, by verb."""
    other = make.AssignedEnterpriseFactory(unit=contact.unit)
    application = make.CorrectedApplicationFactory(enterprise=other)
    evidence = application.papers.first().supplies.get().attachment.evidence_id
    version = application.issue.version
    where = f"{DOOR}applications/{application.pk}/"
    for answer in (
        client.get(where),
        client.get(f"{where}files/{evidence}/"),
        client.post(f"{where}bring/", {f"paper_{application.papers.last().pk}": photo()}),
        client.post(f"{where}received/", {"version": version}),
    ):
        assert answer.status_code == 404
        assert other.name not in answer.content.decode()
    assert application.issue.number not in client.get(f"{DOOR}applications/").content.decode()


def test_who_has_left_sees_nothing_any_more(client, enterprise, contact):
    application = make.ApplicationFactory(enterprise=enterprise)
    contact.contact_for.update(left_on="2026-01-01")
    assert client.get(f"{DOOR}applications/{application.pk}/").status_code == 404
    assert application.issue.number not in client.get(f"{DOOR}applications/").content.decode()


# --- at the station ---------------------------------------------------------------------------


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


# --- the catalogue ----------------------------------------------------------------------------


def test_a_chief_sets_the_stations_promise_and_takes_it_back(client):
    unit = make.StationFactory()
    client.force_login(make.ChiefFactory(unit=unit))
    item = make.shared_item("passport")
    where = f"/green/items/{item.pk}/"
    long = client.post(f"{where}local/", {"promised": "30", "place": "二号窗口"})
    assert long.status_code == 422
    assert "二号窗口" in long.content.decode()
    assert client.post(f"{where}local/", {"promised": "5", "place": ""}).status_code == 302
    assert LocalTerm.objects.get().promised == 5
    assert client.post(f"{where}local/", {"promised": "", "place": ""}).status_code == 302
    assert not LocalTerm.objects.exists()


def test_the_chief_adds_an_item_and_the_top_changes_the_shared_ones(client):
    unit = make.StationFactory()
    client.force_login(make.ChiefFactory(unit=unit))
    new = {
        "version": 1, "code": "site-talk", "name": "上门采集", "name_en": "At the plant",
        "audience": "workers", "counted": "working_days", "promised": "3", "extension_days": "0",
        "handover": "either", "offered": "on",
        "needs-TOTAL_FORMS": 1, "needs-INITIAL_FORMS": 0, "needs-0-name": "名单",
        "needs-0-form": "form", "needs-0-copies": 1, "needs-0-required": "on",
    }  # fmt: skip
    assert client.post("/green/items/new/", {**new, "statutory": "2"}).status_code == 422
    assert client.post("/green/items/new/", new).status_code == 302
    item = Item.objects.get(code="site-talk")
    assert (item.unit, item.requirements.get().name) == (unit, "名单")
    shared = make.shared_item("passport")
    edit = f"/green/items/{shared.pk}/edit/"
    assert client.get(edit).status_code == 404
    save_local_term(shared, unit, {"promised": 12}, by=make.ChiefFactory(unit=unit))
    top = make.BureauUserFactory(unit=unit.parent, admin_duty=User.AdminDuty.SYSTEM)
    client.force_login(top)
    change = {
        **new, "name": shared.name, "name_en": shared.name_en, "counted": "calendar_days",
        "statutory": "10", "promised": "", "version": shared.version,
    }  # fmt: skip
    assert client.post(edit, change).status_code == 302
    shared.refresh_from_db()
    assert shared.statutory == 10
    assert LocalTerm.objects.get().promised == 10
    assert client.post(edit, change).status_code == 409


def test_legal_bases_are_kept_by_version(client):
    top = make.BureauUserFactory(admin_duty=User.AdminDuty.SYSTEM)
    client.force_login(top)
    again = {"title": "中华人民共和国护照法", "article": "第六条", "version": "2006年公布"}
    assert client.post("/green/bases/", again).status_code == 422
    new = {**again, "version": "2027年修订", "effective_on": "2027-07-01"}
    assert client.post("/green/bases/", new).status_code == 302
    assert LegalBasis.objects.filter(title=new["title"]).count() == 2
    client.force_login(make.ChiefFactory())
    assert client.post("/green/bases/", {**new, "version": "x"}).status_code == 404


# --- as a file --------------------------------------------------------------------------------


def exported(client, kind, query=""):
    answer = client.get(f"/green/export.{kind}{query}")
    assert answer.status_code == 200
    return b"".join(answer)


def test_the_file_has_the_rows_of_the_page_in_its_order(client, enterprise):
    made = [make.ApplicationFactory(enterprise=enterprise) for _ in range(3)]
    decided = make.DecidedApplicationFactory(enterprise=enterprise)
    make.ApplicationFactory()
    desk = make.DeskFactory(unit=enterprise.unit)
    client.force_login(desk)
    for query in ("", "?state=new", "?state=ready", "?state=all&order=-new", "?mode=self"):
        page = client.get(f"/green/{query}").context["page"].items
        rows = list(csv.reader(exported(client, "csv", query).decode("utf-8-sig").splitlines()))
        assert [row[0] for row in rows[1:]] == [one.issue.number for one in page], query
    # What the page calls decided has no clock there either.
    ready = exported(client, "csv", "?state=ready").decode("utf-8-sig").splitlines()
    heads, row = csv.reader(ready)
    assert row[0] == decided.issue.number
    assert row[heads.index("下一时限")] == ""
    assert len(made) == 3
    book = load_workbook(BytesIO(exported(client, "xlsx", "?state=all")), read_only=True)
    assert enterprise.name in {cell for row in book.active.values for cell in row}
    assert Entry.objects.filter(action="applications.exported", actor=desk).count() == 7


def test_the_bureau_reads_in_the_file_whose_they_are(client):
    ours = make.ApplicationFactory()
    client.force_login(make.BureauUserFactory(unit=ours.issue.unit.parent))
    assert ours.issue.unit.name in exported(client, "csv").decode()
    assert client.get("/green/export.pdf").status_code == 404
    client.force_login(make.ContactUserFactory(enterprise=ours.issue.enterprise))
    assert client.get("/green/export.csv").status_code in (302, 403, 404)
