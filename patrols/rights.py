"""Who may do what with teams, guards and rosters; the same for page, phone, API and import."""

from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from liaison.accounts.models import OVERSEERS, Unit, User
from liaison.core.refused import Refused


def keeps(by: User, unit: Unit | int) -> bool:
    """The station's own people see to guards, rosters and swaps; a bureau only looks."""
    pk = unit.pk if isinstance(unit, Unit) else unit
    return by.is_active and by.is_station_staff and by.unit_id == pk


def must_keep(by: User, unit: Unit | int) -> None:
    """Raises Refused."""
    if not keeps(by, unit):
        raise Refused("not_allowed", _("Only the station's own people may do this."))


def divides(by: User, unit: Unit | int) -> bool:
    """Desk and chiefs divide the enterprises into teams and publish rosters."""
    return keeps(by, unit) and by.kind in OVERSEERS


def must_divide(by: User, unit: Unit | int) -> None:
    """Raises Refused."""
    if not divides(by, unit):
        raise Refused("not_allowed", _("Only the desk and the chiefs may do this."))


def speaks_for(by: User, enterprise: Enterprise) -> bool:
    """A contact of the enterprise itself, or the station's people on its behalf."""
    if by.is_contact:
        return (
            by.is_active
            and by.contact_for.filter(left_on__isnull=True, enterprise=enterprise).exists()
        )
    return keeps(by, enterprise.unit_id)


def must_speak_for(by: User, enterprise: Enterprise) -> None:
    """Raises Refused."""
    if not speaks_for(by, enterprise):
        raise Refused("not_yours", _("This enterprise is not yours."), field="enterprise")
