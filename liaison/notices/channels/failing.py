"""Why something was not sent, in words that may be shown and kept."""

from django.utils.translation import gettext as _


class NotConfigured(Exception):  # noqa: N818 - named for what it says
    """There is nothing to send it by; nothing was sent."""


class NotSent(Exception):  # noqa: N818 - named for what it says
    """The other side did not take it. The message names no key and no password."""


def not_configured(channel: str) -> NotConfigured:
    return NotConfigured(_("%s is not configured for this unit.") % channel)
