"""The main loop over the API alone, and what it refuses."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from rest_framework.test import APIClient

from tests import factories as make


def signed_in(user):
    client = APIClient()
    answer = client.post(
        "/api/v1/auth/token", {"username": user.username, "password": make.PASSWORD}
    )
    assert answer.status_code == 200, answer.content
    client.credentials(HTTP_AUTHORIZATION=f"Token {answer.json()['token']}")
    return client


@pytest.fixture
def station(db):
    enterprise = make.AssignedEnterpriseFactory()
    return {
        "enterprise": enterprise,
        "officer": make.handler_of(enterprise),
        "chief": make.ChiefFactory(unit=enterprise.unit),
    }


def visit_body(enterprise, **more):
    return {
        "client_id": str(uuid.uuid4()),
        "enterprise": enterprise.pk,
        "channel": "on_site",
        "happened_at": timezone.now().isoformat(),
        **more,
    }


def test_a_finding_is_closed_out_by_somebody_else(station):
    officer, chief = signed_in(station["officer"]), signed_in(station["chief"])
    listed = officer.get("/api/v1/enterprises/?mine=true").json()["results"]
    assert [one["id"] for one in listed] == [station["enterprise"].pk]
    body = visit_body(station["enterprise"], findings=[{"kind": "hazard", "title": "消防通道堆料"}])
    visit = officer.post("/api/v1/visits/", body, format="json")
    assert visit.status_code == 201, visit.content
    path = f"/api/v1/issues/{visit.json()['issues'][0]['id']}/"

    def move(client, name, **fields):
        version = client.get(path).json()["version"]
        body = {"move": name, "version": version, **fields}
        return client.post(f"{path}moves/", body, format="json")

    assert move(officer, "accept").status_code == 200
    assert move(officer, "start").status_code == 200
    lacking = move(officer, "propose", summary="已清走")
    assert lacking.status_code == 422
    assert lacking.json()["missing"] == ["before", "after"]
    files = [
        officer.post(
            "/api/v1/evidence/",
            {"file": SimpleUploadedFile("a.png", make.picture_bytes(colour))},
            format="multipart",
        ).json()["id"]
        for colour in ("red", "green")
    ]
    proposed = move(officer, "propose", summary="已清走", evidence=files)
    assert proposed.status_code == 200, proposed.content
    own = move(officer, "close")
    assert (own.status_code, own.json()["code"]) == (422, "not_allowed")
    assert move(chief, "close").json()["stage"] == "closed"
    timeline = chief.get(f"{path}events/").json()
    assert [one["move"] for one in timeline] == ["raise", "accept", "start", "propose", "close"]
    assert timeline[-1]["actor"] == str(station["chief"])
    assert len(timeline[3]["files"]) == 2
    picture = chief.get(f"{path}files/{files[0]}/")
    assert picture["Content-Type"] == "image/png"


def test_the_same_visit_again_is_the_same_and_another_is_a_conflict(station):
    officer = signed_in(station["officer"])
    body = visit_body(station["enterprise"])
    first = officer.post("/api/v1/visits/", body, format="json")
    again = officer.post("/api/v1/visits/", body, format="json")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    other = officer.post("/api/v1/visits/", {**body, "channel": "phone"}, format="json")
    assert other.status_code == 409


def test_a_stale_version_says_how_things_stand(station):
    issue = make.RaisedIssueFactory(enterprise=station["enterprise"])
    officer = signed_in(station["officer"])
    path = f"/api/v1/issues/{issue.number}/moves/"
    assert officer.post(path, {"move": "accept", "version": 1}, format="json").status_code == 200
    stale = officer.post(path, {"move": "start", "version": 1}, format="json")
    assert stale.status_code == 409
    assert stale.json()["stage"] == "accepted"
    assert stale.json()["version"] == 2


@pytest.mark.parametrize(
    "query", ["bogus=1", "ordering=handler__password", "page_size=5000", "page_size=x"]
)
@pytest.mark.parametrize("list_", ["enterprises", "issues", "visits", "evidence", "officers"])
def test_what_is_not_understood_is_refused_by_name(station, list_, query):
    answer = signed_in(station["officer"]).get(f"/api/v1/{list_}/?{query}")
    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()


def test_an_unknown_field_is_named(station):
    body = visit_body(station["enterprise"], officer=1)
    answer = signed_in(station["officer"]).post("/api/v1/visits/", body, format="json")
    assert answer.status_code == 400
    assert "officer" in answer.json()


@pytest.mark.parametrize("body", [[], "x", {"move": []}, {"move": "accept", "version": "x"}])
def test_a_malformed_move_is_a_400(station, body):
    issue = make.RaisedIssueFactory(enterprise=station["enterprise"])
    path = f"/api/v1/issues/{issue.pk}/moves/"
    assert signed_in(station["officer"]).post(path, body, format="json").status_code == 400


def test_five_wrong_passwords_lock_the_account_and_nobody_else(station, db):
    client = APIClient()
    wrong = {"username": station["officer"].username, "password": "wrong"}
    for _ in range(5):
        assert client.post("/api/v1/auth/token", wrong).status_code == 400
    right = {**wrong, "password": make.PASSWORD}
    assert client.post("/api/v1/auth/token", right).json()["code"] == "locked"
    signed_in(station["chief"])
