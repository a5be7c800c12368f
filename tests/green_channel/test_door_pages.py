"""The green channel at the enterprise's door."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from green_channel.actions import save_local_term
from green_channel.models import Application
from issues.models import Issue
from issues.workflow import Stage
from tests import factories as make

pytestmark = pytest.mark.django_db
DOOR = "/portal/green/"


def photo(name="a.png"):
    return SimpleUploadedFile(name, make.picture_bytes(), "image/png")


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
