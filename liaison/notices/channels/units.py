"""Sending by what a unit has: its robots, its gateway for text messages, its webhook."""

import logging
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import apprise
from apprise.plugins.custom_form import NotifyForm
from apprise.plugins.custom_json import NotifyJSON
from apprise.plugins.custom_xml import NotifyXML
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.wecombot import NotifyWeComBot
from django.utils.translation import gettext as _

from liaison.accounts.models import User
from liaison.notices.channels.addresses import PHONE, plugin_for, scrubbed
from liaison.notices.channels.failing import NotSent
from liaison.notices.channels.robots import send_dingtalk, send_wecom
from liaison.notices.channels.saying import Piece, body_of, lines_of, piece_of, subject_of
from liaison.notices.models import Channel, Notice, UnitChannel


def send(kept: UnitChannel, pieces: Sequence[Piece], person: User) -> None:
    """Send them to this person as one message; whatever goes wrong is raised, without secrets."""
    if kept.channel == Channel.SMS:
        # Paid for by the length, and read on a locked screen.
        _send(kept, person.phone or "", subject_of(pieces), "")
    else:
        # A group reads it: it begins with whom it is for.
        _send(kept, person.phone or "", f"@{person}\n{lines_of(pieces)}", "")


def send_text(kept: UnitChannel, phone: str, words: str) -> None:
    """These words to a telephone number, whoever's it is; as :func:`send` otherwise."""
    _send(kept, phone, words, "")


def send_to_webhook(kept: UnitChannel, notice: Notice) -> None:
    """One notice to the unit's own system, with what it may know of it."""
    piece = piece_of(notice)
    more = {
        "recipient": str(notice.recipient),
        "kind": "confidential" if notice.confidential else notice.kind,
        "url": piece.url,
        "notice": str(notice.pk),
    }
    _send(kept, notice.recipient.phone or "", body_of([piece]), piece.title, more)


def send_test(kept: UnitChannel, person: User) -> None:
    """The same way as a notice, so that what comes of it is true of notices too."""
    said = _("A test of %s. Notices will come in the same way.") % kept.get_channel_display()
    if kept.channel == Channel.WEBHOOK:
        more = {"recipient": str(person), "kind": "test", "url": "", "notice": ""}
        _send(kept, person.phone or "", said, said, more)
    elif PHONE in kept.url and not person.phone:
        raise NotSent(_("You have no telephone number yourself to send the test to."))
    else:
        send(kept, [Piece(said, "", "")], person)


def _send(
    kept: UnitChannel, phone: str, body: str, title: str, more: dict[str, str] | None = None
) -> None:
    with _complaints() as complaints:
        plugin = plugin_for(kept.url, phone)
        if plugin is None:
            raise NotSent(_("Its address cannot be read any more."))
        if isinstance(plugin, NotifyWeComBot):
            return send_wecom(plugin, body)
        if isinstance(plugin, NotifyDingTalk):
            return send_dingtalk(plugin, body)
        if isinstance(plugin, NotifyJSON | NotifyForm | NotifyXML) and more is not None:
            # JSON, form and XML alike take further fields so.
            plugin.payload_extras = {**plugin.payload_extras, **more}
        taken = plugin.notify(body=body, title=title, body_format=apprise.NotifyFormat.TEXT)
    if not taken:
        raise NotSent(scrubbed(_why(" ".join(complaints)), kept.url))
    return None


def _why(complaints: str) -> str:
    """The two things that go wrong most, shorter than Apprise says them."""
    if status := re.search(r"error=(\d{3})\b", complaints):
        return f"HTTP {status[1]}"
    if "onnection error" in complaints:
        return _("The server cannot be reached or does not answer.")
    return complaints or _("It was not taken.")


class _OfThisThread(logging.Handler):
    """Keeps what is logged here; other threads may be sending for other units."""

    def __init__(self, into: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.into, self.thread = into, threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.into.append(record.getMessage())


@contextmanager
def _complaints() -> Iterator[list[str]]:
    """Apprise says no more than that it failed; why, it only logs."""
    said: list[str] = []
    handler = _OfThisThread(said)
    logger = logging.getLogger("apprise")
    logger.addHandler(handler)
    try:
        yield said
    finally:
        logger.removeHandler(handler)
