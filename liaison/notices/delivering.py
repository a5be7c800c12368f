"""Sending what is due: lease, send, record.

The database decides who sends what: a row is taken by a conditional UPDATE, so that any number of
processes may sweep at once. What is due to one person by one channel of one unit and was never
tried goes as one message: the first row is leased and the others join it. A process that dies with
a row leaves its lease to run out; the next sweep sends the same message again, with the Message-ID
it had. Twice, then, is possible only where a process died between the server's answer and its own
record; never is not. What was tried in vain goes alone from then on, so that one that cannot be
sent holds up no other.
"""

import logging
import time
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation

from liaison.notices.channels import email, units
from liaison.notices.channels.addresses import scrubbed
from liaison.notices.channels.failing import NotConfigured, NotSent, not_configured
from liaison.notices.channels.saying import piece_of
from liaison.notices.models import Channel, Choice, Delivery, UnitChannel, choice_of
from liaison.notices.sending_times import after_quiet

logger = logging.getLogger(__name__)

# After each attempt in vain; after the last of them it has failed, and people look at it.
BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(minutes=60),
    timedelta(hours=6),
)
# Far longer than one message takes (EMAIL_TIMEOUT, addresses.PATIENCE), well below what people
# would notice.
LEASE = timedelta(minutes=5)
# A sweep ends in time for the next; what it has not reached is still due.
SWEEP = timedelta(seconds=45)

State = Delivery.State
Clock = Callable[[], datetime]


def deliver(now: datetime | None = None, *, limit: int = 500) -> Counter[str]:
    """Send what is due, the longest due first; how many came to which state.

    With ``now``, the job's or of whoever plays another day, all of it happens at that moment, the
    leases too: a sweep is over long before they are. Without it each goes by the clock. Whatever
    goes wrong with the sending of a row is written on that row and holds up no other.
    """
    clock: Clock = (lambda: now) if now else timezone.now
    until = time.monotonic() + SWEEP.total_seconds()
    came_to: Counter[str] = Counter()
    due = Delivery.objects.all().due(clock()).order_by("due_at", "id")
    # A sweep's worth of rows in memory, without what the notices say.
    rows = due.values_list(
        "pk", "notice__recipient", "channel", "notice__unit", "attempts", "last_error"
    )
    with translation.override(settings.LANGUAGE_CODE):
        for together in _messages(rows[:limit]):
            if time.monotonic() > until:
                break
            came_to.update(_deliver(together, clock))
    return came_to


def _messages(rows: Iterable[tuple[int, int, str, int | None, int, str]]) -> list[list[int]]:
    """Which rows (by id, the lowest first) go as one message, in the order of their turns.

    What somebody was told at one unit is not read in the group of another, where they serve now.
    """
    together: dict[object, list[int]] = {}
    for pk, recipient, channel, unit, attempts, error in rows:
        alone = attempts or error or channel == Channel.WEBHOOK
        by_whom = None if channel == Channel.EMAIL else unit
        together.setdefault(pk if alone else (recipient, channel, by_whom), []).append(pk)
    return [sorted(pks) for pks in together.values()]


def _deliver(pks: Sequence[int], clock: Clock) -> dict[str, int]:
    first = Delivery.objects.select_related("notice__recipient", "notice__unit").get(pk=pks[0])
    choice = choice_of(first.notice.recipient)
    if first.channel != Channel.WEBHOOK:
        later = after_quiet(clock(), choice.times)
        if later > clock():
            # A lease that ran out is still one: it is sent again then as it was.
            waiting = Delivery.objects.filter(pk__in=pks).due(clock())
            return {"waiting": waiting.update(due_at=later)}
    taken = _take(pks, clock())
    return _send(taken, choice, clock) if taken else {}


def _take(pks: Sequence[int], now: datetime) -> list[Delivery]:
    """The first row, if it is still due and nobody else has just taken it, and those with it.

    One by one in the order of their ids: two processes never wait for each other in a circle.
    """
    lead, *others = pks
    with transaction.atomic():
        still = Delivery.objects.filter(pk=lead).due(now)
        # Whoever plays an earlier day holds it by the clock all the same, against those who sweep.
        held = max(now, timezone.now()) + LEASE
        if not still.update(state=State.LEASED, due_at=held, attempts=F("attempts") + 1):
            return []
        for pk in others:
            joining = Delivery.objects.untried().filter(pk=pk).due(now)
            joining.update(state=State.JOINED, due_at=None, goes_with=lead, attempts=1)
        rows = Delivery.objects.select_related("notice__recipient", "notice__unit")
        joined = rows.filter(goes_with=lead, state=State.JOINED).order_by("pk")
        return [rows.get(pk=lead), *joined]


