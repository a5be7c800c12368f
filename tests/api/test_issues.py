"""Lines, moves and the timeline over the API."""

import pytest

from issues.workflow import MOVES
from tests import factories as make
from tests.api.people import assert_problem, client_of


def move(client, issue, name, **fields):
    body = {"move": name, **fields}
    return client.post(f"/api/v1/issues/{issue.pk}/moves/", body, format="json")


@pytest.fixture
def raised(world):
    return make.RaisedIssueFactory(enterprise=world.enterprise)


def test_a_line_is_found_by_id_and_by_number(world, raised):
    by_id = world.officer.get(f"/api/v1/issues/{raised.pk}/").json()
    assert by_id == world.officer.get(f"/api/v1/issues/{raised.number}/").json()
    assert (by_id["version"], by_id["stage"]) == (1, "raised")
    listed = world.officer.get(f"/api/v1/issues/?q={raised.number}").json()["results"]
    assert listed == [{key: by_id[key] for key in listed[0]}]


def test_available_moves_are_those_that_succeed(world, raised):
    """What is offered is typed after the table, and what is not offered is refused."""
    for who in ("handler", "officer", "chief", "desk", "bureau", "contact"):
        client = client_of(world.people[who])
        offered = client.get(f"/api/v1/issues/{raised.pk}/").json()["available_moves"]
        for one in offered:
            table = MOVES[one["move"]]
            assert one["evidence"] is table.files
            assert [(f["name"], f["kind"], f["required"]) for f in one["fields"]] == [
                (f.name, f.kind, f.required) for f in table.fields
            ]
            assert all(field["label"] for field in one["fields"])
        names = {one["move"] for one in offered}
        for name in MOVES.keys() - names:
            answer = move(client, raised, name, version=1)
            assert answer.status_code in {409, 422}, (who, name)
    raised.refresh_from_db()
    assert (raised.stage, raised.version) == ("raised", 1)


def test_a_stale_version_says_how_things_stand(world, raised):
    assert move(world.handler, raised, "accept", version=1).status_code == 200
    stale = assert_problem(move(world.handler, raised, "start", version=1), 409)
    assert (stale["code"], stale["stage"], stale["version"]) == ("stale", "accepted", 2)
    assert str(world.people["handler"]) in stale["message"]
    again = move(world.handler, raised, "start", version=stale["version"])
    assert again.json()["stage"] == "working"


def test_a_move_in_the_wrong_stage_says_how_things_stand(world, raised):
    wrong = assert_problem(move(world.handler, raised, "start", version=1), 409)
    assert (wrong["code"], wrong["stage"], wrong["version"]) == ("wrong_stage", "raised", 1)


def test_a_move_without_the_version_seen_is_a_400(world, raised):
    refused = assert_problem(move(world.handler, raised, "accept"), 400)
    assert list(refused["errors"]) == ["version"]
    assert move(world.handler, raised, "note", note="两条备注互不冲突").status_code == 200


@pytest.mark.parametrize("name", [None, 1, [], {}, "", "Accept", "accept ", "\x00", "drop"])
def test_a_move_that_is_none_is_a_400_that_lists_them(world, raised, name):
    refused = assert_problem(move(world.handler, raised, name, version=1), 400)
    assert refused["field"] == "move"
    assert all(one in refused["message"] for one in MOVES)


@pytest.mark.parametrize("name", MOVES)
def test_a_field_of_another_move_is_named(world, raised, name):
    foreign = {"summary", "until", "handler", "confirmed_by"} - {f.name for f in MOVES[name].fields}
    answer = move(world.chief, raised, name, version=1, **dict.fromkeys(foreign, "x"))
    assert set(assert_problem(answer, 400)["errors"]) == foreign


@pytest.mark.parametrize("given", [{}, {"reason": ""}, {"reason": "  "}])
def test_what_a_move_lacks_is_named(world, raised, given):
    answer = move(world.chief, raised, "decline", version=1, **given)
    assert assert_problem(answer, 422)["missing"] == ["reason"]


