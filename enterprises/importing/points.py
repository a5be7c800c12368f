"""The point in a row: one pair or two columns, in any map's system, converted as it enters."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from enterprises.importing.words import SYSTEMS, is_nothing, meaning
from liaison.core.coordinates import CoordinateSystem, Point, to_wgs84

# Land and waters of China with some room. A station's enterprises do not lie abroad; a point
# that does is a slip: swapped columns, zeros, a lost decimal point.
_WEST, _EAST, _SOUTH, _NORTH = 73.0, 136.0, 3.0, 54.0
# Geocoders that find nothing answer with the middle of the country or of a city.
_CENTROID = re.compile(r"centroid|not[ _]a[ _]real|approximate|质心|中心点|几何中心|近似|不准")
# 1e-7 degree is a centimetre; more digits are noise that would look like a change.
_DIGITS = 7

Found = tuple[dict[str, Any], str, str]


def read_point(cells: Mapping[str, str], system: str = "") -> Found:
    """The columns of an enterprise that the cells fill, and a field with a remark, or empty.

    ``cells`` are texts by field, ``system`` is what holds where the row names none; WGS-84 when
    that is empty too.
    """
    lon, lat = cells.get("longitude", ""), cells.get("latitude", "")
    if cells.get("point") and not (lon or lat):
        parts = re.findall(r"\d+(?:\.\d+)?", cells["point"])
        if len(parts) != 2:
            return {}, "longitude", _("The point is not a pair of numbers and was left out.")
        lon, lat = parts
    if not lon and not lat:
        return {}, "longitude", _("No point: it will not be on the map.")
    if not lon or not lat:
        return {}, "longitude", _("Half of the point is missing, so it was left out.")
    if _CENTROID.search(cells.get("point_flag", "").lower()):
        return {}, "longitude", _("The point is marked as not the real place and was left out.")
    named = cells.get("coordinate_system", "")
    used = meaning(named, SYSTEMS) if named and not is_nothing(named) else system or "wgs84"
    if used is None and (used := _by_prefix(named)) is None:
        why = _("“%(system)s” is no coordinate system; the point was left out.")
        return {}, "longitude", why % {"system": named[:40]}
    try:
        point = Point(_degrees(lon), _degrees(lat))
    except ValueError as error:
        return {}, "longitude", _("The point was left out: %(why)s") % {"why": error}
    if not (_WEST <= point.lon <= _EAST and _SOUTH <= point.lat <= _NORTH):
        return {}, "longitude", _("The point does not lie in China and was left out.")
    converted = to_wgs84(point, used)
    return (
        {
            "longitude": round(converted.lon, _DIGITS),
            "latitude": round(converted.lat, _DIGITS),
            "coordinate_source": str(CoordinateSystem(used)),
        },
        "",
        "",
    )


def _by_prefix(named: str) -> str | None:
    """WGS-84 坐标系, BD-09 (百度): the name with words around it."""
    key = re.sub(r"[\W_]+", "", named.lower())
    for word in ("wgs84", "gcj02", "bd09", "cgcs2000", "高德", "腾讯", "百度", "天地图"):
        if word in key:
            return SYSTEMS[word]
    return None


def _degrees(text: str) -> float:
    """Decimal degrees, with or without a sign for degrees and a letter for the direction."""
    plain = re.sub(r"[°度]$|^[EeNn东北经纬]+|[EeNn]$", "", text.strip()).strip("°度 ")
    try:
        return float(plain)
    except ValueError:
        raise ValueError(_("“%(text)s” is not in decimal degrees.") % {"text": text[:40]}) from None
