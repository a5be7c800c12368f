"""邀请: an officer invites a contact, who makes an account of the invitation; nobody makes one of
their own accord."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from enterprises.actions.contacts import end_invitations, must_keep_contacts
from enterprises.actions.enterprise import take_turns
from enterprises.models import Contact, Enterprise, Invitation
from enterprises.notices import tell_joined
from liaison.accounts.models import Kind, User
from liaison.accounts.people import hold_still
from liaison.accounts.signals import person_changed
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from liaison.core.secret_links import hashed, new_seed, token_of
from liaison.notices.actions import text

VALID_FOR = timedelta(hours=72)
PATH = "/i/{token}/"


@transaction.atomic
def invite(contact: Contact, *, by: User, by_text: bool = False) -> tuple[Invitation, str]:
    """Invite a contact who has no account; an invitation before this one ends.

    Returns the token, to be shown once: it is kept nowhere. With ``by_text`` it goes to the
    contact's number by the unit's channel, from the outbox. Raises Refused("not_yours" | "closed" |
    "has_account" | "no_phone" | "staff_phone" | "taken" | "not_configured") or a Conflict.
    """
    enterprise = take_turns(contact.enterprise)
    must_keep_contacts(by, enterprise)
    contact = Contact.objects.get(pk=contact.pk)
    if contact.left_on is not None:
        raise Conflict("left", _("This contact has left already."))
    if not enterprise.is_live:
        raise Refused("closed", _("This enterprise is closed down."))
    if contact.user_id is not None:
        raise Refused("has_account", _("This contact signs in already."))
    if not _is_mobile(contact.phone):
        raise Refused(
            "no_phone", _("Enter the contact's mobile number first: they sign in with it.")
        )
    must_be_invitable(contact.phone, enterprise, by)
    end_invitations(contact)
    seed, now = new_seed(), timezone.now()
    token = token_of(seed)
    invitation = Invitation.objects.create(
        contact=contact,
        phone=contact.phone,
        token_hash=hashed(token),
        by=by,
        by_text=by_text,
        made_at=now,
        expires_at=now + VALID_FOR,
    )
    if by_text:
        with translation.override(settings.LANGUAGE_CODE):
            words = _(
                "%(unit)s invites you to the page of %(name)s: {link} (once, within 72 hours)"
            )
        words %= {"unit": enterprise.unit, "name": enterprise.name}
        text(
            enterprise.unit, contact.phone, occasion=invitation.occasion, words=words, path=PATH,
            seed=seed, expires_at=invitation.expires_at,
        )  # fmt: skip
    record("contact.invited", contact, by=by, unit=enterprise.unit, changes={"by_text": by_text})
    return invitation, token


@transaction.atomic
def revoke_invitation(contact: Contact, *, by: User) -> None:
    """Take it back. Raises a Conflict when there is none any more."""
    enterprise = take_turns(contact.enterprise)
    must_keep_contacts(by, enterprise)
    if not end_invitations(contact):
        raise Conflict("none", _("There is no open invitation any more."))
    record("contact.invitation_revoked", contact, by=by, unit=enterprise.unit)


def invitation_of(token: str) -> Invitation | None:
    """The invitation with this token, if it opens the door now."""
    return (
        Invitation.objects.all()
        .valid(timezone.now())
        .select_related("contact__enterprise__unit", "by")
        .filter(token_hash=hashed(token))
        .first()
    )


def account_of(invitation: Invitation) -> User | None:
    """The account that the invited number has already."""
    return User.objects.filter(phone=invitation.phone).first()


@transaction.atomic
def make_account(invitation: Invitation, *, name: str, password: str) -> User:
    """The invited person's account, which signs in by the invited number.

    Raises Refused("missing" | "password", field=...) or a Conflict when the invitation does not
    hold any more or the number has just got an account.
    """
    name = name.strip()
    if not name:
        raise Refused("missing", _("Enter your name."), field="name")
    enterprise = invitation.contact.enterprise
    user = User(
        username=f"c{secrets.token_hex(8)}",
        name=name,
        phone=invitation.phone,
        kind=Kind.CONTACT,
        unit=enterprise.unit,
    )
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused("password", " ".join(error.messages), field="password") from error
    user.set_password(password)
    take_turns(enterprise)
    try:
        with transaction.atomic():
            user.save(force_insert=True)
    except IntegrityError as error:
        raise Conflict(
            "taken", _("This number has just got an account: open the link again.")
        ) from (error)
    _use(invitation, user, name=name)
    person_changed.send(User, user=user, by=user, deed="added")
    return user


@transaction.atomic
def join_account(invitation: Invitation, *, by: User) -> None:
    """Link the account that the invited number has: one person, one account, several enterprises.

    ``by`` has shown to be its owner. Raises Refused("not_yours" | "staff_phone" | "taken").
    """
    hold_still(by)
    enterprise = take_turns(invitation.contact.enterprise)
    by = User.objects.select_related("unit").get(pk=by.pk)
    if by.phone != invitation.phone or not by.is_active:
        raise Refused("not_yours", _("This invitation is for another number."))
    must_be_invitable(invitation.phone, enterprise, by)
    _use(invitation, by)


def must_be_invitable(phone: str, enterprise: Enterprise, by: User) -> None:
    """The number is nobody's, or of a contact who is not at this enterprise. An account of the
    police is never taken over; a contact is not told whose number it is."""
    owner = User.objects.filter(phone=phone).first()
    if owner is None:
        return
    if owner.is_contact and owner.is_active:
        if owner.contact_for.filter(enterprise=enterprise, left_on__isnull=True).exists():
            raise Refused(
                "taken", _("Another contact of this enterprise signs in with this number.")
            )
        return
    if by.is_contact:
        raise Refused("staff_phone", _("This number cannot be invited: ask your officer."))
    raise Refused(
        "staff_phone",
        _("This number signs in a member of the police: enter the contact's own number.")
        if not owner.is_contact
        else _("The account of this number is closed: enter another number."),
    )


def _use(invitation: Invitation, user: User, *, name: str = "") -> None:
    """Of two who use it at once one does; the first account of an enterprise is in charge."""
    now = timezone.now()
    claimed = Invitation.objects.filter(pk=invitation.pk).open().filter(expires_at__gt=now)
    if not claimed.update(used_at=now, used_by=user):
        raise Conflict("gone", _("This invitation does not hold any more."))
    present = Contact.objects.filter(left_on__isnull=True)
    contact = present.select_related("enterprise__unit").filter(pk=invitation.contact_id).first()
    if contact is None or contact.user_id is not None or not contact.enterprise.is_live:
        raise Conflict("gone", _("This invitation does not hold any more."))
    others = present.filter(enterprise=contact.enterprise_id)
    contact.user, contact.name = user, name or contact.name
    contact.in_charge = not others.filter(in_charge=True).exists()
    contact.save(update_fields=["user", "name", "in_charge"])
    record("contact.joined", contact, by=user, unit=contact.enterprise.unit)
    tell_joined(invitation, contact, by=user)


def _is_mobile(phone: str) -> bool:
    return len(phone) == 11 and phone.isdecimal() and phone.startswith("1")
