"""Sending: back-off, leases, rows that cannot be sent, and what a failure looks like."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from liaison.accounts.models import User
from liaison.core.refused import Conflict, Refused
from liaison.notices.actions import choose_channels, retry_delivery
from liaison.notices.delivering import BACK_OFF, LEASE, _put_off, _take, deliver
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


def test_a_result_that_comes_after_the_lease_does_not_undo_anothers(sink, officer):
    """Slower than its lease: another has sent it meanwhile, and that stands."""
    delivery = told(officer)

    def another_sends_it():
        Delivery.objects.filter(pk=delivery.pk).update(
            state="sent", attempts=2, due_at=None, sent_at=START
        )

    # The row is read before the message is made: where the slow process waits.
    late = Delivery.objects.select_related("notice__recipient").get(pk=delivery.pk)
    late.attempts = 1
    another_sends_it()
    _put_off([late], "TimeoutError", Choice(person=officer), timezone.now())
    delivery.refresh_from_db()
    assert (delivery.state, delivery.sent_at, delivery.last_error) == ("sent", START, "")


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


# --- several to one person --------------------------------------------------------------------


def test_what_waited_together_goes_as_one_message(sink, officer):
    waiting = [told(officer) for _ in range(40)]
    other = told(make.reachable(make.OfficerFactory()))
    assert deliver() == {"sent": 41}
    assert sink.taken == [
        (officer.email, waiting[0].message_id),
        (other.notice.recipient.email, other.message_id),
    ]
    assert deliver() == {}
    assert Delivery.objects.filter(state="sent", due_at=None).exclude(sent_at=None).count() == 41


def test_one_message_of_several_names_them_and_nothing_confidential(configured, officer):
    told(officer, title="走访到期", text="今天", url="/visits/")
    told(officer, title="铝锭失窃线索", text="仓库", url="/issues/LSL-9/", confidential=True)
    deliver()
    [sent] = mail.outbox
    assert "走访到期" in sent.subject
    assert "https://liaison.example/visits/" in sent.body
    for words in ("失窃", "仓库", "LSL-9"):
        assert words not in sent.subject + sent.body


def test_several_that_were_refused_together_go_alone_from_then_on(sink, officer):
    sink.refuses.add(officer.email)
    with time_machine.travel(START, tick=False) as clock:
        waiting = [told(officer) for _ in range(3)]
        assert deliver() == {"pending": 3}
        assert {one.attempts for one in Delivery.objects.all()} == {1}
        assert all("no such mailbox" in one.last_error for one in Delivery.objects.all())
        assert set(Delivery.objects.put_off()) == set(waiting)
        sink.refuses.clear()
        clock.shift(BACK_OFF[0])
        late = told(officer)
        assert deliver() == {"sent": 4}
    ids = [message_id for _to, message_id in sink.taken]
    assert ids == [one.message_id for one in [*waiting, late]]


def test_one_that_cannot_be_sent_does_not_hold_up_what_came_with_it(sink, officer, settings):
    """Said by the mail server of what stands in it: the others arrive at the second attempt."""
    sink.dislikes = "毒"
    with time_machine.travel(START, tick=False) as clock:
        poisoned, good = told(officer, title="毒"), told(officer)
        assert deliver() == {"pending": 2}
        clock.shift(BACK_OFF[0])
        assert deliver() == {"pending": 1, "sent": 1}
    assert sink.taken == [(officer.email, good.message_id)]
    poisoned.refresh_from_db()
    assert (poisoned.state, poisoned.attempts) == ("pending", 2)


def test_what_was_lost_with_its_process_is_the_same_message_again(sink, officer):
    with time_machine.travel(START, tick=False) as clock:
        waiting = [told(officer) for _ in range(3)]
        taken = _take([one.pk for one in waiting], timezone.now())
        assert [one.pk for one in taken] == [one.pk for one in waiting]
        # The process is killed here. Meanwhile something else comes.
        since = told(officer)
        assert deliver() == {"sent": 1}
        clock.shift(LEASE)
        assert deliver() == {"sent": 3}
    ids = [message_id for _to, message_id in sink.taken]
    assert ids == [since.message_id, waiting[0].message_id]


def test_those_that_went_with_one_nobody_came_back_from_go_alone(sink, officer):
    waiting = [told(officer) for _ in range(3)]
    _take([one.pk for one in waiting], timezone.now())
    attempts = len(BACK_OFF) + 1
    Delivery.objects.filter(state="leased").update(attempts=attempts, due_at=timezone.now())
    assert deliver() == {"failed": 1, "pending": 2}
    assert deliver() == {"sent": 2}
    assert [message_id for _to, message_id in sink.taken] == [one.message_id for one in waiting[1:]]


# --- quiet hours and digests ------------------------------------------------------------------

NIGHT = datetime(2026, 3, 2, 15, tzinfo=UTC)  # 23:00 in China
MORNING = datetime(2026, 3, 2, 22, tzinfo=UTC)  # 06:00 of the day after, in UTC the day before


def chooses(officer, **wishes):
    choose_channels(officer, address=officer.email, by={"email"}, **wishes)


def test_nothing_is_sent_in_quiet_hours_and_what_came_is_one_message_after(sink, officer):
    chooses(officer, quiet=(time(22), time(6)))
    with time_machine.travel(NIGHT, tick=False) as clock:
        for _ in range(3):
            assert told(officer).due_at == MORNING
        assert deliver() == {}
        clock.move_to(MORNING - timedelta(seconds=1))
        assert deliver() == {}
        clock.move_to(MORNING)
        assert deliver() == {"sent": 3}
    assert len(sink.taken) == 1


def test_quiet_hours_that_were_chosen_since_hold_too(sink, officer):
    with time_machine.travel(NIGHT, tick=False) as clock:
        delivery = told(officer)
        chooses(officer, quiet=(time(22), time(6)))
        assert deliver() == {"waiting": 1}
        delivery.refresh_from_db()
        assert (delivery.due_at, delivery.attempts) == (MORNING, 0)
        clock.move_to(MORNING)
        assert deliver() == {"sent": 1}


def test_a_retry_waits_for_the_end_of_quiet_hours(sink, officer):
    chooses(officer, quiet=(time(23), time(6)))
    sink.refuses.add(officer.email)
    with time_machine.travel(NIGHT - timedelta(seconds=30), tick=False):
        delivery = told(officer)
        assert deliver() == {"pending": 1}
    delivery.refresh_from_db()
    assert delivery.due_at == MORNING


def test_a_day_in_one_message(sink, officer):
    chooses(officer, digest_at=time(6))
    with time_machine.travel(NIGHT, tick=False) as clock:
        told(officer)
        clock.shift(timedelta(hours=2))
        told(officer)
        assert deliver() == {}
        clock.move_to(MORNING)
        assert deliver() == {"sent": 2}
    assert len(sink.taken) == 1


def test_a_sweep_that_plays_another_day_stamps_that_day(configured, officer):
    delivery = told(officer)
    later = timezone.now() + timedelta(days=3)
    deliver(later)
    delivery.refresh_from_db()
    assert delivery.sent_at == later
