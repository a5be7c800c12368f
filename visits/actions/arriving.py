"""Saying that one has arrived."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.accounts.people import hold_still
from liaison.audit.record import record
from liaison.core.refused import Conflict
from liaison.whereabouts.position import Position
from visits.actions.placing import keep_place
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
    client_id = client_id or uuid4()
    body = fingerprint(enterprise, at)
    if earlier := _sent_before(by, client_id, body):
        return earlier
    if position is not None:
        hold_still(by)
    must_be_in_the_field(enterprise, by=by)
    must_be_live(enterprise)
    must_be_past(at)
    try:
        with transaction.atomic():
            arrival = CheckIn.objects.create(
                client_id=client_id,
                body_hash=body,
                enterprise=enterprise,
                unit=enterprise.unit,
                officer=by,
                happened_at=at,
            )
    except IntegrityError:
        # The same id arrived twice at once; the other one is committed by now.
        if earlier := _sent_before(by, client_id, body):
            return earlier
        raise
    if position is not None:
        keep_place(position, arrival, by=by)
    record("check_in.made", arrival, by=by, unit=enterprise.unit)
    return arrival


def _sent_before(by: User, client_id: UUID, body: str) -> CheckIn | None:
    earlier = CheckIn.objects.filter(officer=by, client_id=client_id).first()
    if earlier is not None and earlier.body_hash != body:
        raise Conflict(
            "client_id_reused",
            _("This id was used for another arrival."),
            field="client_id",
            details={"check_in": earlier.pk},
        )
    return earlier
