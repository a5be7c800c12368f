"""Text messages to those who have no inbox here."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.accounts.models import Unit
from liaison.core.refused import Refused
from liaison.notices.models import Channel, TextMessage, UnitChannel
from liaison.notices.tasks import wake


def can_text(unit: Unit) -> bool:
    """Whether the unit has a channel for text messages, and this server knows its own address."""
    return bool(settings.SITE_URL) and Channel.SMS in UnitChannel.objects.serving([unit])[unit.pk]


@transaction.atomic
def text(
    unit: Unit,
    phone: str,
    *,
    occasion: str,
    words: str,
    path: str,
    seed: str,
    expires_at: datetime,
) -> TextMessage:
    """Have ``words`` sent, with the secret link in place of ``{link}``: never in the request, and
    not at all if the caller's transaction is undone. Raises Refused("not_configured")."""
    if not can_text(unit):
        raise Refused(
            "not_configured", _("This unit has no channel for text messages: show the code.")
        )
    row = TextMessage.objects.create(
        unit=unit, phone=phone, occasion=occasion, text=words, path=path, seed=seed,
        expires_at=expires_at, due_at=timezone.now(),
    )  # fmt: skip
    transaction.on_commit(wake, robust=True)
    return row


def drop_text(occasion: str) -> None:
    """What it says is no longer true: it is not sent any more, if it was not yet."""
    waiting = TextMessage.objects.filter(occasion=occasion, due_at__isnull=False)
    waiting.update(state=TextMessage.State.DROPPED, due_at=None, seed="")
