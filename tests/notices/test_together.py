"""What goes as one message, when it waits for its hour, and what falls apart again."""

from datetime import UTC, datetime, time, timedelta

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from liaison.notices.actions import choose_channels
from liaison.notices.delivering import BACK_OFF, LEASE, _take, deliver
from liaison.notices.models import Delivery
from tests import factories as make

START = datetime(2026, 3, 2, 1, tzinfo=UTC)


@pytest.fixture
def officer(db):
    return make.reachable(make.OfficerFactory())


def told(officer, **more):
    return make.NoticeFactory(recipient=officer, **more).deliveries.get()


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


@pytest.mark.parametrize(
    "wishes", [{"quiet": (time(22), time(6))}, {"digest_at": time(6)}], ids=["quiet", "digest"]
)
def test_a_clock_set_back_sends_nothing_twice_and_nothing_early(sink, officer, wishes):
    chooses(officer, **wishes)
    with time_machine.travel(NIGHT, tick=False) as clock:
        first = told(officer)
        clock.move_to(MORNING)
        assert deliver() == {"sent": 1}
        waits = told(officer)
        clock.move_to(NIGHT)
        assert deliver() == {}
        clock.move_to(MORNING)
        assert deliver() == {"sent": 1}
        assert deliver() == {}
    assert [message_id for _to, message_id in sink.taken] == [first.message_id, waits.message_id]


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
