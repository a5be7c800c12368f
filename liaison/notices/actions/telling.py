"""Telling people, and that they have read it."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from liaison.accounts.models import User
from liaison.notices.channels import email
from liaison.notices.models import (
    Channel,
    Choice,
    Delivery,
    Notice,
    UnitChannel,
    open_to,
)
from liaison.notices.sending_times import when_to_send
from liaison.notices.tasks import wake

TITLE_MAX = 200


@transaction.atomic
def notify(
    recipients: Iterable[User],
    *,
    occasion: str,
    kind: str,
    title: str,
    text: str,
    url: str,
    by: User | None = None,
    confidential: bool = False,
    now: datetime | None = None,
) -> None:
    """Tell these people, each once for this occasion.

    Called inside the transaction of whatever happened, so that a deed undone tells nobody. Nobody
    is told of their own deed, nor is anybody who has left. ``text`` may have several lines;
    ``url`` is a path of ours, or empty for the notice's own page; what is ``confidential`` is read
    here only, never elsewhere. ``now`` is the sweep's, where a sweep tells.
    """
    if url and not url.startswith("/"):
        raise ValueError(f"{url!r} is no path of ours")
    wanted = {person.pk for person in recipients} - {by.pk if by else None}
    people = User.objects.active().filter(pk__in=wanted)
    told_before = Notice.objects.filter(occasion=occasion, recipient__in=wanted)
    # Whoever chose a channel since is not sent what lies in the inbox already.
    people = people.exclude(pk__in=told_before.values("recipient"))
    people = people.select_related("notice_choice", "unit").order_by("pk")
    fresh = {person.pk: person for person in people}
    now = now or timezone.now()
    Notice.objects.bulk_create(
        [
            Notice(
                recipient=person,
                occasion=occasion,
                kind=kind,
                title=one_line(title),
                text=text,
                url=url,
                confidential=confidential,
                unit_id=person.unit_id,
                made_at=now,
            )
            for person in fresh.values()
        ],
        # Somebody else may be telling them of the same thing at this moment.
        ignore_conflicts=True,
    )
    _send_out(occasion, fresh, now)


def one_line(title: str) -> str:
    """A title fits its column and the subject of a message."""
    return " ".join(title.split())[:TITLE_MAX]


def _send_out(occasion: str, people: Mapping[int, User], now: datetime) -> None:
    serving = UnitChannel.objects.serving(one.unit for one in people.values() if one.unit)
    ways = {
        pk: dict(_ways(person, serving.get(person.unit_id or 0, {}), now))
        for pk, person in people.items()
    }
    if not any(ways.values()):
        return
    told = Notice.objects.filter(occasion=occasion, recipient__in=[pk for pk in ways if ways[pk]])
    Delivery.objects.bulk_create(
        [
            Delivery(notice_id=pk, channel=channel, due_at=due_at)
            for pk, recipient in told.order_by("pk").values_list("pk", "recipient")
            for channel, due_at in ways[recipient].items()
        ],
        ignore_conflicts=True,
    )
    # Robust: what was done is done, whatever has become of the broker.
    transaction.on_commit(wake, robust=True)


def _ways(
    person: User, serving: Mapping[str, UnitChannel], now: datetime
) -> Iterator[tuple[str, datetime]]:
    """By which channels a person is told, and when each may go."""
    chosen = getattr(person, "notice_choice", None) or Choice(person=person)
    for channel in open_to(person):
        there = email.is_configured() if channel == Channel.EMAIL else channel in serving
        if there and chosen.reaches(person, channel):
            yield channel, when_to_send(now, chosen.times)
    # Of its own people; what an enterprise's contact is told is the contact's.
    if Channel.WEBHOOK in serving and not person.is_contact:
        yield Channel.WEBHOOK, now


def mark_read(notice: Notice, *, by: User, now: datetime | None = None) -> None:
    """Reading twice is no different from reading once."""
    mine = Notice.objects.visible_to(by).unread()
    mine.filter(pk=notice.pk).update(read_at=now or timezone.now())


def mark_all_read(*, by: User, until: datetime, now: datetime | None = None) -> int:
    """All that had come by then; what has come since has not been seen."""
    seen = Notice.objects.visible_to(by).unread().filter(made_at__lte=until)
    return seen.update(read_at=now or timezone.now())
