"""Verbs on units and people."""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from liaison.accounts.models import Unit, path_below
from liaison.core.coordinates import Point
from liaison.core.refused import Refused

# Which kind of unit may stand under which.
PARENTS: dict[str, tuple[str | None, ...]] = {
    Unit.Kind.BUREAU: (None, Unit.Kind.BUREAU),
    Unit.Kind.STATION: (None, Unit.Kind.BUREAU),
    Unit.Kind.SQUAD: (Unit.Kind.BUREAU, Unit.Kind.STATION),
}


def must_fit(kind: str, parent: Unit | None) -> None:
    """Raises Refused("wrong_parent") when such a unit may not stand under this one."""
    if (parent.kind if parent else None) not in PARENTS[kind]:
        raise Refused("wrong_parent", _("A unit of this kind cannot stand there."), field="parent")


@transaction.atomic
def create_unit(*, code: str, name: str, kind: str, parent: Unit | None = None) -> Unit:
    """Add a unit to the tree. Raises Refused when that kind may not stand there."""
    must_fit(kind, parent)
    # The path holds the row's own id, known only after the insert; the random stand-in keeps
    # the unique column honest for the moment between the two statements.
    unit = Unit.objects.create(
        code=code, name=name, kind=kind, parent=parent, path=f"?{uuid.uuid4()}"
    )
    unit.path = path_below(parent, unit.pk)
    unit.save(update_fields=["path"])
    return unit


def rename_unit(unit: Unit, name: str) -> None:
    """Give the unit another name. Raises Refused when it cannot be one."""
    unit.name = name.strip()
    try:
        unit.clean_fields(exclude=[one.name for one in Unit._meta.fields if one.name != "name"])
    except ValidationError as error:
        raise Refused("invalid", " ".join(error.messages), field="name") from error
    unit.save(update_fields=["name"])


def place_unit(unit: Unit, point: Point | None) -> None:
    """Say where the unit's house is (WGS-84): day plans begin there. None: it is not known."""
    unit.longitude, unit.latitude = (point.lon, point.lat) if point else (None, None)
    unit.save(update_fields=["longitude", "latitude"])
