"""Sending text messages that are due: lease, send, record; as ``delivering`` does with notices."""

import logging
from collections import Counter
from datetime import datetime

from django.conf import settings
from django.db.models import F
from django.utils import timezone, translation

from liaison.core.addresses import of_site
from liaison.core.secret_links import token_of
from liaison.notices.channels import units
from liaison.notices.channels.failing import not_configured
from liaison.notices.delivering import BACK_OFF, LEASE, said_of
from liaison.notices.models import Channel, TextMessage, UnitChannel

logger = logging.getLogger(__name__)
State = TextMessage.State


def send_texts(now: datetime | None = None, *, limit: int = 100) -> Counter[str]:
    """Send what is due; how many came to which state. What goes wrong stands on its own row."""
    came_to: Counter[str] = Counter()
    moment = now or timezone.now()
    due = TextMessage.objects.all().due(moment).order_by("due_at", "id")
    with translation.override(settings.LANGUAGE_CODE):
        for pk in list(due.values_list("pk", flat=True)[:limit]):
            if state := _send(pk, moment):
                came_to[state] += 1
    return came_to


def _send(pk: int, now: datetime) -> str:
    """The state it came to; empty where another process has it."""
    held = max(now, timezone.now()) + LEASE
    mine = TextMessage.objects.filter(pk=pk).due(now)
    if not mine.update(state=State.LEASED, due_at=held, attempts=F("attempts") + 1):
        return ""
    row = TextMessage.objects.select_related("unit").get(pk=pk)
    if row.expires_at <= now:
        return _over(row, State.DROPPED)
    kept: UnitChannel | None = None
    try:
        kept = UnitChannel.objects.serving([row.unit])[row.unit_id].get(Channel.SMS)
        if kept is None:
            raise not_configured(str(Channel.SMS.label))
        link = of_site(row.path.format(token=token_of(row.seed)))
        units.send_text(kept, row.phone, row.text.replace("{link}", link))
    except Exception as error:  # of any kind: it is the row's, and the row says so
        said = said_of(error, kept)
        logger.warning("text message %s, attempt %s: %s", row.pk, row.attempts, said)
        if row.attempts > len(BACK_OFF):
            return _over(row, State.FAILED, last_error=said)
        later = now + BACK_OFF[row.attempts - 1]
        return _write(row, state=State.PENDING, due_at=later, last_error=said)
    return _over(row, State.SENT, sent_at=now, last_error="")


def _over(row: TextMessage, state: str, **changes: object) -> str:
    return _write(row, state=state, due_at=None, seed="", **changes)


def _write(row: TextMessage, *, state: str, **changes: object) -> str:
    """Unless the lease ran out meanwhile, or what it says was taken back."""
    mine = TextMessage.objects.filter(pk=row.pk, state=State.LEASED, attempts=row.attempts)
    return state if mine.update(state=state, **changes) else ""
