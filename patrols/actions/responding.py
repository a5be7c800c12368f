"""Recording how soon help was there: after an incident of the night, or in a drill."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.audit.record import record
from liaison.core.refused import Conflict, Refused
from patrols.models import Membership, PatrolIncident, PatrolTeam, Response
from patrols.models.response import ARRIVALS
from patrols.nights import evening_of
from patrols.rights import must_keep

# What took longer was no response to this call.
LONGEST = timedelta(hours=12)
NOTE_MAX = 200


@transaction.atomic
def record_response(
    enterprise: Enterprise,
    *,
    by: User,
    called_at: datetime,
    took: Sequence[timedelta | None],
    note: str = "",
    incident: PatrolIncident | None = None,
    corrects: Response | None = None,
) -> Response:
    """``took``: from the call until the enterprise's own guards, the neighbours, the police were
    there; None where nobody came. Of an incident there is one record; one that ``corrects`` another
    takes its place, and the other stays to be read.

    Raises Refused("not_allowed" | "invalid" | "no_team" | "too_long"), or a Conflict when the
    incident has a record, or somebody has corrected this one already.
    """
    must_keep(by, enterprise.unit_id)
    note = note.strip()
    if len(note) > NOTE_MAX:
        raise Refused("too_long", _("At most %(n)d characters.") % {"n": NOTE_MAX}, field="note")
    _must_be_over(called_at, took)
    response = Response(
        unit=enterprise.unit,
        team=incident.night.team if incident else _team(enterprise, called_at),
        enterprise=enterprise,
        incident=incident,
        called_at=called_at,
        note=note,
        corrects=corrects,
        by=by,
    )
    for name, one in zip(ARRIVALS, took, strict=True):
        setattr(response, name, None if one is None else called_at + one)
    try:
        with transaction.atomic():
            response.save()
    except IntegrityError as error:
        said = _("This has been recorded already. Correct the record that is there.")
        raise Conflict("recorded", said) from error
    changes: dict[str, object] = {"called": called_at.isoformat(timespec="seconds")}
    changes |= {"seconds": [None if one is None else int(one.total_seconds()) for one in took]}
    if corrects is not None:
        changes["corrects"] = corrects.pk
    record("patrol_response.recorded", response, by=by, unit=enterprise.unit, changes=changes)
    return response


def correct_response(
    response: Response,
    *,
    by: User,
    called_at: datetime,
    took: Sequence[timedelta | None],
    note: str,
) -> Response:
    """A new record in the place of this one; the rest as it was. Raises what
    :func:`record_response` does."""
    return record_response(
        response.enterprise,
        by=by,
        called_at=called_at,
        took=took,
        note=note,
        incident=response.incident,
        corrects=response,
    )


def _must_be_over(called_at: datetime, took: Sequence[timedelta | None]) -> None:
    now = timezone.now()
    if called_at > now:
        raise Refused("invalid", _("This time is still to come."), field="called_at")
    for name, one in zip(ARRIVALS, took, strict=True):
        field = name.removesuffix("_at")
        if one is not None and not timedelta(0) <= one <= LONGEST:
            raise Refused("invalid", _("At most 12 hours."), field=field)
        if one is not None and called_at + one > now:
            raise Refused("invalid", _("This time is still to come."), field=field)


def _team(enterprise: Enterprise, called_at: datetime) -> PatrolTeam:
    rows = Membership.objects.all().on(evening_of(called_at)).filter(enterprise=enterprise)
    membership = rows.select_related("team").first()
    if membership is None:
        said = _("This enterprise was in no patrol team then.")
        raise Refused("no_team", said, field="enterprise")
    return membership.team
