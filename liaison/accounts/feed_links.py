"""Verbs on the secret link under which a calendar program reads a person's deadlines."""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.accounts.models import FeedLink, User
from liaison.accounts.people import hold_still
from liaison.accounts.signals import person_changed
from liaison.core.refused import Refused
from liaison.core.secret_links import hashed

# 256 bits: nobody guesses it, so that its hash needs no salt.
TOKEN_BYTES = 32
# Calendar programs ask again and again; when one last did need not be known to the minute.
NOTED_EVERY = timedelta(minutes=10)


@transaction.atomic
def make_feed_link(*, by: User) -> str:
    """A new link for oneself; the one before ends. Returns the token, which is kept nowhere."""
    # A closed account must not find a link when it is opened again.
    hold_still(by)
    if not User.objects.active().filter(pk=by.pk).exists():
        raise Refused("closed", _("This account is closed."))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    FeedLink.objects.update_or_create(
        person=by,
        defaults={
            "token_hash": hashed(token),
            "made_at": timezone.now(),
            "last_read_at": None,
        },
    )
    person_changed.send(User, user=by, by=by, deed="feed_link_made")
    return token


@transaction.atomic
def revoke_feed_link(*, by: User) -> None:
    """End one's own link; whoever has none is told so."""
    gone, _rows = FeedLink.objects.filter(person=by).delete()
    if not gone:
        raise Refused("no_link", _("There is no link."))
    person_changed.send(User, user=by, by=by, deed="feed_link_revoked")


def link_of(token: str) -> FeedLink | None:
    """The link with this token, and its person, if it holds now."""
    return (
        FeedLink.objects.select_related("person__unit")
        .filter(token_hash=hashed(token), person__is_active=True)
        .first()
    )


def note_read(link: FeedLink) -> None:
    """A calendar program has read it; written at most every few minutes."""
    now = timezone.now()
    if link.last_read_at is None or link.last_read_at < now - NOTED_EVERY:
        FeedLink.objects.filter(pk=link.pk).update(last_read_at=now)
