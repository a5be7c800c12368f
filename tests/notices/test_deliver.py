"""Sending: back-off, leases, rows that cannot be sent, and what a failure looks like."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail
from django.utils import timezone

from liaison.accounts.models import User
from liaison.core.refused import Conflict, Refused
from liaison.notices.actions import choose_channels, retry_delivery
from liaison.notices.channels.addresses import PATIENCE
from liaison.notices.delivering import BACK_OFF, LEASE, _put_off, deliver
from liaison.notices.models import Choice, Delivery
from tests import factories as make

START = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def officer(db):
    return make.reachable(make.OfficerFactory())


def told(officer, **more):
    return make.NoticeFactory(recipient=officer, **more).deliveries.get()


def test_what_is_sent(configured, officer, mailoutbox):
    delivery = told(officer, title="转给你：示例", text="某某\n说明", url="/issues/LSL-2026-0001/")
    assert deliver() == {"sent": 1}
    [sent] = mailoutbox
    assert sent.to == [officer.email]
    assert "转给你：示例" in sent.subject
    assert "某某\n说明" in sent.body
    assert "https://liaison.example/issues/LSL-2026-0001/" in sent.body
    assert sent.extra_headers["Message-ID"] == delivery.message_id
    delivery.refresh_from_db()
    assert (delivery.state, delivery.due_at, delivery.last_error) == ("sent", None, "")
    assert delivery.sent_at is not None
    assert deliver() == {}
    assert len(mailoutbox) == 1


def test_what_is_confidential_does_not_leave_the_house(configured, officer, mailoutbox):
    told(officer, title="铝锭失窃线索", text="仓库", url="/issues/LSL-9/", confidential=True)
    deliver()
    [sent] = mailoutbox
    for words in ("失窃", "仓库", "LSL-9"):
        assert words not in sent.subject + sent.body


@pytest.mark.django_db
def test_a_server_that_has_no_mail_server_any_more_says_so(configured, settings, officer):
    delivery = told(officer)
    settings.EMAIL_URL = ""
    assert deliver() == {"pending": 1}
    delivery.refresh_from_db()
    assert "EMAIL_URL" in delivery.last_error
    assert delivery.sent_at is None


def test_one_row_that_cannot_be_sent_holds_up_no_other(sink, officer):
    others = [make.reachable(make.OfficerFactory()) for _ in range(3)]
    people = [others[0], officer, *others[1:]]
    sink.refuses.add(officer.email)
    for person in people:
        told(person)
    assert deliver() == {"sent": 3, "pending": 1}
    assert [to for to, _id in sink.taken] == [one.email for one in others]
    refused = Delivery.objects.get(state="pending")
    assert refused.notice.recipient == officer
    assert "no such mailbox" in refused.last_error


def test_it_is_tried_again_less_and_less_often_and_then_it_has_failed(sink, officer):
    sink.refuses.add(officer.email)
    with time_machine.travel(START, tick=False) as clock:
        delivery = told(officer)
        waits = []
        for _ in range(len(BACK_OFF)):
            assert deliver() == {"pending": 1}
            assert deliver() == {}, "not before its time"
            delivery.refresh_from_db()
            waits.append(delivery.due_at - timezone.now())
            clock.shift(waits[-1] - timedelta(seconds=1))
            assert deliver() == {}, "not a second before its time"
            clock.shift(1)
        assert [wait.total_seconds() / 60 for wait in waits] == [1, 5, 15, 60, 360]
        assert deliver() == {"failed": 1}
        clock.shift(timedelta(days=30))
        assert deliver() == {}
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == ("failed", 6)
    assert "no such mailbox" in delivery.last_error
    assert set(Delivery.objects.failed()) == {delivery}


def test_a_failure_is_seen_and_tried_again_by_the_system_administrator(sink, officer):
    failed = make.FailedDeliveryFactory(notice__recipient=officer)
    admin = make.DeskFactory(unit=officer.unit, admin_duty=User.AdminDuty.SYSTEM)
    elsewhere = make.DeskFactory(admin_duty=User.AdminDuty.SYSTEM)
    assert set(Delivery.objects.visible_to(admin)) == {failed}
    assert not Delivery.objects.visible_to(elsewhere)
    with pytest.raises(Refused):
        retry_delivery(failed, by=make.ChiefFactory(unit=officer.unit))
    with pytest.raises(Conflict):
        retry_delivery(failed, by=elsewhere)
    assert deliver() == {}
    retry_delivery(failed, by=admin)
    with pytest.raises(Conflict):
        retry_delivery(failed, by=admin)
    assert deliver() == {"sent": 1}
    assert sink.taken == [(officer.email, failed.message_id)]


def test_a_lease_that_ran_out_is_taken_again_with_the_same_message_id(sink, officer):
    with time_machine.travel(START, tick=False) as clock:
        delivery = told(officer)
        # As a process leaves it that was killed while it was sending.
        Delivery.objects.update(state="leased", attempts=1, due_at=timezone.now() + LEASE)
        clock.shift(LEASE - timedelta(seconds=1))
        assert deliver() == {}
        clock.shift(1)
        assert deliver() == {"sent": 1}
    assert sink.taken == [(officer.email, delivery.message_id)]


def test_a_row_that_nobody_comes_back_from_fails_in_the_end(sink, officer):
    """Whatever kills the process that touches it does not kill one every five minutes for ever."""
    delivery = told(officer)
    attempts = len(BACK_OFF) + 1
    Delivery.objects.update(state="leased", attempts=attempts, due_at=timezone.now())
    assert deliver() == {"failed": 1}
    assert not sink.taken
    delivery.refresh_from_db()
    assert delivery.last_error


@pytest.mark.parametrize(
    "anothers",
    [
        {"state": "sent", "due_at": None, "sent_at": START},
        {"state": "leased", "due_at": START, "sent_at": None},
    ],
    ids=["has sent it", "is sending it"],
)
def test_a_result_that_comes_after_the_lease_does_not_undo_anothers(sink, officer, anothers):
    """Slower than its lease: another has the row meanwhile, and that stands (failure 16)."""
    delivery = told(officer)
    # The row is read before the message is made: where the slow process waits.
    late = Delivery.objects.select_related("notice__recipient").get(pk=delivery.pk)
    late.attempts = 1
    Delivery.objects.filter(pk=delivery.pk).update(attempts=2, **anothers)
    _put_off([late], "TimeoutError", Choice(person=officer), timezone.now())
    delivery.refresh_from_db()
    assert {name: getattr(delivery, name) for name in anothers} == anothers
    assert delivery.last_error == ""


def test_a_lease_outlives_what_it_is_for():
    """Failure 16: nobody else takes a row while its message is still being sent."""
    longest = max(settings.EMAIL_TIMEOUT, 2 * PATIENCE)
    assert timedelta(seconds=5 * longest) < LEASE


@pytest.mark.parametrize("why", ["left", "turned it off", "no address"])
def test_it_is_not_sent_to_somebody_who_no_longer_wants_it(sink, officer, why):
    delivery = told(officer)
    match why:
        case "left":
            User.objects.filter(pk=officer.pk).update(is_active=False)
        case "turned it off":
            choose_channels(officer, address=officer.email, by=())
        case "no address":
            choose_channels(officer, address="", by=())
    assert deliver() == {"dropped": 1}
    assert not sink.taken
    delivery.refresh_from_db()
    assert (delivery.state, delivery.due_at) == ("dropped", None)


def test_it_goes_to_the_address_that_holds_when_it_is_sent(sink, officer):
    told(officer)
    choose_channels(officer, address="new@station.example", by={"email"})
    deliver()
    assert [to for to, _id in sink.taken] == ["new@station.example"]


def test_a_sweep_at_another_time_sends_what_is_due_then(configured, officer):
    told(officer)
    Delivery.objects.update(due_at=timezone.now() + timedelta(days=2))
    assert deliver() == {}
    assert deliver(now=timezone.now() + timedelta(days=3)) == {"sent": 1}
    assert len(mail.outbox) == 1


def test_a_sweep_takes_no_more_than_its_limit_the_longest_due_first(sink, db):
    deliveries = [told(make.reachable(make.OfficerFactory())) for _ in range(4)]
    for n, delivery in enumerate(reversed(deliveries)):
        earlier = timezone.now() - timedelta(hours=4 - n)
        Delivery.objects.filter(pk=delivery.pk).update(due_at=earlier)
    assert deliver(limit=3) == {"sent": 3}
    expected = [one.message_id for one in reversed(deliveries)][:3]
    assert [message_id for _to, message_id in sink.taken] == expected
