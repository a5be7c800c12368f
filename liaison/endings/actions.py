"""Merging one entry of the list into another."""

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.actions.enterprise import must_be_short, must_oversee, take_turns
from enterprises.actions.merging import absorb
from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from liaison.endings.preview import Preview, preview_of
from liaison.endings.relations import RELATIONS


@transaction.atomic
def merge(
    absorbed: Enterprise, survivor: Enterprise, *, by: User, reason: str, agreed: str
) -> Preview:
    """Make two entries of one enterprise one: what ``absorbed`` holds goes to ``survivor`` by the
    list of `relations.py`, and it stays behind, closed, as a pointer.

    ``agreed`` is what the person saw (:attr:`Preview.agreed`). Raises Refused("missing", "too_long"
    | "obstacle") and a Conflict("changed") with nothing written; returns what was done.
    """
    must_oversee(by, absorbed.unit)
    must_oversee(by, survivor.unit)
    reason = reason.strip()
    if not reason:
        raise Refused("missing", _("Say why these are one enterprise."), field="reason")
    must_be_short(reason)
    # By id: of two who merge each into the other one waits.
    held = {one.pk: take_turns(one) for one in sorted((absorbed, survivor), key=lambda e: e.pk)}
    preview = preview_of(held[absorbed.pk], held[survivor.pk])
    if preview.obstacles:
        raise Refused("obstacle", " ".join(preview.obstacles))
    if preview.agreed != agreed:
        raise Conflict(
            "changed", _("Something has changed since you looked: look again at what would happen.")
        )
    absorb(held[absorbed.pk], held[survivor.pk], by=by, reason=reason)
    for relation in RELATIONS:
        relation.moving(absorbed, survivor).update(**{relation.column: survivor})
    record(
        "enterprise.merged",
        survivor,
        by=by,
        unit=survivor.unit,
        changes={
            "absorbed": absorbed.pk,
            "moved": {one.relation.model: one.moves for one in preview.holdings if one.moves},
        },
    )
    return preview
