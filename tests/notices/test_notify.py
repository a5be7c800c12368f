"""Who is told, once, and what becomes of it in the inbox."""

import pytest
from celery.signals import before_task_publish
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone

from liaison.accounts.models import User
from liaison.notices.actions import mark_all_read, mark_read, notify
from liaison.notices.models import Choice, Delivery, Mention, Notice
from tests import factories as make
from tests.races.threads import all_at_once

SAID = {"kind": "test", "title": "示例", "text": "说明", "url": "/issues/"}


@pytest.mark.django_db
def test_each_is_told_once_for_one_occasion():
    first, second = make.OfficerFactory(), make.OfficerFactory()
    notify([first, first], occasion="a", **SAID)
    notify([first, second], occasion="a", **SAID | {"title": "后来"})
    notify([first], occasion="b", **SAID)
    told = Notice.objects.order_by("recipient", "occasion")
    assert [(one.recipient, one.occasion, one.title) for one in told] == [
        (first, "a", "示例"), (first, "b", "示例"), (second, "a", "后来"),
    ]  # fmt: skip
    assert {one.unit for one in told} == {first.unit, second.unit}


@pytest.mark.django_db
def test_neither_the_actor_nor_anybody_who_has_left_is_told():
    actor, there = make.OfficerFactory(), make.OfficerFactory()
    gone = make.OfficerFactory(is_active=False)
    notify([actor, there, gone], occasion="a", by=actor, **SAID)
    assert [one.recipient for one in Notice.objects.all()] == [there]


@pytest.mark.django_db
def test_a_deed_undone_tells_nobody():
    officer = make.OfficerFactory()
    with transaction.atomic():
        notify([officer], occasion="a", **SAID)
        assert Notice.objects.exists()
        transaction.set_rollback(True)
    assert not Notice.objects.exists()
    notify([officer], occasion="a", **SAID)
    assert Notice.objects.count() == 1


@pytest.mark.django_db
def test_a_deed_undone_wakes_no_worker(configured, django_capture_on_commit_callbacks):
    """Failure 11: nothing is put into the queue before it is certain."""
    officer = make.reachable(make.OfficerFactory())
    sent = []

    def note(sender, **_more):
        sent.append(sender)

    before_task_publish.connect(note)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        notify([officer], occasion="a", **SAID)
        transaction.set_rollback(True)
    assert sent == []
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        notify([officer], occasion="a", **SAID)
        assert sent == []
    assert sent == ["liaison.notices.tasks.deliver_due"]
    before_task_publish.disconnect(note)


@pytest.mark.django_db
def test_what_was_said_cannot_be_changed_but_it_can_be_read():
    notice = make.NoticeFactory()
    other = make.OfficerFactory()
    changes = {
        "title": "x", "text": "x", "url": "/x", "kind": "x", "occasion": "x", "recipient": other,
        "unit": other.unit, "made_at": timezone.now(), "confidential": True,
    }  # fmt: skip
    for name, value in changes.items():
        with pytest.raises(DatabaseError), transaction.atomic():
            Notice.objects.filter(pk=notice.pk).update(**{name: value})
    mark_read(notice, by=notice.recipient)
    read = Notice.objects.get(pk=notice.pk)
    assert read.read_at is not None
    assert set(changes) | {"id", "read_at"} == {field.name for field in Notice._meta.fields}


@pytest.mark.django_db
def test_it_is_read_by_its_recipient_alone_and_the_first_time_counts():
    notice = make.NoticeFactory()
    mark_read(notice, by=make.ChiefFactory(unit=notice.recipient.unit))
    assert Notice.objects.unread().count() == 1
    mark_read(notice, by=notice.recipient)
    first = Notice.objects.get().read_at
    mark_read(notice, by=notice.recipient)
    assert Notice.objects.get().read_at == first


@pytest.mark.django_db
def test_all_that_was_seen_is_read_and_what_came_after_is_not():
    seen = make.NoticeFactory()
    until = timezone.now()
    since = make.NoticeFactory(recipient=seen.recipient)
    another = make.NoticeFactory()
    mark_all_read(by=seen.recipient, until=until)
    assert set(Notice.objects.unread()) == {since, another}


