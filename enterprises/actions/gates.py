"""Codes of the cards at gates."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.actions.enterprise import must_be_short, must_oversee
from enterprises.models import Enterprise, GateCode
from liaison.accounts.models import Unit, User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused

# Below the number of parameters that SQLite takes in one statement.
BATCH = 400


@transaction.atomic
def make_gate_codes(unit: Unit, enterprises: Iterable[Enterprise], *, by: User) -> int:
    """Give each enterprise of the unit its code, those that have one keep it; how many were made.

    Of two who do so at once each finds the same codes.
    """
    must_oversee(by, unit)
    live = [one.pk for one in enterprises if one.is_live and one.unit_id == unit.pk]
    made = 0
    for start in range(0, len(live), BATCH):
        batch = live[start : start + BATCH]
        held = GateCode.objects.all().holding().filter(enterprise__in=batch)
        without = set(batch) - set(held.values_list("enterprise", flat=True))
        GateCode.objects.bulk_create(
            [GateCode(enterprise_id=pk, by=by) for pk in sorted(without)], ignore_conflicts=True
        )
        made += len(without)
    if made:
        record("gate_codes.made", unit, by=by, unit=unit, changes={"codes": made})
    return made


@transaction.atomic
def renew_gate_code(
    enterprise: Enterprise, *, by: User, reason: str, replaces: GateCode
) -> GateCode:
    """A new code for the gate; the card that hangs there says from now on that it is not valid.

    ``replaces`` is the one that the person saw to hold. Raises Refused("closed" | "missing"), and
    a Conflict when it was replaced meanwhile.
    """
    must_oversee(by, enterprise.unit)
    if not enterprise.is_live:
        raise Refused("closed", _("This enterprise is closed down."))
    reason = reason.strip()
    if not reason:
        raise Refused("missing", _("Say why the card is replaced."), field="reason")
    must_be_short(reason)
    held = GateCode.objects.filter(enterprise=enterprise).holding()
    if not held.filter(pk=replaces.pk).update(ended_at=timezone.now()):
        raise Conflict("stale", _("Somebody has just replaced this card."))
    renewed = GateCode.objects.create(enterprise=enterprise, by=by, reason=reason)
    record("gate_code.renewed", enterprise, by=by, unit=enterprise.unit, changes={"why": reason})
    return renewed
