"""What an operation of each kind does, and what is answered to it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from issues.actions import VERBS
from issues.models import Issue
from liaison.mobile.models import Operation, Upload
from tests import factories as make
from tests.mobile.phone import Phone, issue, kept, move, operation, visit
from visits.actions import Promised
from visits.models import Promise, Visit


def test_a_visit_with_its_findings_and_promises(phone, enterprise):
    finding = {"kind": "hazard", "title": "堆料", "evidence": [{"upload": phone.upload()}]}
    sent = visit(enterprise, findings=[finding], promises=[{"text": "三日内复查"}])
    answer = phone.one(sent)
    saved = Visit.objects.get()
    line = Issue.objects.get()
    assert (answer["status"], answer["code"], answer["message"]) == ("done", "", "")
    assert (answer["object"]["id"], answer["object"]["client_id"]) == (saved.pk, sent["client_id"])
    assert answer["object"]["issues"] == [{"id": line.pk, "number": line.number}]
    assert line.attachments.get().proof == "before"
    assert saved.promises.get().text == "三日内复查"


def test_a_visit_with_photos_of_its_own(phone, enterprise):
    first, second = phone.upload(), phone.upload(make.picture_bytes("blue"))
    sent = visit(enterprise, evidence=[{"upload": first}, {"upload": second}])
    answer = phone.one(sent)
    assert (answer["status"], answer["code"]) == ("done", "")
    assert [one.evidence_id for one in Visit.objects.get().files.all()] == [
        Upload.objects.get(client_id=one).kept_as for one in (first, second)
    ]
    assert phone.one(sent) == answer
    # Each is somebody's for good.
    again = phone.one(visit(enterprise, evidence=[{"upload": first}]))
    assert (again["status"], again["code"]) == ("refused", "file_used")
    proven = phone.one(visit(enterprise, evidence=[{"upload": phone.upload(), "proof": "before"}]))
    assert (proven["status"], proven["code"]) == ("refused", "invalid")
    assert proven["object"]["field"] == "evidence.0.proof"
    waits = phone.one(visit(enterprise, evidence=[{"upload": str(uuid4())}]))
    assert (waits["status"], waits["code"]) == ("retry", "file_missing")
    assert Visit.objects.count() == 1


def test_a_visit_and_a_finding_with_what_was_said(phone, enterprise):
    own, found = (phone.upload(make.recording_bytes()) for _ in range(2))
    finding = {"kind": "hazard", "title": "堆料", "evidence": [{"upload": found, "proof": "other"}]}
    sent = visit(enterprise, evidence=[{"upload": own}], findings=[finding])
    answer = phone.one(sent)
    assert (answer["status"], answer["code"]) == ("done", "")
    assert Visit.objects.get().files.get().evidence.is_recording
    assert Issue.objects.get().attachments.get().evidence.is_recording
    # What shows how it was must be a picture.
    wrong = {
        **finding,
        "evidence": [{"upload": phone.upload(make.recording_bytes()), "proof": "before"}],
    }
    refused = phone.one(visit(enterprise, findings=[wrong]))
    assert (refused["status"], refused["code"]) == ("refused", "not_a_photo")


def test_a_visit_that_also_came_over_the_api_is_one(phone, enterprise):
    sent = visit(enterprise)
    body = {**sent["body"], "client_id": sent["client_id"]}
    there = phone.post(body, "/api/v1/visits/").json()
    answer = phone.one(sent)
    # One visit shows more than a list does.
    assert there.pop("files") == []
    assert there.pop("word") is None
    assert there.pop("position")["state"] == answer["object"].pop("position")["state"]
    assert (answer["status"], answer["object"]) == ("done", there)
    other = operation("visit", {**body, "summary": "别的"})
    answer = phone.one(other)
    assert (answer["status"], answer["code"]) == ("conflict", "client_id_reused")
    assert answer["object"]["visit"] == there["id"]
    assert Visit.objects.count() == 1


def test_a_line_is_raised_when_the_person_raised_it(phone, enterprise):
    at = timezone.now() - timedelta(hours=9)
    answer = phone.one(issue(enterprise, made_at=at, title="门口占道"))
    line = Issue.objects.get()
    assert (answer["status"], answer["object"]["number"]) == ("done", line.number)
    assert line.raised_at == at
    assert answer["object"]["available_moves"]
    # Where the clock was certainly wrong, when it came.
    phone.one(issue(enterprise, made_at=timezone.now() - timedelta(days=400)))
    assert timezone.now() - Issue.objects.latest("pk").raised_at < timedelta(minutes=1)


def test_a_move_with_a_photo(phone, enterprise, officer):
    line = make.WorkingIssueFactory(enterprise=enterprise, kind="hazard")
    before, after = phone.upload(), phone.upload(make.picture_bytes("blue"))
    proofs = [{"upload": before, "proof": "before"}, {"upload": after, "proof": "after"}]
    sent = move(line, "propose", line.version, summary="已清理", evidence=proofs)
    answer = phone.one(sent)
    assert (answer["status"], answer["object"]["stage"]) == ("done", "proposed")
    assert answer["object"]["version"] == line.version + 1
    assert sorted(line.attachments.values_list("proof", flat=True)) == ["after", "before"]


def test_a_stale_move_is_answered_with_the_line_as_it_is(phone, enterprise, officer):
    line = make.AcceptedIssueFactory(enterprise=enterprise)
    VERBS["start"](line, by=officer, version=line.version)
    answer = phone.one(move(line, "start", line.version))
    assert (answer["status"], answer["code"]) == ("conflict", "stale")
    assert str(officer) in answer["message"]
    now = phone.client.get(f"/api/v1/issues/{line.pk}/").json()
    assert {**now, "field": ""} == answer["object"]
    assert (now["stage"], now["version"]) == ("working", line.version + 1)
    # Redone on the current state: another operation.
    again = move(line, "ask_extension", now["version"], days=1, reason="等检测报告")
    assert phone.one(again)["status"] == "done"


def test_a_line_in_another_stage_is_a_conflict_too(phone, enterprise):
    line = make.WorkingIssueFactory(enterprise=enterprise)
    answer = phone.one(move(line, "accept", line.version))
    assert (answer["status"], answer["code"]) == ("conflict", "wrong_stage")
    assert answer["object"]["stage"] == "working"


def test_a_promise_is_ticked_off_once(phone, enterprise):
    saved = make.VisitFactory(enterprise=enterprise, promises=[Promised("回访")])
    promise = saved.promises.get()
    answer = phone.one(kept(promise))
    assert (answer["status"], answer["object"]["id"]) == ("done", promise.pk)
    assert answer["object"]["kept_at"]
    again = phone.one(kept(promise))
    assert (again["status"], again["code"]) == ("conflict", "stale")
    assert Promise.objects.get().kept_at is not None


@pytest.mark.parametrize("kind", ["arrive", "dance"])
def test_what_the_server_does_not_know_is_refused_and_not_remembered(phone, kind):
    answer = phone.one(operation(kind, {}))
    assert (answer["status"], answer["code"]) == ("refused", "unknown_kind")
    assert kind in answer["message"]
    assert not Operation.objects.exists()


def test_what_is_wrong_is_named_as_in_the_api(phone, enterprise):
    line = make.RaisedIssueFactory(enterprise=enterprise)
    for sent, field in (
        (visit(enterprise, channel="brieftaube"), "channel"),
        (visit(enterprise, bogus=1), "bogus"),
        (issue(enterprise, kind="nothing"), "kind"),
        (issue(enterprise, title="a\x00b"), "title"),
        (issue(enterprise, level="\x00"), "level"),
        (move(line, "dance", 1), "move"),
        (move(line, "accept"), "version"),
        (move("x", "accept", 1), "issue"),
        (move({"client_id": "x"}, "accept", 1), "issue"),
        (operation("move", {"issue": {"id": line.pk}, "move": "accept", "version": 1}), "issue"),
        (operation("promise_kept", {}), "promise"),
        (operation("promise_kept", {"promise": 10**30}), "promise"),
    ):
        answer = phone.one(sent)
        assert (answer["status"], answer["code"]) == ("refused", "invalid"), sent
        assert answer["object"]["field"] == field
        assert field in answer["object"]["errors"]
        assert phone.one(sent) == answer
    assert line.events.count() == 1


def test_a_rule_refuses_and_says_what_is_missing(phone, enterprise):
    line = make.WorkingIssueFactory(enterprise=enterprise, kind="hazard")
    answer = phone.one(move(line, "propose", line.version))
    assert (answer["status"], answer["code"]) == ("refused", "missing")
    assert answer["object"]["missing"] == ["summary", "before", "after"]


def test_what_is_elsewhere_is_not_there(phone):
    line = make.RaisedIssueFactory()
    promise = make.VisitFactory(promises=[Promised("回访")]).promises.get()
    for sent, code in (
        (visit(line.enterprise), "invalid"),
        (issue(line.enterprise), "invalid"),
        (move(line, "accept", 1), "not_found"),
        (move(10**17, "accept", 1), "not_found"),
        (kept(promise), "invalid"),
    ):
        answer = phone.one(sent)
        assert (answer["status"], answer["code"]) == ("refused", code)
    assert not Visit.objects.filter(officer=phone.user).exists()


def test_a_colleague_may_do_what_the_rules_let_a_colleague_do(enterprise):
    desk = Phone(make.DeskFactory(unit=enterprise.unit))
    line = make.RaisedIssueFactory(enterprise=enterprise)
    assert desk.one(move(line, "accept", 1))["status"] == "done"
    answer = desk.one(move(line, "start", 2))
    assert (answer["status"], answer["code"]) == ("refused", "not_allowed")
