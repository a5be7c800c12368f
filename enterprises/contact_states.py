"""How each contact of an enterprise stands to the door: invited, signed in, left. For the pages."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Contact, Invitation
from liaison.notices.models import TextMessage


@dataclass(frozen=True)
class Person:
    """``state`` in words, ``at`` the moment it speaks of."""

    contact: Contact
    state: str
    tone: str = ""
    at: datetime | None = None
    may_invite: bool = False
    open: Invitation | None = None
    has_account: bool = False
    # What became of the text message that carries the invitation; None where it went by code.
    text: TextMessage | None = None


def people_of(contacts: Iterable[Contact], now: datetime | None = None) -> list[Person]:
    """Of contacts read ``for_people``; asks only for text messages, where there are any."""
    found = [_person(one, now or timezone.now()) for one in contacts]
    texts = _texts_of([one.open for one in found if one.open])
    return [replace(one, text=texts.get(one.open.occasion)) if one.open else one for one in found]


def _texts_of(invitations: list[Invitation]) -> dict[str, TextMessage]:
    occasions = [one.occasion for one in invitations if one.by_text]
    if not occasions:
        return {}
    return {one.occasion: one for one in TextMessage.objects.filter(occasion__in=occasions)}


def _person(contact: Contact, now: datetime) -> Person:
    if contact.left_on is not None:
        return Person(contact, _("left %(day)s") % {"day": f"{contact.left_on:%Y-%m-%d}"})
    if contact.user is not None:
        seen = contact.user.last_login
        said = _("signed in last") if seen else _("has an account, never signed in")
        return Person(contact, said, "jade", seen, has_account=True)
    sent: list[Invitation] = contact.sent  # type: ignore[attr-defined]
    last = sent[0] if sent else None
    match last and last.state(now):
        case Invitation.State.SENT if last is not None:
            return Person(
                contact, _("invited until"), "amber", last.expires_at, may_invite=True, open=last,
            )  # fmt: skip
        case Invitation.State.EXPIRED:
            return Person(contact, _("invitation expired"), "seal", may_invite=True)
        case Invitation.State.REVOKED:
            return Person(contact, _("invitation revoked"), may_invite=True)
    return Person(contact, _("not invited"), may_invite=True)
