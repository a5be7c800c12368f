"""How far it is between many places: computed once, kept as bytes, read in a moment."""

from array import array
from collections.abc import Sequence
from math import asin, cos, dist, radians, sin
from typing import TYPE_CHECKING

from liaison.core.coordinates import EARTH_RADIUS, Point

if TYPE_CHECKING:
    # Python 3.11 lets no array be subscripted.
    Row = array[int]
else:
    Row = array
Rows = Sequence[Sequence[int]]
# Four bytes each: enough for any two points of the earth, in whole metres.
_CODE = "I"


def great_circle(points: Sequence[Point]) -> list[Row]:
    """Whole metres between every two of these WGS-84 points, as :func:`distance_m` has them.

    One row a point. For n points n²/2 distances: 160 points take some milliseconds.
    """
    places = [_on_ball(point) for point in points]
    rows = [array(_CODE, bytes(4 * len(places))) for _ in places]
    for i, here in enumerate(places):
        row = rows[i]
        for j in range(i):
            row[j] = rows[j][i] = _metres(here, places[j])
    return rows


def from_point(start: Point, points: Sequence[Point]) -> list[int]:
    """Whole metres from one point to each of the others."""
    here = _on_ball(start)
    return [_metres(here, _on_ball(point)) for point in points]


def packed(rows: Sequence[Row]) -> bytes:
    return b"".join(row.tobytes() for row in rows)


def unpacked(kept: bytes, n: int) -> list[Row]:
    """The rows of n points again. Raises ``ValueError`` when there are not as many bytes."""
    if len(kept) != 4 * n * n:
        raise ValueError(f"{len(kept)} bytes are not the distances of {n} points")
    return [array(_CODE, kept[4 * n * i : 4 * n * (i + 1)]) for i in range(n)]


def _on_ball(point: Point) -> tuple[float, float, float]:
    lon, lat = radians(point.lon), radians(point.lat)
    return cos(lat) * cos(lon), cos(lat) * sin(lon), sin(lat)


def _metres(a: tuple[float, float, float], b: tuple[float, float, float]) -> int:
    # From the chord through the ball: the same as haversine, in one call of C.
    return round(2 * EARTH_RADIUS * asin(min(1.0, dist(a, b) / 2)))
