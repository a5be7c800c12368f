"""A route drawn: its checkpoints in walking order, the way, where the station patrols itself."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings

from liaison.core.coordinates import Point, from_wgs84
from liaison.core.projection import HEIGHT, METRES_PER_DEGREE, WIDTH, Projection
from patrols.coverage import Coverage, Covered
from patrols.models import StationPatrol


def drawn(of: Coverage) -> dict[str, Any]:
    """What ``patrols/_route_map.html`` draws, on a sheet of our own or, where a tile server is
    configured, on its tiles."""
    points = [one.checkpoint.point for one in of.rows]
    if settings.TILE_URL:
        return {"tiles": settings.TILE_URL, **_on_tiles(of, points)}
    # A patrol may reach far beyond the route: the sheet is for the route.
    sheet = Projection(points)
    placed = [sheet.xy(one) for one in points]
    # Strings, so that no language puts a comma into an SVG.
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "scale": sheet.scale_bar(),
        "way": " ".join(f"{x:.1f},{y:.1f}" for x, y in placed),
        "circles": [_circle(sheet, one) for one in of.patrols],
        "dots": [
            {
                "row": row,
                "number": n,
                "css": _css(row),
                "x": f"{x:.1f}",
                "y": f"{y:.1f}",
                "text_x": f"{x - 16 if x > WIDTH / 2 else x + 16:.1f}",
                "text_y": f"{y + 5:.1f}",
                "anchor": "end" if x > WIDTH / 2 else "start",
            }
            for n, (row, (x, y)) in enumerate(zip(of.rows, placed, strict=True), 1)
        ],
    }


def _css(row: Covered) -> str:
    """As the other maps name their colours: red where the station never comes, else blue."""
    return "unit" if row.by_station else "r"


def _circle(sheet: Projection, patrol: StationPatrol) -> dict[str, str]:
    x, y = sheet.xy(patrol.point)
    radius = patrol.radius / METRES_PER_DEGREE * sheet.scale
    return {"name": patrol.name, "x": f"{x:.1f}", "y": f"{y:.1f}", "r": f"{radius:.1f}"}


def _on_tiles(of: Coverage, points: Sequence[Point]) -> dict[str, Any]:
    """In the tiles' own coordinate system, or everything would lie some streets away."""
    theirs = [from_wgs84(one, settings.TILE_SYSTEM) for one in points]
    return {
        "points": [
            {
                "name": f"{n} {row.checkpoint.name}",
                "url": f"#checkpoint-{row.checkpoint.pk}",
                "css": _css(row),
                **_degrees(point),
            }
            for n, (row, point) in enumerate(zip(of.rows, theirs, strict=True), 1)
        ],
        "way": [_degrees(point) for point in theirs],
        "circles": [
            {
                "name": one.name,
                "radius": one.radius,
                **_degrees(from_wgs84(one.point, settings.TILE_SYSTEM)),
            }
            for one in of.patrols
        ],
    }


def _degrees(point: Point) -> dict[str, float]:
    return {"lon": round(point.lon, 6), "lat": round(point.lat, 6)}
