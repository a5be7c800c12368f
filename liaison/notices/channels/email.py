"""The e-mail channel: Django's mail, as EMAIL_URL configures it."""

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from liaison.notices.channels.failing import NotConfigured
from liaison.notices.channels.saying import Piece, address, body_of, subject_of


def is_configured() -> bool:
    return bool(settings.EMAIL_URL)


def send(pieces: Sequence[Piece], to: str, message_id: str) -> None:
    """Send them as one message to this address; whatever goes wrong is raised."""
    if not is_configured():
        raise NotConfigured(_("E-mail is not configured: this server was not given EMAIL_URL."))
    EmailMessage(
        subject=f"[{_('Liaison')}] {subject_of(pieces)}",
        body=body_of(pieces) + "\n",
        to=[to],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    ).send()


def send_test(to: str, message_id: str) -> None:
    """The same way as a notice, so that what comes of it is true of notices too."""
    said = _("You asked for this test. Notices will come to this address in the same way.")
    piece = Piece(_("Test: notices by e-mail"), said, address("/notices/settings/"))
    send([piece], to, message_id)
