"""The people to talk to at an enterprise: who came, what changed, who left."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.actions.enterprise import must_oversee, take_turns
from enterprises.models import Contact, Enterprise
from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.identifiers import normalise_phone
from liaison.core.refused import Conflict, Refused


@transaction.atomic
def add_contact(enterprise: Enterprise, values: Mapping[str, Any], *, by: User) -> Contact:
    """Enter a contact (name, position, phone, is_primary). The first one is the first to call.

    Raises Refused("missing" | "invalid", field=...) with nothing written.
    """
    must_oversee(by, enterprise.unit)
    # Else two first contacts at once would both be the first to call.
    enterprise = take_turns(enterprise)
    contact = Contact(enterprise=enterprise)
    others = enterprise.contacts.present()
    _fill(contact, {**values, "is_primary": values.get("is_primary") or not others.exists()})
    _make_way(contact)
    contact.save(force_insert=True)
    record("contact.added", contact, by=by, unit=enterprise.unit)
    return contact


@transaction.atomic
def edit_contact(contact: Contact, values: Mapping[str, Any], *, by: User) -> Contact:
    """Change what is known of a contact who is still there."""
    unit = contact.enterprise.unit
    must_oversee(by, unit)
    take_turns(contact.enterprise)
    contact.refresh_from_db()
    if contact.left_on is not None:
        raise Conflict("left", _("This contact has left already."))
    before = {name: getattr(contact, name) for name in ("name", "position", "phone", "is_primary")}
    _fill(contact, values)
    _make_way(contact)
    contact.save(update_fields=list(before))
    changed = [name for name, value in before.items() if getattr(contact, name) != value]
    record("contact.edited", contact, by=by, unit=unit, changes={"fields": changed})
    return contact


@transaction.atomic
def contact_left(contact: Contact, *, by: User) -> None:
    """The person is no longer there: sees nothing of the enterprise any more, history stays."""
    unit = contact.enterprise.unit
    must_oversee(by, unit)
    if not Contact.objects.filter(pk=contact.pk, left_on__isnull=True).update(
        left_on=timezone.localdate(), is_primary=False
    ):
        raise Conflict("left", _("This contact has left already."))
    record("contact.left", contact, by=by, unit=unit)


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
