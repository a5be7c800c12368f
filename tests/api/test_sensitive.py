"""Case leads are seen by handler, chief and whoever raised them; nothing else tells of them."""

import pytest

from issues.actions import VERBS
from issues.actions.engine import Proven
from tests import factories as make
from tests.api.people import client_of, visit_body

SECRET = "夜间有人搬运铝材"


@pytest.fixture
def lead(world):
    """A case lead that the handler found on a visit, beside an ordinary finding, with a file."""
    handler = world.people["handler"]
    photo = make.EvidenceFactory(by=handler, name="secret.png")
    body = visit_body(
        world.enterprise,
        findings=[
            {"kind": "case_lead", "title": SECRET, "evidence": [str(photo.pk)]},
            {"kind": "service", "title": "增设路灯"},
        ],
    )
    visit = client_of(handler).post("/api/v1/visits/", body, format="json")
    assert visit.status_code == 201, visit.content
    secret, ordinary = visit.json()["issues"]
    return {"visit": visit.json(), "photo": photo, "secret": secret, "ordinary": ordinary}


SEES, SEES_NOT = ("handler", "chief", "bureau"), ("officer", "auxiliary", "desk", "contact")


@pytest.mark.parametrize("who", SEES)
def test_whom_it_concerns_sees_it(world, lead, who):
    client = client_of(world.people[who])
    path = f"/api/v1/issues/{lead['secret']['id']}/"
    assert client.get(path).json()["title"] == SECRET
    assert client.get(f"{path}events/").json()["results"][0]["files"]
    answer = client.get(f"{path}files/{lead['photo'].pk}/")
    assert answer["Content-Type"] == "image/png"
    assert b"".join(answer)
    visit = client.get(f"/api/v1/visits/{lead['visit']['id']}/").json()
    assert visit["issues"] == [lead["secret"], lead["ordinary"]]


@pytest.mark.parametrize("who", SEES_NOT)
def test_nobody_else_learns_of_it(world, lead, who):
    client = client_of(world.people[who])
    handler = world.people["handler"]
    secret = lead["secret"]
    for key in (secret["id"], secret["number"]):
        path = f"/api/v1/issues/{key}/"
        assert client.get(path).status_code == 404
        assert client.get(f"{path}events/").status_code == 404
        assert client.get(f"{path}files/{lead['photo'].pk}/").status_code == 404
        body = {"move": "note", "note": "x"}
        assert client.post(f"{path}moves/", body, format="json").status_code == 404
    # Nor can its file be had through another line.
    path = f"/api/v1/issues/{lead['ordinary']['id']}/files/{lead['photo'].pk}/"
    assert client.get(path).status_code == 404
    assert client.get(f"/api/v1/evidence/{lead['photo'].pk}/").status_code == 404
    assert client.get(f"/api/v1/evidence/{lead['photo'].pk}/file/").status_code == 404
    queries = (
        "",
        f"q={SECRET}",
        f"q={secret['number']}",
        "kind=case_lead",
        f"handler={handler.pk}",
        f"enterprise={world.enterprise.pk}",
        "open=true",
        "late=false",
        "mine=false",
        "awaiting_my_approval=false",
        "ordering=-number",
        "due_before=2999-01-01T00:00:00Z",
    )
    for query in queries:
        page = client.get(f"/api/v1/issues/?{query}&page_size=100")
        assert page.status_code == 200
        assert secret["id"] not in [row["id"] for row in page.json()["results"]], query
        assert SECRET not in page.content.decode()
    if who != "contact":
        for path in ("/api/v1/visits/", f"/api/v1/visits/{lead['visit']['id']}/"):
            seen = client.get(path)
            rows = seen.json().get("results", [seen.json()])
            issues = next(row["issues"] for row in rows if row["id"] == lead["visit"]["id"])
            assert issues == [lead["ordinary"]]
            assert secret["number"] not in seen.content.decode()


def test_the_sender_gets_the_same_answer_again(world, lead):
    body = {key: lead["visit"][key] for key in ("client_id", "enterprise", "channel")}
    again = client_of(world.people["handler"]).get(f"/api/v1/visits/{lead['visit']['id']}/").json()
    assert again == lead["visit"]
    assert body["client_id"] == again["client_id"]


def test_a_contact_reads_public_events_only(world):
    issue = world.proposed
    photo = make.EvidenceFactory(by=issue.handler)
    VERBS["note"](issue, by=issue.handler, note="内部研判", internal=True, files=[Proven(photo.pk)])
    path = f"/api/v1/issues/{issue.pk}/"
    for who, seen in (("contact", False), ("officer", True)):
        client = client_of(world.people[who])
        assert ("内部研判" in client.get(f"{path}events/").content.decode()) is seen
        answer = client.get(f"{path}files/{photo.pk}/")
        assert answer.status_code == (200 if seen else 404)
        if seen:
            assert b"".join(answer)
