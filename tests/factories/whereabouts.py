"""People who are at work and let their position be kept, gates with a point, and positions."""

from datetime import timedelta
from math import cos, pi, radians
from typing import Any

import time_machine
from django.utils import timezone

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.core.coordinates import Point, from_wgs84
from liaison.whereabouts.actions import begin_shift, give_consent
from liaison.whereabouts.position import Position

# Metres of a degree on the ball that `distance_m` measures on.
PER_DEGREE = 6_371_008.8 * pi / 180
GATE = Point(117.12345, 36.65432)


def on_duty(person: User, *, hours: float = 4) -> User:
    """The person, who has begun a shift so many hours ago and agreed a day before that."""
    began = timezone.now() - timedelta(hours=hours)
    with time_machine.travel(began - timedelta(days=1)):
        give_consent(by=person)
    with time_machine.travel(began):
        begin_shift(by=person)
    return person


def placed(enterprise: Enterprise, point: Point | None = GATE) -> Enterprise:
    """The enterprise with its gate at this point."""
    enterprise.longitude, enterprise.latitude = (point.lon, point.lat) if point else (None, None)
    enterprise.save(update_fields=["longitude", "latitude"])
    return enterprise


def position_at(
    metres: float = 0, *, of: Point = GATE, system: str = "wgs84", **more: Any
) -> Position:
    """So many metres east of the gate, a minute ago, as read in this system."""
    east = Point(of.lon + metres / (PER_DEGREE * cos(radians(of.lat))), of.lat)
    read = from_wgs84(east, system)
    given = {"accuracy": 10.0, "taken_at": timezone.now() - timedelta(minutes=1), **more}
    return Position(read.lon, read.lat, system=system, **given)
