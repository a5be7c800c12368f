"""A batch: once however often it comes, in order, each operation for itself."""

import uuid

import pytest

from issues.models import Issue
from liaison.mobile.models import Operation
from tests import factories as make
from tests.mobile.phone import Phone, issue, kept, move, operation, statuses, visit
from visits.actions import Promised
from visits.models import Visit

AFTER = ("retry", "after_another")


def test_the_same_again_is_answered_the_same_and_done_once(phone, enterprise):
    line = make.RaisedIssueFactory(enterprise=enterprise)
    stale = move(line, "start", 7)
    for sent in (visit(enterprise), issue(enterprise), visit(enterprise, channel="x"), stale):
        first = phone.one(sent)
        # As JSON it is the same with its fields in another order.
        turned = {**sent, "body": dict(reversed(sent["body"].items()))}
        assert phone.one(sent) == phone.one(turned) == first
    assert (Visit.objects.count(), Issue.objects.count()) == (1, 2)
    assert Operation.objects.count() == 4


@pytest.mark.parametrize("first", ["done", "refused", "conflict"])
def test_another_body_under_the_same_id_is_a_conflict(phone, enterprise, first):
    line = make.RaisedIssueFactory(enterprise=enterprise)
    sent = {
        "done": visit(enterprise),
        "refused": visit(enterprise, channel="x"),
        "conflict": move(line, "accept", 9),
    }[first]
    answer = phone.one(sent)
    assert answer["status"] == first
    for body in (sent["body"] | {"summary": "别的"}, {}):
        other = phone.one({**sent, "body": body})
        assert (other["status"], other["code"], other["object"]) == ("conflict", "reused", None)
    kind = phone.one({**sent, "kind": "issue"})
    assert (kind["status"], kind["code"]) == ("conflict", "reused")
    assert phone.one(sent) == answer


def test_what_was_refused_may_be_mended_under_another_id(phone, enterprise):
    refused = visit(enterprise, promises=[{"text": ""}])
    assert phone.one(refused)["status"] == "refused"
    assert not Visit.objects.exists()
    assert phone.one(visit(enterprise, promises=[{"text": "回访"}]))["status"] == "done"
    assert phone.one(refused)["status"] == "refused"


def test_an_id_is_a_persons_own(phone, enterprise):
    colleague = Phone(make.OfficerFactory(unit=enterprise.unit))
    sent = visit(enterprise)
    mine, theirs = phone.one(sent), colleague.one(sent)
    assert mine["object"]["id"] != theirs["object"]["id"]
    # Nor can a move of theirs name a line by my operation.
    raised = issue(enterprise)
    phone.one(raised)
    assert statuses([colleague.one(move(raised, "note", note="x"))]) == [AFTER]


def test_twice_in_one_batch_is_once(phone, enterprise):
    sent = visit(enterprise)
    first, second = phone.send(sent, sent)
    assert first == second
    assert Visit.objects.count() == 1


def test_after_a_conflict_what_is_of_the_same_enterprise_waits(phone, enterprise, officer):
    line = make.RaisedIssueFactory(enterprise=enterprise)
    promise = make.VisitFactory(enterprise=enterprise, promises=[Promised("回访")]).promises.get()
    elsewhere = make.AssignedEnterpriseFactory(unit=enterprise.unit, officer=officer)
    stale = move(line, "accept", 5)
    later = [visit(enterprise), issue(enterprise), kept(promise), move(line, "note", note="x")]
    answers = phone.send(stale, *later, visit(elsewhere))
    assert statuses(answers) == [("conflict", "stale"), *[AFTER] * 4, ("done", "")]
    assert all(one["object"] is None and one["message"] for one in answers[1:5])
    assert Operation.objects.count() == 2
    # Once the person has decided about the first, the others go their way.
    done = phone.send(*later)
    assert statuses(done) == [("done", "")] * 4
    # And what has been answered does not wait for anything.
    assert phone.send(stale, *later)[1:] == done


def test_a_refusal_holds_up_nothing_that_does_not_depend_on_it(phone, enterprise):
    line = make.RaisedIssueFactory(enterprise=enterprise)
    other = make.RaisedIssueFactory(enterprise=enterprise)
    answers = phone.send(
        visit(enterprise, channel="x"),
        move(line, "accept", 1, note="x" * 5000),
        move(line, "note", note="到过现场"),
        move(other, "accept", 1),
        visit(enterprise),
        # Counts on what was refused, and what is behind it keeps its place.
        move(line, "start", 2),
        visit(enterprise),
    )
    assert [one["status"] for one in answers] == [
        "refused", "refused", "done", "done", "done", "retry", "retry",
    ]  # fmt: skip
    assert statuses(answers[5:]) == [AFTER] * 2


