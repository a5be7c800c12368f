"""What contacts send in: once however often, limited, held and never dropped."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from issues.actions import VERBS, ask, reject_held, release_held, send_in
from issues.actions.asking import forget_old_submissions
from issues.actions.engine import Proven
from issues.actions.held_ringing import oldest_unrung, ring_held
from issues.models import HeldRequest, Issue, Submission
from issues.throttle import must_not_send_more_files
from liaison.core.refused import Conflict, Refused
from liaison.notices.models import Notice
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact():
    return make.ContactUserFactory(enterprise=make.AssignedEnterpriseFactory())


def enterprise_of(contact):
    return contact.contact_for.get().enterprise


def ask_for(contact, text="大门坏了", *, kind="service", enterprise=None, **more):
    how = {"sent": make.sent(), **more}
    return ask(
        enterprise or enterprise_of(contact), kind=make.kind_of(kind), title=text[:20], text=text,
        by=contact, **how,
    )  # fmt: skip


def test_what_is_asked_is_a_line_of_the_enterprise_with_its_clock(contact):
    photo = make.EvidenceFactory(by=contact)
    issue = ask_for(contact, kind="hazard", files=[Proven(photo.pk)])
    assert (issue.source, issue.raised_by) == (Issue.Source.PORTAL, contact)
    assert issue.respond_due_at == issue.raised_at + timedelta(hours=24)
    assert issue.attachments.get().proof == "before"


def test_sent_twice_it_is_one_line_and_something_else_under_its_id_is_a_conflict(contact):
    sent = make.sent()
    first = ask_for(contact, sent=sent)
    assert ask_for(contact, sent=sent) == first
    assert Issue.objects.count() == 1
    with pytest.raises(Conflict) as no:
        ask_for(contact, "另一件事", sent=make.sent(client_id=sent.client_id))
    assert no.value.code == "sent_already"
    assert first.number in str(no.value)


def test_nobody_asks_for_an_enterprise_that_is_not_theirs(contact):
    stranger = make.ContactUserFactory(enterprise=make.AssignedEnterpriseFactory())
    former = make.ContactUserFactory(enterprise=enterprise_of(contact))
    former.contact_for.update(left_on=timezone.localdate())
    for who in (stranger, former, make.handler_of(enterprise_of(contact))):
        with pytest.raises(Refused) as no:
            ask_for(who, enterprise=enterprise_of(contact))
        assert no.value.code == "not_yours"
    assert not Submission.objects.exists()


def test_the_same_words_again_are_held_for_the_desk_and_told(contact):
    desk = make.DeskFactory(unit=enterprise_of(contact).unit)
    ask_for(contact, "大门坏了")
    held = ask_for(contact, " 大门 坏了")
    assert isinstance(held, HeldRequest)
    assert (held.why, held.outcome) == ("repeat", "pending")
    assert held.due_at == held.asked_at + timedelta(hours=24)
    assert (
        Notice.objects.get(recipient=desk, kind="held_request.held").url
        == f"/issues/held/{held.pk}/"
    )
    assert isinstance(ask_for(contact, "后门坏了"), Issue)


@pytest.mark.parametrize("limit", ["ACCOUNT", "ENTERPRISE", "ADDRESS"])
def test_what_comes_over_a_limit_is_held(contact, settings, limit):
    setattr(settings, f"PORTAL_ASKS_BY_{limit}", 2)
    enterprise = enterprise_of(contact)
    others = {
        "ACCOUNT": [contact] * 3,
        "ENTERPRISE": [make.ContactUserFactory(enterprise=enterprise) for _ in range(3)],
        "ADDRESS": [
            make.ContactUserFactory(enterprise=make.AssignedEnterpriseFactory()) for _ in range(3)
        ],
    }[limit]
    came = [
        ask_for(who, f"第{n}件事", sent=make.sent(address="10.0.0.7"))
        for n, who in enumerate(others)
    ]
    assert [type(one) for one in came] == [Issue, Issue, HeldRequest]
    assert came[2].why == limit.lower()
    # After a while it is as if nothing had been.
    Submission.objects.update(at=timezone.now() - timedelta(minutes=61))
    assert isinstance(ask_for(others[2], "又一件", sent=make.sent(address="10.0.0.7")), Issue)


def test_of_too_many_held_ones_the_contact_is_told_and_nothing_is_written(contact, settings):
    settings.PORTAL_HELD_AT_MOST = 1
    ask_for(contact)
    ask_for(contact)
    with pytest.raises(Refused) as no:
        ask_for(contact)
    assert no.value.code == "throttled"
    assert (HeldRequest.objects.count(), Submission.objects.count()) == (1, 2)


def test_released_it_is_a_line_from_the_moment_it_was_asked(contact):
    photo = make.EvidenceFactory(by=contact)
    held = make.HeldRequestFactory(by=contact, kind="hazard", files=[Proven(photo.pk)])
    asked = timezone.now() - timedelta(hours=5)
    HeldRequest.objects.filter(pk=held.pk).update(asked_at=asked)
    # Whoever asked has left since: what they asked has not.
    contact.contact_for.update(left_on=timezone.localdate())
    type(contact).objects.filter(pk=contact.pk).update(is_active=False)
    desk = make.DeskFactory(unit=held.unit)
    issue = release_held(held, by=desk)
    assert (issue.raised_at, issue.raised_by) == (asked, contact)
    assert issue.respond_due_at == asked + timedelta(hours=24)
    assert issue.attachments.get().evidence == photo
    held.refresh_from_db()
    assert (held.outcome, held.decided_by, held.issue) == ("released", desk, issue)
    with pytest.raises(Conflict) as no:
        reject_held(held, by=desk, reason="重复")
    assert no.value.code == "decided"


def test_rejected_the_contact_reads_why(contact):
    held = make.HeldRequestFactory(by=contact)
    desk = make.DeskFactory(unit=held.unit)
    with pytest.raises(Refused) as no:
        reject_held(held, by=desk, reason="  ")
    assert (no.value.code, no.value.field) == ("missing", "reason")
    reject_held(held, by=desk, reason="与前一条重复，已一并办理")
    notice = Notice.objects.get(recipient=contact, kind="held_request.decided")
    assert "与前一条重复" in notice.text
    assert notice.url == f"/portal/bill/held/{held.pk}/"


def test_who_decides(contact):
    held = make.HeldRequestFactory(by=contact)
    lead = make.HeldRequestFactory(by=contact, kind="case_lead", title="铝锭失窃", text="铝锭失窃")
    unit = held.unit
    desk, chief = make.DeskFactory(unit=unit), make.ChiefFactory(unit=unit)
    assert set(HeldRequest.objects.visible_to(desk)) == {held}
    assert set(HeldRequest.objects.visible_to(chief)) == {held, lead}
    for nobody in (
        make.OfficerFactory(unit=unit),
        make.DeskFactory(),
        contact,
        make.ChiefFactory(),
    ):
        with pytest.raises(Refused):
            release_held(held, by=nobody)
    with pytest.raises(Refused):
        release_held(lead, by=desk)


def test_a_held_request_does_not_lapse_in_silence(contact):
    held = make.HeldRequestFactory(by=contact)
    desk, chief = make.DeskFactory(unit=held.unit), make.ChiefFactory(unit=held.unit)
    before, after = held.due_at - timedelta(minutes=1), held.due_at + timedelta(minutes=3)
    assert ring_held(before) == {"held_rung": 0}
    assert oldest_unrung(after) == timedelta(minutes=3)
    assert ring_held(after) == {"held_rung": 1}
    assert ring_held(after) == {"held_rung": 0}
    told = Notice.objects.filter(kind="held_request.late")
    assert {one.recipient for one in told} >= {desk, chief}
    assert {one.recipient.kind for one in told} == {"desk", "chief"}
    assert HeldRequest.objects.visible_to(desk).late(after).exists()


def test_one_decided_in_time_rings_never(contact):
    held = make.HeldRequestFactory(by=contact)
    reject_held(held, by=make.DeskFactory(unit=held.unit), reason="重复")
    assert ring_held(held.due_at + timedelta(days=1)) == {"held_rung": 0}


# --- replies ----------------------------------------------------------------------------------


def reply(issue, contact, name="note", sent=None, version=None, **values):
    return send_in(
        issue, name, by=contact, version=version or issue.version,
        values=values or {"note": "已补充"}, sent=sent or make.sent(),
    )  # fmt: skip


def test_a_reply_sent_twice_is_there_once(contact):
    issue = make.WorkingIssueFactory(enterprise=enterprise_of(contact))
    sent = make.sent()
    reply(issue, contact, sent=sent)
    reply(issue, contact, sent=sent)
    assert issue.events.filter(move="note").count() == 1


def test_too_many_replies_wait_and_none_is_written(contact, settings):
    settings.PORTAL_REPLIES_BY_ACCOUNT = 1
    issue = make.WorkingIssueFactory(enterprise=enterprise_of(contact))
    reply(issue, contact)
    with pytest.raises(Refused) as no:
        reply(issue, contact)
    assert no.value.code == "throttled"
    assert issue.events.filter(move="note").count() == 1


def test_so_many_files_an_hour(contact, settings):
    settings.PORTAL_FILES_BY_ACCOUNT = 2
    make.EvidenceFactory(by=contact)
    must_not_send_more_files(contact, 1, timezone.now())
    with pytest.raises(Refused):
        must_not_send_more_files(contact, 2, timezone.now())


@pytest.mark.parametrize("kind", ["hazard", "other", "service"])
def test_a_contact_disputes_whoever_closes_the_kind_and_it_goes_on_in_public(contact, kind):
    issue = make.ProposedIssueFactory(kind=kind, enterprise=enterprise_of(contact))
    due = issue.resolve_due_at
    issue = reply(issue, contact, "dispute", reason="门还是锁不上")
    # Where its word alone closes the line, the clock stood still until it came.
    assert issue.stage == "working"
    assert due <= issue.resolve_due_at < due + timedelta(minutes=1)
    assert (issue.resolve_due_at == due) or kind == "service"
    event = issue.events.last()
    assert (event.move, event.public, event.text) == ("dispute", True, "门还是锁不上")
    assert issue.close_outs.get().outcome == "returned"
    assert Notice.objects.filter(recipient=issue.handler, kind="issue.dispute").exists()
    # It can be proposed again.
    files = make.proofs_for(issue, issue.handler)
    VERBS["propose"](issue, by=issue.handler, version=issue.version, summary="换锁", files=files)


def test_a_contact_does_not_return_between_colleagues(contact):
    issue = make.ProposedIssueFactory(kind="service", enterprise=enterprise_of(contact))
    with pytest.raises(Refused) as no:
        VERBS["return"](issue, by=contact, version=issue.version, reason="不")
    assert no.value.code == "not_allowed"


def test_old_submissions_are_forgotten(contact, settings):
    ask_for(contact)
    later = timezone.now() + timedelta(days=settings.PORTAL_KEEP_SUBMISSIONS_DAYS)
    assert forget_old_submissions(later - timedelta(days=1)) == {"submissions": 0}
    assert forget_old_submissions(later + timedelta(days=1)) == {"submissions": 1}
    assert Issue.objects.count() == 1


def test_an_id_is_the_persons_own(contact):
    other = make.ContactUserFactory(enterprise=enterprise_of(contact))
    one = uuid.uuid4()
    first = ask_for(contact, "甲", sent=make.sent(client_id=one))
    assert ask_for(other, "乙", sent=make.sent(client_id=one)) != first
