"""The e-mail channel: Django's mail, as EMAIL_URL configures it."""

from urllib.parse import urljoin

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils import translation
from django.utils.translation import gettext as _

from liaison.notices.models import Notice


class NotConfigured(Exception):  # noqa: N818 - named for what it says
    """The installation has no mail server; nothing was sent."""

    def __str__(self) -> str:
        return _("E-mail is not configured: this server was not given EMAIL_URL.")


def is_configured() -> bool:
    return bool(settings.EMAIL_URL)


def send_notice(notice: Notice, address: str, message_id: str) -> None:
    """Send it to this address; whatever goes wrong is raised."""
    with translation.override(settings.LANGUAGE_CODE):
        if notice.confidential:
            subject = _("You have a confidential notice")
            said = _("What it says can be read after signing in.")
            path = "/notices/"
        else:
            subject, said, path = notice.title, notice.text, notice.leads_to
        _send(address, subject, said, path, message_id=message_id)


def send_test(address: str, message_id: str) -> None:
    """The same way as a notice, so that what comes of it is true of notices too."""
    said = _("You asked for this test. Notices will come to this address in the same way.")
    _send(address, _("Test: notices by e-mail"), said, "/notices/settings/", message_id=message_id)


def _send(address: str, subject: str, said: str, path: str, *, message_id: str) -> None:
    if not is_configured():
        raise NotConfigured
    where = urljoin(settings.SITE_URL, path) if settings.SITE_URL else ""
    EmailMessage(
        subject=f"[{_('Liaison')}] {subject}",
        body="\n\n".join(part for part in (subject, said, where) if part) + "\n",
        to=[address],
        headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
    ).send()
