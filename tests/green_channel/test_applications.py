"""An application on its way: applied for, corrected once, decided, received."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from green_channel.actions import (
    apply_for,
    ask_correction,
    bring,
    check_complete,
    confirm_receipt,
    decide,
)
from green_channel.models import Application, Correction, Decision, Mode, Outcome
from issues.actions import dispute_issue, note_on_issue, propose_close_out, resume_issue
from issues.actions.engine import Proven
from issues.models import Issue
from issues.workflow import Stage
from liaison.accounts.models import Kind
from liaison.core.refused import Conflict, Refused
from liaison.notices.models import Notice
from tests import factories as make

pytestmark = pytest.mark.django_db


def line_of(application):
    return Issue.objects.select_related("handler").get(pk=application.issue_id)


def contact_of(application):
    return make.ContactUserFactory(enterprise=application.issue.enterprise)


# --- applying ---------------------------------------------------------------------------------


def test_a_contact_applies_and_it_is_a_line_of_the_bill():
    enterprise = make.AssignedEnterpriseFactory()
    contact = make.ContactUserFactory(enterprise=enterprise)
    item = make.ItemFactory(unit=enterprise.unit)
    need = item.requirements.first()
    photo = make.EvidenceFactory(by=contact)
    application = apply_for(
        item, enterprise, by=contact, text="下月开业", files={need.pk: [photo.pk]}
    )
    issue = application.issue
    assert (issue.kind.code, issue.title, issue.text) == ("approval", item.name, "下月开业")
    assert issue.source == Issue.Source.PORTAL
    assert issue.handler == make.handler_of(enterprise)
    there, missing = application.papers.all()
    assert [one.attachment.evidence for one in there.supplies.all()] == [photo]
    assert (there.is_open, missing.is_open) == (False, True)


def test_what_another_office_does_is_refused_and_says_where():
    enterprise = make.AssignedEnterpriseFactory()
    contact = make.ContactUserFactory(enterprise=enterprise)
    with pytest.raises(Refused) as refused:
        apply_for(make.shared_item("apec_card"), enterprise, by=contact)
    assert refused.value.code == "referred_out"
    assert refused.value.details["office"] == "外事办公室"
    assert not Issue.objects.exists()


def test_another_stations_item_is_not_applied_for_here():
    enterprise = make.AssignedEnterpriseFactory()
    with pytest.raises(Refused) as refused:
        apply_for(make.ItemFactory(), enterprise, by=make.DeskFactory(unit=enterprise.unit))
    assert refused.value.code == "no_item"


def test_handled_by_an_officer_it_is_that_officers_line():
    enterprise = make.AssignedEnterpriseFactory()
    other = make.OfficerFactory(unit=enterprise.unit)
    desk = make.someone(Kind.DESK, enterprise.unit)
    made = apply_for(make.shared_item("seal"), enterprise, by=desk, mode=Mode.AGENT, agent=other)
    assert (made.agent, made.issue.handler) == (other, other)
    with pytest.raises(Refused):
        apply_for(
            make.shared_item("seal"), enterprise, by=desk, mode=Mode.ASSISTED,
            agent=make.OfficerFactory(),
        )  # fmt: skip


def test_without_an_officer_nobody_helps_but_one_may_apply_oneself():
    enterprise = make.EnterpriseFactory()
    contact = make.ContactUserFactory(enterprise=enterprise)
    with pytest.raises(Refused) as refused:
        apply_for(make.shared_item("seal"), enterprise, by=contact, mode=Mode.AGENT)
    assert (refused.value.code, refused.value.field) == ("no_officer", "mode")
    assert apply_for(make.shared_item("seal"), enterprise, by=contact).agent is None


def test_sent_again_it_is_the_same_application():
    enterprise = make.AssignedEnterpriseFactory()
    contact = make.ContactUserFactory(enterprise=enterprise)
    once = uuid.uuid4()
    first = apply_for(make.shared_item("seal"), enterprise, by=contact, client_id=once)
    again = apply_for(make.shared_item("seal"), enterprise, by=contact, client_id=once)
    assert first == again
    assert Application.objects.count() == 1
    with pytest.raises(Conflict):
        apply_for(make.shared_item("hotel"), enterprise, by=contact, client_id=once)


# --- checked once -----------------------------------------------------------------------------


def test_a_correction_names_all_that_is_missing_and_the_clock_stands_still():
    application = make.ApplicationFactory()
    contact = contact_of(application)
    issue = line_of(application)
    there = application.papers.first()
    correction = ask_correction(
        application,
        by=issue.handler,
        version=issue.version,
        wrong=[there.pk],
        more=["消防验收意见", " "],
        words="请补齐",
    )
    issue = line_of(application)
    assert issue.stage == Stage.WAITING
    named = ["营业执照", "申请表", "消防验收意见"]
    assert [one.name for one in correction.papers.all()] == named
    assert correction.event.public
    assert correction.event.text == "、".join(named)
    notice = Notice.objects.get(recipient=contact, kind="issue.wait")
    assert (notice.kind, notice.url) == (
        "issue.wait",
        f"/portal/bill/{issue.number}/",
    )


def test_there_is_one_correction_by_the_verb_and_by_the_database():
    application = make.BroughtApplicationFactory()
    issue = line_of(application)
    with pytest.raises(Conflict) as refused:
        ask_correction(application, by=issue.handler, version=issue.version, more=["又一份"])
    assert refused.value.code == "corrected_already"
    event = issue.events.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.create(application=application, event=event)
    assert Correction.objects.count() == 1


@pytest.mark.parametrize("days", [7, 8])
def test_a_licence_is_corrected_within_five_working_days_or_not_at_all(days):
    monday = timezone.now().replace(year=2026, month=3, day=2, hour=2)
    with time_machine.travel(monday, tick=False):
        application = make.ApplicationFactory()
    issue = line_of(application)
    with time_machine.travel(monday + timedelta(days=days), tick=False):
        if days == 7:
            ask_correction(application, by=issue.handler, version=issue.version)
            return
        with pytest.raises(Refused) as refused:
            ask_correction(application, by=issue.handler, version=issue.version)
    assert refused.value.code == "too_late"
    assert line_of(application).stage == Stage.RAISED


def test_nothing_missing_is_no_correction():
    application = make.ApplicationFactory(brought=9)
    issue = line_of(application)
    with pytest.raises(Refused) as refused:
        ask_correction(application, by=issue.handler, version=issue.version)
    assert refused.value.code == "nothing_missing"


def test_only_its_handler_asks_for_correction():
    application = make.ApplicationFactory()
    issue = line_of(application)
    for other in (
        make.ChiefFactory(unit=issue.unit),
        make.OfficerFactory(),
        contact_of(application),
    ):
        with pytest.raises(Refused):
            ask_correction(application, by=other, version=issue.version)
    assert not Correction.objects.exists()


def test_the_clock_runs_on_when_the_last_of_it_is_brought():
    application = make.ApplicationFactory(brought=0)
    contact, issue = contact_of(application), line_of(application)
    ask_correction(application, by=issue.handler, version=issue.version)
    first, second = application.papers.all()
    bring(application, by=contact, files={first.pk: [make.EvidenceFactory(by=contact).pk]})
    assert line_of(application).stage == Stage.WAITING
    due = line_of(application).resolve_due_at
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        bring(application, by=contact, files={second.pk: [make.EvidenceFactory(by=contact).pk]})
    issue = line_of(application)
    assert issue.stage == Stage.WORKING
    assert issue.resolve_due_at > due


def test_nobody_starts_the_clock_while_something_named_is_missing():
    application = make.CorrectedApplicationFactory()
    issue = line_of(application)
    for by in (issue.handler, contact_of(application)):
        with pytest.raises(Refused) as refused:
            resume_issue(issue, by=by, version=issue.version)
        assert refused.value.code == "still_missing"
    assert line_of(application).stage == Stage.WAITING


def test_a_paper_not_in_order_is_open_again_until_it_comes_anew():
    application = make.ApplicationFactory(brought=9)
    issue, paper = line_of(application), application.papers.first()
    ask_correction(application, by=issue.handler, version=issue.version, wrong=[paper.pk])
    assert application.papers.get(pk=paper.pk).is_open
    contact = contact_of(application)
    bring(application, by=contact, files={paper.pk: [make.EvidenceFactory(by=contact).pk]})
    assert not application.papers.get(pk=paper.pk).is_open


def test_a_contact_does_not_say_what_was_seen_on_paper():
    application = make.ApplicationFactory()
    paper = application.papers.last()
    with pytest.raises(Refused):
        bring(application, by=contact_of(application), seen=[paper.pk])
    stranger = make.ContactUserFactory()
    with pytest.raises(Refused):
        bring(application, by=stranger, files={paper.pk: [make.EvidenceFactory(by=stranger).pk]})


def test_what_is_not_complete_is_not_accepted_as_complete():
    application = make.ApplicationFactory()
    issue = line_of(application)
    with pytest.raises(Refused) as refused:
        check_complete(application, by=issue.handler, version=issue.version)
    assert refused.value.details["missing"] == ["申请表"]


# --- decided ----------------------------------------------------------------------------------


def test_a_line_of_an_application_is_not_proposed_past_its_decision():
    application = make.HandledApplicationFactory()
    issue = line_of(application)
    files = make.proofs_for(issue, issue.handler)
    with pytest.raises(Refused) as refused:
        propose_close_out(
            issue, by=issue.handler, version=issue.version, summary="办结", files=files
        )
    assert refused.value.code == "decide_first"


@pytest.mark.parametrize("lacks", ["reason", "appeal"])
def test_a_refusal_says_why_and_how_to_appeal(lacks):
    application = make.HandledApplicationFactory()
    issue = line_of(application)
    words = {"reason": "不符合条件", "appeal": "可申请行政复议", lacks: " "}
    with pytest.raises(Refused) as refused:
        decide(
            application,
            by=issue.handler,
            version=issue.version,
            outcome=Outcome.REFUSED,
            document=[make.EvidenceFactory(by=issue.handler).pk],
            **words,
        )
    assert refused.value.field == lacks
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            application=application, outcome="refused", by_document=True,
            decided_by=issue.handler, **{**words, lacks: ""},
        )  # fmt: skip


def test_a_result_comes_somehow():
    application = make.HandledApplicationFactory()
    issue = line_of(application)
    with pytest.raises(Refused) as refused:
        decide(application, by=issue.handler, version=issue.version, outcome=Outcome.GRANTED)
    assert refused.value.code == "no_result"
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(
            application=application, outcome="granted", decided_by=issue.handler
        )


def test_a_document_is_issued_and_the_enterprise_has_it():
    application = make.HandledApplicationFactory()
    contact, issue = contact_of(application), line_of(application)
    paper = make.EvidenceFactory(by=issue.handler)
    decide(
        application, by=issue.handler, version=issue.version, outcome=Outcome.GRANTED,
        document=[paper.pk],
    )  # fmt: skip
    issue = line_of(application)
    assert issue.stage == Stage.PROPOSED
    assert Notice.objects.filter(recipient=contact, kind="issue.propose").count() == 1
    confirm_receipt(application, by=contact, version=issue.version)
    assert line_of(application).stage == Stage.CLOSED


def test_what_is_picked_up_needs_no_file_and_the_counter_says_who_took_it():
    application = make.DecidedApplicationFactory()
    issue = line_of(application)
    desk = make.someone(Kind.DESK, issue.unit)
    with pytest.raises(Refused):
        confirm_receipt(application, by=desk, version=issue.version)
    confirm_receipt(application, by=desk, version=issue.version, confirmed_by="经办人当面领取")
    assert line_of(application).stage == Stage.CLOSED


def test_what_came_back_is_decided_anew():
    application = make.DecidedApplicationFactory()
    issue = line_of(application)
    issue = dispute_issue(
        issue, by=contact_of(application), version=issue.version, reason="姓名有误"
    )
    with pytest.raises(Refused):
        propose_close_out(
            issue, by=issue.handler, version=issue.version, summary="x",
            files=make.proofs_for(issue, issue.handler),
        )  # fmt: skip
    decide(
        application, by=issue.handler, version=issue.version, outcome=Outcome.GRANTED,
        pickup_place="3号窗口", pickup_when="工作日",
    )  # fmt: skip
    assert [one.attempt for one in application.decisions.all()] == [1, 2]


def test_of_two_who_decide_on_the_same_version_one_is_told():
    application = make.HandledApplicationFactory()
    issue = line_of(application)
    words = {"outcome": Outcome.GRANTED, "pickup_place": "3号窗口", "pickup_when": "工作日"}
    decide(application, by=issue.handler, version=issue.version, **words)
    with pytest.raises(Conflict):
        decide(application, by=issue.handler, version=issue.version, **words)
    assert application.decisions.count() == 1


def test_an_internal_remarks_file_is_no_part_of_what_the_enterprise_reads(client):
    application = make.HandledApplicationFactory()
    issue = line_of(application)
    photo = make.EvidenceFactory(by=issue.handler)
    note_on_issue(issue, by=issue.handler, note="内部意见", internal=True, files=[Proven(photo.pk)])
    client.force_login(contact_of(application))
    page = client.get(f"/portal/green/applications/{application.pk}/")
    assert page.status_code == 200
    assert "内部意见" not in page.content.decode()
    file = client.get(f"/portal/green/applications/{application.pk}/files/{photo.pk}/")
    assert file.status_code == 404
