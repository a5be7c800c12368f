"""Verbs on notices: telling people, reading, choosing channels, trying a delivery again."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.accounts.models import User
from liaison.accounts.people import set_email
from liaison.core.refused import Conflict, Refused
from liaison.notices import email
from liaison.notices.models import Choice, Delivery, Notice
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
    # Whoever chose e-mail since is not sent what lies in the inbox already.
    people = people.exclude(pk__in=told_before.values("recipient"))
    fresh = {person.pk: person for person in people.select_related("notice_choice")}
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
    _send_out(occasion, [pk for pk, person in fresh.items() if _by_email(person)], now)


def one_line(title: str) -> str:
    """A title fits its column and the subject of a message."""
    return " ".join(title.split())[:TITLE_MAX]


def _by_email(person: User) -> bool:
    chosen = getattr(person, "notice_choice", None)
    return bool(person.email and chosen and chosen.by_email and email.is_configured())


def _send_out(occasion: str, people: list[int], now: datetime) -> None:
    if not people:
        return
    told = Notice.objects.filter(occasion=occasion, recipient__in=people)
    Delivery.objects.bulk_create(
        [
            Delivery(notice_id=pk, channel=Delivery.Channel.EMAIL, due_at=now)
            for pk in told.values_list("pk", flat=True)
        ],
        ignore_conflicts=True,
    )
    # Robust: what was done is done, whatever has become of the broker.
    transaction.on_commit(wake, robust=True)


def mark_read(notice: Notice, *, by: User, now: datetime | None = None) -> None:
    """Reading twice is no different from reading once."""
    mine = Notice.objects.visible_to(by).unread()
    mine.filter(pk=notice.pk).update(read_at=now or timezone.now())


def mark_all_read(*, by: User, until: datetime) -> int:
    """All that had come by then; what has come since has not been seen."""
    seen = Notice.objects.visible_to(by).unread().filter(made_at__lte=until)
    return seen.update(read_at=timezone.now())


@transaction.atomic
def choose_channels(user: User, *, address: str, by_email: bool) -> None:
    """What one wants sent, and where to."""
    if by_email and not address:
        raise Refused("missing", _("Say to which address."), field="address")
    if address != user.email:
        set_email(user, address, by=user)
    Choice.objects.update_or_create(person=user, defaults={"by_email": by_email})


def retry_delivery(delivery: Delivery, *, by: User) -> None:
    """Begin again with one that has failed, all attempts anew."""
    if by.admin_duty != User.AdminDuty.SYSTEM:
        raise Refused("not_yours", _("Only the unit's system administrator may do this."))
    failed = Delivery.objects.visible_to(by).failed().filter(pk=delivery.pk)
    again = Delivery.objects.filter(pk__in=failed.values("pk"))
    if not again.update(
        state=Delivery.State.PENDING, attempts=0, failed_at=None, due_at=timezone.now()
    ):
        raise Conflict("stale", _("This delivery is being sent again already."))
    transaction.on_commit(wake, robust=True)