def test_missing_evidence_is_named(world):
    issue = make.WorkingIssueFactory(enterprise=world.enterprise, kind="hazard")
    photo = str(make.EvidenceFactory(by=issue.handler).pk)

    def propose(evidence):
        fields = {"version": issue.version, "summary": "已整改", "evidence": evidence}
        return move(world.handler, issue, "propose", **fields)

    for evidence, missing in (
        ([], ["before", "after"]),
        ([photo], ["after"]),
        ([{"id": photo}], ["after"]),
        ([{"id": photo, "proof": "after"}], ["before"]),
        ([{"id": photo, "proof": "other"}], ["before", "after"]),
    ):
        refused = assert_problem(propose(evidence), 422)
        assert (refused["code"], refused["field"]) == ("missing_evidence", "evidence")
        assert refused["missing"] == missing
    issue.refresh_from_db()
    assert issue.stage == "working"


def test_evidence_must_be_mine_unused_and_once(world):
    issue = make.WorkingIssueFactory(enterprise=world.enterprise, kind="hazard")
    mine, theirs = make.EvidenceFactory(by=issue.handler), make.EvidenceFactory()

    def code(*evidence):
        files = [str(one.pk) for one in evidence]
        fields = {"version": issue.version, "summary": "已整改", "evidence": files}
        return assert_problem(move(world.handler, issue, "propose", **fields), 422)["code"]

    assert code(mine, theirs) == "no_such_file"
    assert code(mine, world.attached) == "file_used"
    assert code(mine, mine) == "file_used"


@pytest.mark.parametrize(
    "evidence",
    [
        "x",
        {},
        ["x"],
        [None],
        [{}],
        [{"id": "x"}],
        [{"proof": "before"}],
        [{"id": "00000000-0000-4000-8000-000000000000", "proof": "nothing"}],
        [{"id": "00000000-0000-4000-8000-000000000000", "proof": []}],
        [{"id": "00000000-0000-4000-8000-000000000000", "bogus": 1}],
        ["00000000-0000-4000-8000-000000000000"] * 21,
    ],
)
def test_evidence_that_is_none_is_a_400(world, raised, evidence):
    answer = move(world.handler, raised, "note", note="x", evidence=evidence)
    assert assert_problem(answer, 400)["field"].startswith("evidence")


def test_every_refusal_leaves_the_line_as_it_was(world):
    issue = world.proposed
    seen = world.handler.get(f"/api/v1/issues/{issue.pk}/").json()
    own = assert_problem(move(world.handler, issue, "close", version=seen["version"]), 422)
    assert own["code"] == "not_allowed"
    assert world.handler.get(f"/api/v1/issues/{issue.pk}/").json() == seen


def test_a_raised_line_follows_the_enterprise(world):
    body = {"enterprise": world.enterprise.pk, "kind": "service", "title": "增开夜班"}
    answer = world.contact.post("/api/v1/issues/", body, format="json")
    assert answer.status_code == 201
    line = answer.json()
    assert (line["source"], line["stage"]) == ("portal", "raised")
    assert line["handler"]["id"] == world.people["handler"].pk
    elsewhere = make.EnterpriseFactory().pk
    refused = world.contact.post(
        "/api/v1/issues/", {**body, "enterprise": elsewhere}, format="json"
    )
    assert list(assert_problem(refused, 400)["errors"]) == ["enterprise"]


def test_kinds_say_what_they_want(world):
    kinds = {
        one["code"]: one for one in world.officer.get("/api/v1/issue-kinds/").json()["results"]
    }
    assert kinds["hazard"]["proofs"] == ["before", "after"]
    assert kinds["case_lead"]["sensitive"]


def test_the_timeline_tells_what_was_said(world, raised):
    wait = {"awaited": "检测报告", "awaited_from": "企业", "until": "2999-01-01"}
    move(world.handler, raised, "accept", version=1, note="马上去")
    move(world.handler, raised, "start", version=2)
    far = move(world.handler, raised, "wait", version=3, **wait)
    assert assert_problem(far, 422)["field"] == "until"
    events = world.handler.get(f"/api/v1/issues/{raised.pk}/events/").json()["results"]
    assert [(one["move"], one["text"]) for one in events][1:] == [
        ("accept", "马上去"),
        ("start", ""),
    ]
    assert [(one["from_stage"], one["to_stage"]) for one in events] == [
        ("", "raised"),
        ("raised", "accepted"),
        ("accepted", "working"),
    ]
    assert all(one["actor"] and one["at"] for one in events)
