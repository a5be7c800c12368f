"""An application is decided, and the enterprise receives the result."""

import pytest
from django.db import IntegrityError, transaction

from green_channel.actions import (
    confirm_receipt,
    decide,
)
from green_channel.models import Decision, Outcome
from issues.actions import dispute_issue, note_on_issue, propose_close_out
from issues.actions.engine import Proven
from issues.workflow import Stage
from liaison.accounts.models import Kind
from liaison.core.refused import Conflict, Refused
from liaison.notices.models import Notice
from tests import factories as make
from tests.green_channel.on_applications import contact_of, line_of

pytestmark = pytest.mark.django_db


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