@pytest.mark.django_db
def test_an_address_elsewhere_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="no path"):
        notify([make.OfficerFactory()], occasion="a", **SAID | {"url": "https://elsewhere"})


@pytest.mark.django_db
def test_a_title_is_one_line_of_bounded_length():
    notice = make.NoticeFactory(title="一\r\nBcc: x@y.example\t" + "二" * 300)
    assert notice.title.startswith("一 Bcc: x@y.example 二")
    assert len(notice.title) == 200


# --- by e-mail as well ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "chose", "sent"),
    [("a@b.example", True, 1), ("a@b.example", False, 0), ("", True, 0)],
)
@pytest.mark.django_db
def test_by_email_to_those_with_an_address_who_chose_it(configured, address, chose, sent):
    officer = make.OfficerFactory(email=address)
    Choice.objects.create(person=officer, by_email=chose)
    notify([officer], occasion="a", **SAID)
    assert (Notice.objects.count(), Delivery.objects.count()) == (1, sent)


@pytest.mark.django_db
def test_one_who_chose_nothing_silences_no_other(configured):
    """Failure 9."""
    first, bare, last = (make.OfficerFactory() for _ in range(3))
    for one in (first, last):
        make.reachable(one)
    nowhere = User.objects.create_superuser("root")
    assert not Choice.objects.filter(person__in=[bare, nowhere]).exists()
    notify([first, bare, nowhere, last], occasion="a", **SAID)
    assert set(Notice.objects.values_list("recipient", flat=True)) == {
        first.pk, bare.pk, nowhere.pk, last.pk,
    }  # fmt: skip
    sent_to = Delivery.objects.values_list("notice__recipient", flat=True)
    assert set(sent_to) == {first.pk, last.pk}


@pytest.mark.django_db
def test_without_a_mail_server_nothing_waits_to_be_sent(settings):
    settings.EMAIL_URL = ""
    notify([make.reachable(make.OfficerFactory())], occasion="a", **SAID)
    assert (Notice.objects.count(), Delivery.objects.count()) == (1, 0)


@pytest.mark.parametrize("read", [False, True])
@pytest.mark.django_db
def test_whoever_chooses_email_later_is_not_sent_what_lies_in_the_inbox(configured, read):
    """Failure 2: nor what they have read and put aside."""
    officer = make.OfficerFactory()
    notify([officer], occasion="a", **SAID)
    if read:
        mark_read(Notice.objects.get(), by=officer)
    make.reachable(officer)
    notify([officer], occasion="a", **SAID)
    assert not Delivery.objects.exists()
    assert Notice.objects.unread().count() == (not read)
    notify([officer], occasion="b", **SAID)
    assert Delivery.objects.get().notice.occasion == "b"


# --- many at once -----------------------------------------------------------------------------


@pytest.mark.django_db
def test_the_tables_themselves_hold_each_occasion_once(configured):
    """Failure 1: whoever looks first and writes then is stopped by the second's writing."""
    notice = make.NoticeFactory(recipient=make.reachable(make.OfficerFactory()))
    key = {"recipient": notice.recipient, "occasion": notice.occasion}
    Mention.objects.create(**key)
    delivery = notice.deliveries.get()
    for second in (
        Notice(**key, kind="test"),
        Mention(**key),
        Delivery(notice=notice, channel=delivery.channel, due_at=delivery.due_at),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            second.save(force_insert=True)


@pytest.mark.races
@pytest.mark.django_db(transaction=True)
def test_one_notice_and_one_delivery_however_many_tell_it_at_once(configured):
    people = [make.reachable(make.OfficerFactory()) for _ in range(3)]

    def tell():
        # As the actions do, and each with people of its own reading.
        with transaction.atomic():
            fresh = User.objects.filter(pk__in=[one.pk for one in people])
            notify(fresh, occasion="a", **SAID)

    all_at_once([tell] * 16)
    assert sorted(Notice.objects.values_list("recipient", flat=True)) == [one.pk for one in people]
    assert Delivery.objects.count() == 3
