"""Who may hand workers in, and who may decide on them."""

from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from liaison.accounts.models import Kind, Unit, User
from liaison.core.refused import Refused


def must_hand_in(by: User, enterprise: Enterprise) -> None:
    """The enterprise's own contacts, and the station's people for them. Raises Refused."""
    if not hands_in(by) or not Enterprise.objects.visible_to(by).filter(pk=enterprise.pk).exists():
        raise Refused("not_yours", _("This enterprise is not yours."), field="enterprise")


def decides(by: User, unit: Unit | int) -> bool:
    """The station's own people register; a bureau only looks."""
    pk = unit.pk if isinstance(unit, Unit) else unit
    return by.is_active and by.is_station_staff and by.unit_id == pk


def must_decide(by: User, unit: Unit | int) -> None:
    if not decides(by, unit):
        raise Refused("not_allowed", _("Only the station's own people may do this."))


def may_export_whole(by: User) -> bool:
    return by.is_active and by.kind == Kind.CHIEF and by.unit_id is not None


def hands_in(user: User) -> bool:
    """A bureau looks and hands nothing in."""
    return user.is_contact or user.is_station_staff
