"""Saying that one has arrived."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.accounts.people import hold_still
from liaison.audit.record import record
from liaison.whereabouts.position import Position
from visits.actions.placing import keep_place
from visits.actions.sending import Sending
from visits.actions.visit import (
    fingerprint,
    must_be_in_the_field,
    must_be_live,
    must_be_past,
)
from visits.models import CheckIn


@transaction.atomic
def check_in(
    enterprise: Enterprise,
    *,
    by: User,
    at: datetime,
    position: Position | None = None,
    client_id: UUID | None = None,
) -> CheckIn:
    """Record an arrival. The contact clocks stand as they are: the visit resets them.

    Safe to send again as ``log_visit`` is, and as there the position is never a reason to refuse
    and no part of the content; ``left_out`` of the row says why it was not kept.
    """
    sending = Sending(
        CheckIn,
        by,
        client_id or uuid4(),
        fingerprint(enterprise, at),
        _("This id was used for another arrival."),
        "check_in",
    )
    if earlier := sending.earlier():
        return earlier
    if position is not None:
        hold_still(by)
    must_be_in_the_field(enterprise, by=by)
    must_be_live(enterprise)
    must_be_past(at, field="at")
    arrival, new = sending.write(enterprise=enterprise, unit=enterprise.unit, happened_at=at)
    if not new:
        return arrival
    if position is not None:
        keep_place(position, arrival, by=by)
    record("check_in.made", arrival, by=by, unit=enterprise.unit)
    return arrival