def _send(taken: list[Delivery], choice: Choice, clock: Clock) -> dict[str, int]:
    lead = taken[0]
    if lead.attempts > len(BACK_OFF) + 1:
        # Nobody came back from the last attempt either: not one more process for this row.
        error = lead.last_error or "No process that took it has come back."
        return _record(taken, State.FAILED, clock(), failed_at=clock(), last_error=error)
    person = lead.notice.recipient
    wanted = person.is_active and choice.reaches(person, lead.channel)
    if not wanted and lead.channel != Channel.WEBHOOK:
        return _record(taken, State.DROPPED, clock())
    kept: UnitChannel | None = None
    try:
        if lead.channel != Channel.EMAIL:
            kept = _kept_for(lead)
        _send_by(kept, taken)
    except Exception as error:  # of any kind: it is the row's, and the row says so
        said = said_of(error, kept)
        logger.warning("delivery %s, attempt %s: %s", lead.pk, lead.attempts, said)
        return _put_off(taken, said, choice, clock())
    return _record(taken, State.SENT, clock(), sent_at=clock(), last_error="")


def _kept_for(delivery: Delivery) -> UnitChannel:
    """What the unit has for it where the person served when told."""
    unit = delivery.notice.unit
    serving = UnitChannel.objects.serving([unit])[unit.pk] if unit else {}
    if delivery.channel not in serving:
        raise not_configured(delivery.get_channel_display())
    return serving[delivery.channel]


def _send_by(kept: UnitChannel | None, taken: list[Delivery]) -> None:
    lead, pieces = taken[0], [piece_of(one.notice) for one in taken]
    person = lead.notice.recipient
    if kept is None:
        email.send(pieces, person.email, lead.message_id)
    elif lead.channel == Channel.WEBHOOK:
        units.send_to_webhook(kept, lead.notice)
    else:
        units.send(kept, pieces, person)


def said_of(error: Exception, kept: UnitChannel | None) -> str:
    """What went wrong, fit to be kept and shown: never with a unit's keys in it."""
    plain = isinstance(error, NotConfigured | NotSent)
    said = str(error) if plain else f"{type(error).__name__}: {error}"
    return (scrubbed(said, kept.url) if kept else said)[:500].replace("\0", "")


def _put_off(taken: list[Delivery], said: str, choice: Choice, now: datetime) -> dict[str, int]:
    lead = taken[0]
    if lead.attempts > len(BACK_OFF):
        return _record(taken, State.FAILED, now, failed_at=now, last_error=said)
    due_at = now + BACK_OFF[lead.attempts - 1]
    if lead.channel != Channel.WEBHOOK:
        due_at = after_quiet(due_at, choice.times)
    return _record(taken, State.PENDING, now, due_at=due_at, last_error=said)


def _record(
    taken: list[Delivery],
    state: str,
    now: datetime,
    *,
    due_at: datetime | None = None,
    **changes: Any,
) -> dict[str, int]:
    """Write the result, unless the lease ran out meanwhile and another has the row.

    Those that went with it have arrived with it; if it did not arrive each goes alone.
    """
    lead = taken[0]
    with transaction.atomic():
        mine = Delivery.objects.filter(pk=lead.pk, attempts=lead.attempts, state=State.LEASED)
        if not mine.update(state=state, due_at=due_at, **changes):
            logger.warning("delivery %s took longer than its lease", lead.pk)
            return {state: 1}
        joined = Delivery.objects.filter(goes_with=lead.pk, state=State.JOINED)
        if state in (State.SENT, State.DROPPED):
            followed = joined.update(state=state, goes_with=None, **changes)
            return {state: 1 + followed}
        alone = {"due_at": due_at or now, "last_error": changes["last_error"], "goes_with": None}
        released = joined.update(state=State.PENDING, **alone)
    came_to = Counter({state: 1})
    came_to[State.PENDING] += released
    return +came_to
