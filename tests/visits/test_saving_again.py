"""Going back in the browser and saving again is no second visit and no second line."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from issues.models import Issue
from tests import factories as make
from visits.models import Visit

pytestmark = pytest.mark.django_db
NO_ROWS = {
    f"{prefix}-{name}": number
    for prefix in ("findings", "promises")
    for name, number in (("TOTAL_FORMS", 0), ("INITIAL_FORMS", 0))
}


@pytest.fixture
def enterprise():
    return make.AssignedEnterpriseFactory()


@pytest.fixture
def client(enterprise):
    client = Client()
    client.force_login(make.handler_of(enterprise))
    return client


def visit(enterprise, **more):
    return {
        **NO_ROWS,
        "client_id": uuid.uuid4(),
        "enterprise": enterprise.pk,
        "channel": "phone",
        "happened_at": f"{timezone.localtime():%Y-%m-%dT%H:%M}",
        "summary": "看了门卫登记",
        **more,
    }


def test_under_a_new_id_it_is_told(client, enterprise):
    sent = visit(enterprise)
    assert client.post("/visits/new/", sent).status_code == 302
    again = client.post("/visits/new/", {**sent, "client_id": uuid.uuid4(), "summary": "改了一字"})
    assert again.status_code == 422
    assert again.context["form"].errors["happened_at"]
    assert "改了一字" in again.content.decode()
    assert Visit.objects.count() == 1


def test_under_the_same_id_it_is_the_same(client, enterprise):
    sent = visit(enterprise)
    assert client.post("/visits/new/", sent).url == client.post("/visits/new/", sent).url


def test_a_visit_that_says_nothing_is_none(client, enterprise):
    answer = client.post("/visits/new/", visit(enterprise, summary=""))
    assert answer.status_code == 422
    assert answer.context["form"].errors["summary"]
    assert not Visit.objects.exists()


def test_a_photo_of_a_finding_stays_while_something_else_is_mended(client, enterprise):
    photo = SimpleUploadedFile("a.png", make.picture_bytes())
    sent = visit(enterprise, channel="") | {
        "findings-TOTAL_FORMS": 1,
        "findings-0-title": "消防通道堆料",
        "findings-0-kind": "hazard",
        "findings-0-level": "ordinary",
    }
    refused = client.post("/visits/new/", sent | {"findings-0-file_": photo})
    assert refused.status_code == 422
    kept = refused.context["findings"].forms[0].data["findings-0-kept"]
    assert (
        client.post(
            "/visits/new/", sent | {"channel": "phone", "findings-0-kept": kept}
        ).status_code
        == 302
    )
    issue = Issue.objects.get()
    assert [one.proof for one in issue.attachments.all()] == ["before"]


def test_a_line_entered_twice_is_one(client, enterprise):
    sent = {"enterprise": enterprise.pk, "kind": "service", "level": "ordinary", "title": "落户"}
    assert client.post("/issues/new/", sent).status_code == 302
    again = client.post("/issues/new/", sent)
    assert again.status_code == 422
    assert Issue.objects.get().number in str(again.context["form"].errors["title"])
    assert client.post("/issues/new/", {**sent, "title": "另一件"}).status_code == 302
