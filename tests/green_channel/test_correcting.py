"""An application is corrected once, with all that is missing; the clock stands meanwhile."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone

from green_channel.actions import (
    ask_correction,
    bring,
    check_complete,
)
from green_channel.models import Correction
from issues.actions import resume_issue
from issues.workflow import Stage
from liaison.core.refused import Conflict, Refused
from liaison.notices.models import Notice
from tests import factories as make
from tests.green_channel.on_applications import contact_of, line_of

pytestmark = pytest.mark.django_db


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
