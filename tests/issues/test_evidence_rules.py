"""What must be proven before a line is struck off, and by which file."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from issues.actions import VERBS, make_move, note_on_issue, propose_close_out, raise_issue
from issues.actions.engine import Proven, missing_proofs
from issues.models import Attachment, Issue, IssueKind
from issues.workflow import Proof
from liaison.core.refused import Refused
from liaison.evidence.actions import keep
from tests import factories as make

pytestmark = pytest.mark.django_db


def photo(by, proof=""):
    return Proven(make.EvidenceFactory(by=by).pk, proof)


def refusal(verb, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        verb(*args, **kwargs)
    return refused.value


def test_every_kind_is_refused_without_each_proof_it_wants():
    for kind in IssueKind.objects.all():
        issue = make.WorkingIssueFactory(kind=kind)
        officer, wanted = issue.handler, [*kind.proofs]
        if kind.asks_loss:
            wanted.append("loss_recovered")
        ask = {"by": officer, "version": issue.version, "summary": "已办结"}
        if not wanted:
            assert propose_close_out(issue, **ask).stage == "proposed"
            continue
        assert refusal(propose_close_out, issue, **ask).details["missing"] == wanted
        for lacking in kind.proofs:
            files = [photo(officer, proof) for proof in kind.proofs if proof != lacking]
            refused = refusal(propose_close_out, issue, **ask, files=files, loss_recovered="1")
            assert (refused.code, refused.details["missing"]) == ("missing_evidence", [lacking])
        assert not issue.attachments.exists()
        whole = make.proofs_for(issue, officer)
        assert propose_close_out(issue, **ask, files=whole, loss_recovered="1").stage == "proposed"


def test_files_that_say_nothing_fill_what_is_still_missing():
    working = make.WorkingIssueFactory(kind="hazard")
    officer = working.handler
    note_on_issue(working, by=officer, note="现场照片", files=[photo(officer, Proof.BEFORE)])
    propose_close_out(
        working, by=officer, version=working.version, summary="已清走", files=[photo(officer)]
    )
    assert sorted(working.attachments.values_list("proof", flat=True)) == ["after", "before"]


def test_a_picture_with_the_complaint_shows_how_things_were_and_no_more():
    enterprise = make.AssignedEnterpriseFactory()
    desk = make.DeskFactory(unit=enterprise.unit)
    issue = raise_issue(
        enterprise,
        kind=make.kind_of("hazard"),
        title="通道堆料",
        by=desk,
        source=Issue.Source.DESK,
        files=[photo(desk), photo(desk)],
    )
    assert set(issue.attachments.values_list("proof", flat=True)) == {Proof.BEFORE}
    assert missing_proofs(issue, ()) == [Proof.AFTER]


def test_a_remark_proves_nothing_unless_it_says_so():
    issue = make.WorkingIssueFactory(kind="hazard")
    contact = make.ContactUserFactory(enterprise=issue.enterprise)
    note_on_issue(issue, by=contact, note="请看", files=[photo(contact), photo(contact)])
    assert missing_proofs(issue, ()) == [Proof.BEFORE, Proof.AFTER]


def test_a_reopened_line_is_proven_anew():
    issue = make.ClosedIssueFactory(kind="hazard")
    chief = make.ChiefFactory(unit=issue.unit)
    again = VERBS["reopen"](issue, by=chief, version=issue.version, reason="又堆上了")
    refused = refusal(
        propose_close_out, again, by=again.handler, version=again.version, summary="同前"
    )
    assert refused.details["missing"] == [Proof.BEFORE, Proof.AFTER]


def test_a_paper_is_no_photo():
    issue = make.WorkingIssueFactory(kind="hazard")
    paper = keep(SimpleUploadedFile("a.pdf", b"%PDF-1.4 x"), by=issue.handler)
    files = [photo(issue.handler, Proof.BEFORE), Proven(paper.pk, Proof.AFTER)]
    ask = {"by": issue.handler, "version": issue.version, "summary": "已清走", "files": files}
    assert refusal(propose_close_out, issue, **ask).code == "not_a_photo"


def note(officer, proof=""):
    return Proven(make.RecordingFactory(by=officer).pk, proof)


def test_a_voice_note_shows_nothing_by_itself():
    issue = make.WorkingIssueFactory(kind="hazard")
    officer = issue.handler
    ask = {"by": officer, "version": issue.version, "summary": "已清走"}
    assert issue.kind.proofs == [Proof.BEFORE, Proof.AFTER]
    for files in ([note(officer)], [note(officer), photo(officer)]):
        refused = refusal(propose_close_out, issue, **ask, files=files)
        assert refused.code == "missing_evidence"
        assert refused.details["missing"] == issue.kind.proofs[len(files) - 1 :]
    named = [note(officer, Proof.BEFORE), photo(officer, Proof.AFTER)]
    assert refusal(propose_close_out, issue, **ask, files=named).code == "not_a_photo"
    assert not issue.attachments.exists()
    # Between two photos it takes the place of neither.
    whole = [photo(officer), note(officer), photo(officer)]
    propose_close_out(issue, **ask, files=whole)
    assert list(issue.attachments.order_by("pk").values_list("proof", flat=True)) == [
        Proof.BEFORE,
        Proof.OTHER,
        Proof.AFTER,
    ]


def test_a_voice_note_with_the_complaint_is_no_photo_of_how_things_were():
    enterprise = make.AssignedEnterpriseFactory()
    desk = make.DeskFactory(unit=enterprise.unit)
    issue = raise_issue(
        enterprise,
        kind=make.kind_of("hazard"),
        title="堆料",
        source=Issue.Source.DESK,
        by=desk,
        files=[note(desk), photo(desk)],
    )
    assert sorted(issue.attachments.values_list("proof", flat=True)) == ["before", "other"]


@pytest.mark.parametrize("proof", ["", Proof.OTHER, "nonsense"])
def test_another_persons_file_and_an_unknown_proof_are_refused(proof):
    issue = make.WorkingIssueFactory(kind="other")
    own, foreign = photo(issue.handler, proof), photo(make.OfficerFactory(unit=issue.unit), proof)
    ask = {"by": issue.handler, "note": "附件"}
    assert refusal(note_on_issue, issue, files=[foreign], **ask).code == "no_such_file"
    if proof == "nonsense":
        assert refusal(note_on_issue, issue, files=[own], **ask).code == "invalid"
        assert not Attachment.objects.exists()


def test_a_file_belongs_to_one_record_for_good():
    issue = make.WorkingIssueFactory(kind="other")
    one = photo(issue.handler)
    note_on_issue(issue, by=issue.handler, note="一", files=[one])
    assert refusal(note_on_issue, issue, by=issue.handler, note="二", files=[one]).code == (
        "file_used"
    )
    twice = photo(issue.handler)
    refused = refusal(note_on_issue, issue, by=issue.handler, note="三", files=[twice, twice])
    assert refused.code == "file_used"
    assert issue.attachments.count() == 1


@pytest.mark.parametrize("amount", ["NaN", "sNaN", "Infinity", "-1", "1e13", "一百", "1e999999"])
def test_a_loss_is_a_sum_of_money(amount):
    issue = make.WorkingIssueFactory(kind="case_lead")
    ask = {"by": issue.handler, "version": issue.version, "summary": "已破案"}
    refused = refusal(propose_close_out, issue, loss_recovered=amount, **ask)
    assert (refused.code, refused.field) == ("invalid", "loss_recovered")


def test_all_that_is_missing_is_named_at_once():
    issue = make.WorkingIssueFactory(kind="hazard")
    ask = {"by": issue.handler, "version": issue.version}
    photo = Proven(make.EvidenceFactory(by=issue.handler).pk, Proof.BEFORE)
    refused = refusal(make_move, issue, "propose", values={}, files=[photo], **ask)
    assert refused.details["missing"] == ["summary", Proof.AFTER]
    assert "整改后照片" in str(refused)
