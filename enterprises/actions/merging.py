"""Two entries of one enterprise become one: what the list of enterprises itself knows of it.

What other apps hold of the entry that goes is moved by `liaison/endings`, which sees them all.
"""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.actions.assignment import change_officer, officer_in_place
from enterprises.actions.cadence import note_contact
from enterprises.actions.enterprise import EDITABLE, change_stage, edit_enterprise
from enterprises.models import Cadence, Contact, Enterprise, GateCode, Stage
from enterprises.notices import tell_officers
from liaison.accounts.models import User
from liaison.core.refused import Refused

POINT = ("longitude", "latitude", "coordinate_source")
# What the entry that stays takes over where it says nothing itself. What it is called, how much it
# matters and how risky it is have been decided for it.
TAKEN_OVER = tuple(
    name for name in EDITABLE if name not in ("kind", "name", "tier", "grade", "note", *POINT)
)


def missing_facts(absorbed: Enterprise, survivor: Enterprise) -> dict[str, Any]:
    """Facts by name that only the entry that goes has."""
    facts = {
        name: getattr(absorbed, name)
        for name in TAKEN_OVER
        if getattr(survivor, name) in ("", None) and getattr(absorbed, name) not in ("", None)
    }
    if survivor.point is None and absorbed.point is not None:
        facts |= {name: getattr(absorbed, name) for name in POINT}
    return facts


@transaction.atomic
def absorb(absorbed: Enterprise, survivor: Enterprise, *, by: User, reason: str) -> None:
    """End the entry that goes, and let the other take over its officer or lines, facts and people.

    Both are live or the first is closed down already; the caller has checked that, and moves
    everything else afterwards.
    """
    _one_officer(absorbed, survivor, by=by, reason=reason)
    if absorbed.is_live:
        now = Enterprise.objects.get(pk=absorbed.pk)
        change_stage(now, Stage.CLOSED, by=by, version=now.version, reason=reason)
    facts = missing_facts(absorbed, survivor)
    _free_the_code(absorbed, facts)
    Enterprise.objects.filter(merged_into=absorbed).update(merged_into=survivor)
    Enterprise.objects.filter(pk=absorbed.pk).update(
        merged_into=survivor, updated_at=timezone.now()
    )
    if facts:
        now = Enterprise.objects.get(pk=survivor.pk)
        edit_enterprise(now, facts, by=by, version=now.version)
    _move_contacts(absorbed, survivor)
    _move_card(absorbed, survivor)
    _keep_last_contact(absorbed, survivor)


def _one_officer(absorbed: Enterprise, survivor: Enterprise, *, by: User, reason: str) -> None:
    """Open lines follow to whoever answers for the entry that stays; if nobody does, its officer
    is the other's."""
    going, staying = officer_in_place(absorbed), officer_in_place(survivor)
    if going is None or going == staying:
        return
    if staying is None:
        change = change_officer(survivor, going, by=by, reason=reason, replaces=None)
    else:
        change = change_officer(absorbed, staying, by=by, reason=reason, replaces=going)
    tell_officers([change], by=by, reason=reason)


def _free_the_code(absorbed: Enterprise, facts: dict[str, Any]) -> None:
    """A credit code stands once in a station's list."""
    if "credit_code" not in facts:
        return
    try:
        with transaction.atomic():
            Enterprise.objects.filter(pk=absorbed.pk).update(credit_code="")
    except IntegrityError as error:
        raise Refused(
            "duplicate",
            _("A third entry has the same name and address without a code: merge that one first."),
        ) from error


def _move_contacts(absorbed: Enterprise, survivor: Enterprise) -> None:
    """Somebody is first to call and somebody in charge once; an account is there once."""
    moving = Contact.objects.filter(enterprise=absorbed)
    present = Contact.objects.filter(enterprise=survivor).present()
    twice = present.filter(user__isnull=False).values("user")
    moving.present().filter(user__in=twice).update(
        left_on=timezone.localdate(), is_primary=False, in_charge=False
    )
    for name in ("is_primary", "in_charge"):
        if present.filter(**{name: True}).exists():
            moving.update(**{name: False})
    moving.update(enterprise=survivor)


def _move_card(absorbed: Enterprise, survivor: Enterprise) -> None:
    """The card at the gate leads to the entry that stays, unless that has a card of its own: then
    the other card says that it is not valid any more."""
    held = GateCode.objects.filter(enterprise=absorbed).holding()
    if GateCode.objects.filter(enterprise=survivor).holding().exists():
        held.update(ended_at=timezone.now())
    else:
        held.update(enterprise=survivor)


def _keep_last_contact(absorbed: Enterprise, survivor: Enterprise) -> None:
    """Whoever was seen under the entry that goes was seen."""
    before = Cadence.objects.filter(enterprise=absorbed).first()
    if before is None:
        return
    if before.last_contact_at:
        note_contact(survivor, at=before.last_contact_at, on_site=False)
    if before.last_visit_at:
        note_contact(survivor, at=before.last_visit_at, on_site=True)