def test_a_line_raised_on_the_phone_is_moved_by_the_operation_that_raises_it(phone, enterprise):
    raised = issue(enterprise)
    accept, start = move(raised, "accept", 1), move(raised, "start", 2)
    answers = phone.send(raised, accept, start)
    assert [one["status"] for one in answers] == ["done"] * 3
    line = Issue.objects.get()
    assert (line.stage, line.version) == ("working", 3)
    # Also when the half of the batch was lost, and by its id.
    note = move(raised, "note", note="x")
    assert phone.one(note)["object"]["id"] == line.pk
    assert statuses(phone.send(accept, start, note)) == [("done", "")] * 3
    assert line.events.count() == 4


def test_moves_on_a_line_that_was_not_raised(phone, enterprise):
    refused, put_off = issue(enterprise, title=""), issue(enterprise)
    put_off["body"]["evidence"] = [{"upload": str(uuid.uuid4())}]
    on_refused = [move(refused, "accept", 1), move(refused, "note", note="x")]
    answers = phone.send(refused, *on_refused, put_off, move(put_off, "accept", 1))
    assert statuses(answers) == [
        ("refused", "invalid"),
        *[("refused", "needs_refused")] * 2,
        ("retry", "file_missing"),
        AFTER,
    ]
    # For good: the edited line has another id, and so what is done to it names that.
    assert statuses(phone.send(*on_refused)) == [("refused", "needs_refused")] * 2
    # One of which nothing is known may yet come.
    nothing = move({"client_id": str(uuid.uuid4())}, "accept", 1)
    assert statuses([phone.one(nothing)]) == [AFTER]
    # What has raised no line is none.
    saved = visit(enterprise)
    assert statuses(phone.send(saved, move(saved, "accept", 1))) == [
        ("done", ""),
        ("refused", "needs_refused"),
    ]


def test_a_file_that_has_not_come_puts_off_and_holds_up(phone, enterprise):
    upload = str(uuid.uuid4())
    finding = {"kind": "hazard", "title": "堆料", "evidence": [{"upload": upload}]}
    sent, later = visit(enterprise, findings=[finding]), visit(enterprise)
    assert statuses(phone.send(sent, later)) == [("retry", "file_missing"), AFTER]
    assert not Operation.objects.exists()
    content = make.picture_bytes("red")
    assert phone.announce(content, client_id=upload).status_code == 201
    assert statuses(phone.send(sent, later)) == [("retry", "file_missing"), AFTER]
    phone.upload(content, client_id=upload)
    assert statuses(phone.send(sent, later)) == [("done", "")] * 2
    # One file belongs to one record.
    again = phone.one(visit(enterprise, findings=[finding]))
    assert (again["status"], again["code"]) == ("refused", "file_used")


def test_a_file_that_was_not_taken_refuses_what_names_it(phone, enterprise):
    upload = str(uuid.uuid4())
    content = b"GIF89a" + b"x" * 50
    phone.announce(content, client_id=upload)
    assert phone.put(upload, 0, content).status_code == 422
    answer = phone.one(issue(enterprise, evidence=[{"upload": upload}]))
    assert (answer["status"], answer["code"]) == ("refused", "file_refused")
    assert answer["object"] == {"field": "evidence", "upload": upload}
    assert "image.jpg" in answer["message"]


def test_a_colleagues_file_is_not_there(phone, enterprise):
    colleague = Phone(make.OfficerFactory(unit=enterprise.unit))
    upload = colleague.upload()
    answer = phone.one(issue(enterprise, evidence=[{"upload": upload}]))
    assert (answer["status"], answer["code"]) == ("retry", "file_missing")


@pytest.mark.parametrize(
    "file", [7, "x", {}, {"upload": 7}, {"upload": "x"}, {"upload": str(uuid.uuid4()), "id": 1}]
)
def test_what_names_no_file_is_complained_of(phone, enterprise, file):
    answer = phone.one(issue(enterprise, evidence=[file]))
    assert (answer["status"], answer["code"]) == ("refused", "invalid")
    assert answer["object"]["field"].startswith("evidence")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": None}, "kind"),
        ({"kind": "x" * 21}, "kind"),
        ({"made_at": "yesterday"}, "made_at"),
        ({"body": []}, "body"),
        ({"body": None}, "body"),
        ({"bogus": 1}, "bogus"),
    ],
)
def test_an_operation_that_is_none_holds_up_nobody(phone, enterprise, change, field):
    bad, good = visit(enterprise) | change, visit(enterprise)
    refused, done = phone.send(bad, good)
    assert (refused["status"], refused["code"]) == ("refused", "invalid")
    assert refused["object"]["field"] == field
    assert done["status"] == "done"
    assert Operation.objects.count() == 1


def test_an_empty_batch_asks_what_time_it_is(phone):
    answer = phone.post(phone.batch()).json()
    assert answer["results"] == []
    assert answer["server_time"].endswith("Z")
    assert answer["clock_skew"] == 0


def test_a_quoted_nul_is_kept_nowhere(phone, enterprise):
    answer = phone.one(issue(enterprise, level="a\\u0000\x00\x00b", title="x"))
    assert answer["status"] == "refused"
    assert "a\\u0000b" in answer["message"]
    assert operation("issue", {})["body"] == {}
