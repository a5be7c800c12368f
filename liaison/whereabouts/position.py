"""A position as a phone measured it."""

from dataclasses import dataclass
from datetime import datetime
from math import isfinite

from django.utils.translation import gettext_lazy as _

from liaison.core.coordinates import CoordinateSystem, Point, to_wgs84

# Coarser than this a phone does not know which town it is in.
COARSEST = 100_000.0
# Digits after the point that are kept: about a metre, which is more than a phone measures.
DIGITS = 5


@dataclass(frozen=True, slots=True)
class Position:
    """Where a phone was: degrees as read in ``system``, ``accuracy`` in metres (the radius within
    which the phone believes to be), ``taken_at`` by the phone's clock.

    Browsers measure in WGS-84; WeChat gives GCJ-02 when it is asked for it, Baidu's own BD-09.
    Raises ``ValueError`` when it is nowhere on the globe, the accuracy is none or the system is not
    known.
    """

    longitude: float
    latitude: float
    accuracy: float
    taken_at: datetime
    system: str = CoordinateSystem.WGS84

    def __post_init__(self) -> None:
        Point(self.longitude, self.latitude)
        CoordinateSystem(self.system)
        if not (isfinite(self.accuracy) and 0 <= self.accuracy <= COARSEST):
            raise ValueError(_("The accuracy must lie between 0 and 100000 metres."))

    @property
    def point(self) -> Point:
        """In WGS-84, no finer than it was measured."""
        point = to_wgs84(Point(self.longitude, self.latitude), self.system)
        return Point(round(point.lon, DIGITS), round(point.lat, DIGITS))
