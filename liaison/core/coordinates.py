"""Where a point is: the coordinate systems of Chinese maps, and distances between points.

Everything is stored as WGS-84. Maps in China show points in other systems: 高德 and 腾讯 use
GCJ-02, which shifts a point by 50-700 m, 百度 uses BD-09, which shifts it once more. A geofence
of 200 m is worthless unless points are converted where they enter.

The two formulas are not published by their makers; these are the ones every open implementation
shares (eviltransform, gcoord, coordtransform). Libraries agree with each other, and so with this
module, to about a metre.
"""

from dataclasses import dataclass
from math import asin, atan2, cos, hypot, isfinite, pi, radians, sin, sqrt

from django.db import models
from django.utils.translation import gettext_lazy as _


class CoordinateSystem(models.TextChoices):
    """The system a pair of numbers was read in."""

    WGS84 = "wgs84", _("WGS-84 (GPS, phones)")
    GCJ02 = "gcj02", _("GCJ-02 (Amap, Tencent)")
    BD09 = "bd09", _("BD-09 (Baidu)")
    CGCS2000 = "cgcs2000", _("CGCS2000 (Tianditu)")


@dataclass(frozen=True, slots=True)
class Point:
    """Longitude and latitude in decimal degrees; which system is known from the context.

    Raises ``ValueError`` when either is not a number on the globe, which is also what tells
    swapped values in China: a latitude of 120 does not exist.
    """

    lon: float
    lat: float

    def __post_init__(self) -> None:
        if not (isfinite(self.lon) and -180 <= self.lon <= 180):
            raise ValueError(_("The longitude must lie between -180 and 180."))
        if not (isfinite(self.lat) and -90 <= self.lat <= 90):
            raise ValueError(_("The latitude must lie between -90 and 90."))


def point_of(longitude: float | None, latitude: float | None) -> Point | None:
    """The point of two columns that may be empty."""
    return None if longitude is None or latitude is None else Point(longitude, latitude)


# The Krasovsky 1940 ellipsoid, which GCJ-02 is computed on: semi-major axis (m), eccentricity².
_AXIS = 6_378_245.0
_ECCENTRICITY_2 = 0.00669342162296594323
_BD_TURN = pi * 3000.0 / 180.0
# Mean radius of the earth (IUGG), metres.
EARTH_RADIUS = 6_371_008.8
# Far below what a phone can measure (1e-10 degree is 0.01 mm).
_PRECISION = 1e-10


def to_wgs84(point: Point, system: CoordinateSystem | str) -> Point:
    """Convert a point read in ``system`` to WGS-84; exact to less than 1e-6 degree.

    CGCS2000 is treated as WGS-84: its ellipsoid differs by 0.1 mm, its frame by a few
    decimetres of continental drift, both below the error of any phone or map click.
    """
    match CoordinateSystem(system):
        case CoordinateSystem.GCJ02:
            return _gcj02_to_wgs84(point)
        case CoordinateSystem.BD09:
            return _gcj02_to_wgs84(_bd09_to_gcj02(point))
        case _:
            return point


def from_wgs84(point: Point, system: CoordinateSystem | str) -> Point:
    """Convert a stored WGS-84 point into ``system``, to draw it on that system's map."""
    match CoordinateSystem(system):
        case CoordinateSystem.GCJ02:
            return _wgs84_to_gcj02(point)
        case CoordinateSystem.BD09:
            return _gcj02_to_bd09(_wgs84_to_gcj02(point))
        case _:
            return point


def distance_m(a: Point, b: Point) -> float:
    """Metres between two WGS-84 points along the great circle (haversine).

    The earth is taken as a ball: at most 0.5 % off, half a metre in a geofence of 100 m.
    """
    lat_a, lat_b = radians(a.lat), radians(b.lat)
    half_lat = sin((lat_b - lat_a) / 2)
    half_lon = sin(radians(b.lon - a.lon) / 2)
    h = half_lat**2 + cos(lat_a) * cos(lat_b) * half_lon**2
    # Rounding can push antipodes a hair above 1, where asin has no answer.
    return 2 * EARTH_RADIUS * asin(min(1.0, sqrt(h)))


def _outside_china(point: Point) -> bool:
    """Whether map makers leave the point alone: the box that the open implementations share."""
    return not (72.004 <= point.lon <= 137.8347 and 0.8293 <= point.lat <= 55.8271)


def _shift(lon: float, lat: float) -> tuple[float, float]:
    """What GCJ-02 adds to a WGS-84 point, in degrees."""
    x, y = lon - 105.0, lat - 35.0
    root = sqrt(abs(x))
    common = (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    north = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + common
    north += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    north += (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0
    east = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + common
    east += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    east += (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0
    phi = radians(lat)
    magic = 1 - _ECCENTRICITY_2 * sin(phi) ** 2
    d_lat = north * 180.0 / ((_AXIS * (1 - _ECCENTRICITY_2)) / (magic * sqrt(magic)) * pi)
    d_lon = east * 180.0 / (_AXIS / sqrt(magic) * cos(phi) * pi)
    return d_lon, d_lat


def _wgs84_to_gcj02(point: Point) -> Point:
    if _outside_china(point):
        return point
    d_lon, d_lat = _shift(point.lon, point.lat)
    return Point(point.lon + d_lon, point.lat + d_lat)


def _gcj02_to_wgs84(point: Point) -> Point:
    if _outside_china(point):
        return point
    # The shift changes slowly (about 1 part in 1000), so taking off the shift of the best guess
    # so far gains three digits each round.
    lon, lat = point.lon, point.lat
    for _round in range(20):
        d_lon, d_lat = _shift(lon, lat)
        step_lon, step_lat = point.lon - d_lon - lon, point.lat - d_lat - lat
        lon, lat = lon + step_lon, lat + step_lat
        if max(abs(step_lon), abs(step_lat)) < _PRECISION:
            break
    return Point(lon, lat)


def _turn(lon: float, lat: float) -> tuple[float, float]:
    z = hypot(lon, lat) + 0.00002 * sin(lat * _BD_TURN)
    theta = atan2(lat, lon) + 0.000003 * cos(lon * _BD_TURN)
    return z * cos(theta) + 0.0065, z * sin(theta) + 0.006


def _gcj02_to_bd09(point: Point) -> Point:
    return Point(*_turn(point.lon, point.lat))


def _bd09_to_gcj02(point: Point) -> Point:
    lon, lat = point.lon - 0.0065, point.lat - 0.006
    for _round in range(50):
        bd_lon, bd_lat = _turn(lon, lat)
        step_lon, step_lat = point.lon - bd_lon, point.lat - bd_lat
        lon, lat = lon + step_lon, lat + step_lat
        if max(abs(step_lon), abs(step_lat)) < _PRECISION:
            break
    return Point(lon, lat)
