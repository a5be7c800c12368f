"""Settling what every proposal keeps to: pins, and barriers between neighbours."""

from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from liaison.accounts.models import Unit, User
from liaison.audit.record import record
from liaison.core.coordinates import Point
from liaison.core.refused import Conflict, Refused
from patrols.models import Barrier, Pin
from patrols.rights import must_divide

MOST_POINTS = 200
MOST_BARRIERS = 40


@transaction.atomic
def set_pin(
    unit: Unit,
    kind: str,
    enterprise: Enterprise,
    *,
    by: User,
    other: Enterprise | None = None,
    team_number: int | None = None,
    reason: str = "",
) -> Pin:
    """Raises Refused for what makes no sense by itself, Conflict for what is there already.

    Pins that contradict each other are told when a division is proposed: it takes all of them.
    """
    must_divide(by, unit)
    if kind not in Pin.Kind:
        raise Refused("unknown_kind", _("Choose what is to be settled."), field="kind")
    pair = kind in (Pin.Kind.TOGETHER, Pin.Kind.APART)
    if pair and other is None:
        raise Refused("missing", _("Choose the other enterprise."), field="other")
    if kind == Pin.Kind.TEAM and not team_number:
        raise Refused("missing", _("Choose the team."), field="team_number")
    if pair and other == enterprise:
        raise Refused("same", _("Choose two different enterprises."), field="other")
    for field, one in (("enterprise", enterprise), ("other", other if pair else None)):
        if one is not None and (one.unit_id != unit.pk or one.stage == "closed"):
            raise Refused(
                "not_here", _("This is no enterprise of the station any more."), field=field
            )
    first, second = enterprise, other if pair else None
    if second is not None and second.pk < first.pk:
        # A pair is one pair, in whichever order it was named.
        first, second = second, first
    try:
        with transaction.atomic():
            pin = Pin.objects.create(
                unit=unit,
                kind=kind,
                enterprise=first,
                other=second,
                team_number=team_number if kind == Pin.Kind.TEAM else None,
                reason=reason.strip()[:200],
                by=by,
            )
    except IntegrityError as error:
        raise Conflict(
            "settled_already",
            _("Something is settled for this already. Take that away first."),
            field="enterprise",
        ) from error
    record("patrols.pin", first, by=by, unit=unit, changes=_told(pin))
    return pin


@transaction.atomic
def remove_pin(pin: Pin, *, by: User) -> None:
    """Raises Refused; Conflict when it is gone already."""
    must_divide(by, pin.unit_id)
    told, key = _told(pin), pin.pk
    if not Pin.objects.filter(pk=key).delete()[0]:
        raise Conflict("gone", _("Somebody has taken this away already."))
    record("patrols.unpin", pin.enterprise, by=by, unit=pin.unit, changes=told)


def _told(pin: Pin) -> dict[str, object]:
    told: dict[str, object] = {"kind": pin.kind}
    if pin.other is not None:
        told["other"] = pin.other.name
    if pin.team_number:
        told["team"] = pin.team_number
    if pin.reason:
        told["reason"] = pin.reason
    return told


@transaction.atomic
def set_barrier(unit: Unit, kind: str, name: str, line: Sequence[Point], *, by: User) -> Barrier:
    """A river, railway or road along these WGS-84 points. Raises Refused."""
    must_divide(by, unit)
    name = name.strip()
    if kind not in Barrier.Kind:
        raise Refused("unknown_kind", _("Choose what it is."), field="kind")
    if not name or len(name) > 40:
        raise Refused("missing", _("Give it a name of at most 40 characters."), field="name")
    if len(line) < 2:
        raise Refused("too_short", _("A line has at least two points."), field="line")
    if len(line) > MOST_POINTS:
        raise Refused(
            "too_long", _("A line has at most %(n)d points.") % {"n": MOST_POINTS}, field="line"
        )
    if Barrier.objects.filter(unit=unit).count() >= MOST_BARRIERS:
        raise Refused(
            "too_many",
            _("There are %(n)d already; take one away first.") % {"n": MOST_BARRIERS},
            field="name",
        )
    points = [[round(at.lon, 6), round(at.lat, 6)] for at in line]
    barrier = Barrier.objects.create(unit=unit, kind=kind, name=name, line=points, by=by)
    record("patrols.barrier", barrier, by=by, unit=unit, changes={"points": len(points)})
    return barrier


@transaction.atomic
def remove_barrier(barrier: Barrier, *, by: User) -> None:
    """Raises Refused; Conflict when it is gone already."""
    must_divide(by, barrier.unit_id)
    record("patrols.no_barrier", barrier, by=by, unit=barrier.unit)
    if not Barrier.objects.filter(pk=barrier.pk).delete()[0]:
        raise Conflict("gone", _("Somebody has taken this away already."))
