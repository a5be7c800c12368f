"""The people to talk to at an enterprise: who came, what changed, who is in charge, who left."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.actions.enterprise import take_turns
from enterprises.models import Contact, Enterprise, Invitation
from enterprises.notices import tell_nobody_in_charge
from enterprises.querysets import acts_as
from liaison.accounts.models import OVERSEERS, User
from liaison.accounts.people import hold_still
from liaison.accounts.signals import person_changed
from liaison.audit.record import record
from liaison.core.identifiers import normalise_phone
from liaison.core.refused import Conflict, Refused
from liaison.notices.actions import drop_text


def may_keep_contacts(by: User, enterprise: Enterprise) -> bool:
    """Desk and chiefs of the station; the responsible officer, his deputy and whoever acts for
    either; at the enterprise itself the contact in charge."""
    if not by.is_active:
        return False
    if by.is_contact:
        return by.contact_for.filter(
            enterprise=enterprise.pk, left_on__isnull=True, in_charge=True
        ).exists()
    if by.unit_id != enterprise.unit_id or not by.is_station_staff:
        return False
    if by.kind in OVERSEERS:
        return True
    return enterprise.assignments.open().filter(acts_as("officer", by)).exists()


def must_keep_contacts(by: User, enterprise: Enterprise) -> None:
    if not may_keep_contacts(by, enterprise):
        raise Refused(
            "not_yours",
            _("Only the officer who answers, the desk, chiefs and the contact in charge may."),
        )


@transaction.atomic
def add_contact(enterprise: Enterprise, values: Mapping[str, Any], *, by: User) -> Contact:
    """Enter a contact (name, position, phone, is_primary). The first one is the first to call.

    Raises Refused("missing" | "invalid", field=...) with nothing written.
    """
    # Else two first contacts at once would both be the first to call.
    enterprise = take_turns(enterprise)
    must_keep_contacts(by, enterprise)
    contact = Contact(enterprise=enterprise)
    others = enterprise.contacts.present()
    _fill(contact, {**values, "is_primary": values.get("is_primary") or not others.exists()})
    _make_way(contact)
    contact.save(force_insert=True)
    record("contact.added", contact, by=by, unit=enterprise.unit)
    return contact


@transaction.atomic
def edit_contact(contact: Contact, values: Mapping[str, Any], *, by: User) -> Contact:
    """Change what is known of a contact who is still there. With another number an invitation to
    the former one ends; the number of an account is its person's own and stays."""
    enterprise = take_turns(contact.enterprise)
    must_keep_contacts(by, enterprise)
    contact.refresh_from_db()
    if contact.left_on is not None:
        raise _left_already()
    before = {name: getattr(contact, name) for name in ("name", "position", "phone", "is_primary")}
    _fill(contact, values)
    _make_way(contact)
    contact.save(update_fields=list(before))
    changed = [name for name, value in before.items() if getattr(contact, name) != value]
    if "phone" in changed:
        end_invitations(contact)
    record("contact.edited", contact, by=by, unit=enterprise.unit, changes={"fields": changed})
    return contact


@transaction.atomic
def put_in_charge(contact: Contact, *, by: User) -> None:
    """This contact keeps the enterprise's accounts from now on, in place of whoever did."""
    enterprise = take_turns(contact.enterprise)
    must_keep_contacts(by, enterprise)
    contact.refresh_from_db()
    if contact.left_on is not None:
        raise _left_already()
    if contact.user_id is None:
        raise Refused("no_account", _("Who is in charge must have an account: invite them first."))
    if contact.in_charge:
        return
    Contact.objects.filter(enterprise=enterprise, in_charge=True).update(in_charge=False)
    Contact.objects.filter(pk=contact.pk).update(in_charge=True)
    record("contact.in_charge", contact, by=by, unit=enterprise.unit)


@transaction.atomic
def contact_left(contact: Contact, *, by: User) -> None:
    """The person is no longer there: access ends at once, history stays.

    Nothing of the enterprise is visible to them from the commit on. An account to which nothing
    else is left is closed with its sessions, tokens and links, and its number is free: numbers get
    new owners. Raises a Conflict for one who has left already, or has got an account just now.
    """
    seen = Contact.objects.select_related("enterprise").get(pk=contact.pk)
    if seen.user_id is not None:
        hold_still(seen.user_id)
    enterprise = take_turns(seen.enterprise)
    must_keep_contacts(by, enterprise)
    there = Contact.objects.filter(pk=seen.pk, left_on__isnull=True, user=seen.user_id)
    was_in_charge = there.filter(in_charge=True).exists()
    if not there.update(left_on=timezone.localdate(), is_primary=False, in_charge=False):
        raise _left_already()
    end_invitations(seen)
    record("contact.left", seen, by=by, unit=enterprise.unit)
    if was_in_charge:
        tell_nobody_in_charge(seen, by=by)
    if seen.user_id is not None:
        _close_if_nothing_is_left(User.objects.get(pk=seen.user_id), by=by)


def end_invitations(contact: Contact) -> int:
    """Whatever invites this contact ends, also where it is still to be sent; how many did."""
    held = list(Invitation.objects.filter(contact=contact).open())
    for one in held:
        drop_text(one.occasion)
    mine = Invitation.objects.filter(pk__in=[one.pk for one in held])
    return mine.open().update(revoked_at=timezone.now())


def _close_if_nothing_is_left(user: User, *, by: User) -> None:
    if not user.is_contact or user.contact_for.filter(left_on__isnull=True).exists():
        return
    User.objects.filter(pk=user.pk).update(is_active=False, phone=None)
    # Tokens and feed links go with it.
    person_changed.send(User, user=user, by=by, deed="closed")


def _left_already() -> Conflict:
    return Conflict("left", _("This contact has left already."))


def _fill(contact: Contact, values: Mapping[str, Any]) -> None:
    contact.name = str(values.get("name", "")).strip()
    contact.position = str(values.get("position", "")).strip()
    contact.is_primary = bool(values.get("is_primary"))
    phone = str(values.get("phone", "")).strip()
    if not contact.name:
        raise Refused("missing", _("A contact needs a name."), field="name")
    try:
        contact.phone = normalise_phone(phone) if phone else ""
    except ValueError as error:
        raise Refused("invalid", str(error), field="phone") from error


def _make_way(contact: Contact) -> None:
    """There is one first to call; naming another takes it from the former."""
    if contact.is_primary:
        rest = Contact.objects.filter(enterprise=contact.enterprise, is_primary=True)
        rest.exclude(pk=contact.pk).update(is_primary=False)
