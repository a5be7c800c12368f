"""Sending what is due: lease, send, record.

The database decides who sends what: a row is taken by a conditional UPDATE, so that any number of
processes may sweep at once. A process that dies with a row leaves its lease to run out; the next
sweep sends it again, with the Message-ID it had. Twice, then, is possible only where a process
died between the server's answer and its own record; never is not.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db.models import F
from django.utils import timezone

from liaison.notices import email
from liaison.notices.models import Delivery, wants_email

logger = logging.getLogger(__name__)

# After each attempt in vain; after the last of them it has failed, and people look at it.
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=60),
    timedelta(hours=6),
)
# Far longer than one message takes (EMAIL_TIMEOUT), well below what people would notice.
LEASE = timedelta(minutes=5)
# A sweep ends in time for the next; what it has not reached is still due.
SWEEP = timedelta(seconds=45)

State = Delivery.State


def deliver(now: datetime | None = None, *, limit: int = 500) -> Counter[str]:
    """Send what is due, the longest due first; how many came to which state.

    ``now`` is for whoever plays another day; sweeps go by the clock. Whatever goes wrong with one
    row is written on that row and holds up no other.
    """
    clock: Callable[[], datetime] = (lambda: now) if now else timezone.now
    until = time.monotonic() + SWEEP.total_seconds()
    came_to: Counter[str] = Counter()
    due = Delivery.objects.all().due(clock()).order_by("due_at", "id")
    for pk in list(due.values_list("pk", flat=True)[:limit]):
        if time.monotonic() > until:
            break
        if delivery := _take(pk, clock()):
            came_to[_send(delivery, clock)] += 1
    return came_to


def _take(pk: int, now: datetime) -> Delivery | None:
    """The row, if it is still due and nobody else has just taken it."""
    still = Delivery.objects.filter(pk=pk).due(now)
    if not still.update(state=State.LEASED, due_at=now + LEASE, attempts=F("attempts") + 1):
        return None
    rows = Delivery.objects.select_related("notice__recipient")
    return rows.get(pk=pk)


def _send(delivery: Delivery, clock: Callable[[], datetime]) -> str:
    if delivery.attempts > len(BACK_OFF) + 1:
        # Nobody came back from the last attempt either: not one more process for this row.
        error = delivery.last_error or "No process that took it has come back."
        return _record(delivery, State.FAILED, failed_at=clock(), last_error=error)
    person = delivery.notice.recipient
    if not person.is_active or not wants_email(person):
        return _record(delivery, State.DROPPED)
    try:
        email.send_notice(delivery.notice, person.email, delivery.message_id)
    except Exception as error:  # of any kind: it is the row's, and the row says so
        logger.warning("delivery %s, attempt %s: %r", delivery.pk, delivery.attempts, error)
        return _put_off(delivery, f"{type(error).__name__}: {error}", clock())
    return _record(delivery, State.SENT, sent_at=clock(), last_error="")


def _put_off(delivery: Delivery, error: str, now: datetime) -> str:
    said = error[:500].replace("\0", "")
    if delivery.attempts > len(BACK_OFF):
        return _record(delivery, State.FAILED, failed_at=now, last_error=said)
    due_at = now + BACK_OFF[delivery.attempts - 1]
    return _record(delivery, State.PENDING, due_at=due_at, last_error=said)


def _record(
    delivery: Delivery, state: str, *, due_at: datetime | None = None, **changes: Any
) -> str:
    """Write the result, unless the lease ran out meanwhile and another has the row."""
    mine = Delivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, state=State.LEASED)
    if not mine.update(state=state, due_at=due_at, **changes):
        logger.warning("delivery %s took longer than its lease", delivery.pk)
    return state
