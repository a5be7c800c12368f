"""The station's enterprises on a map of our own points: no tiles, nothing from outside.

Where a tile server of the intranet is configured (TILE_URL), the same points lie on its tiles.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from enterprises.filters import EnterpriseFilter
from enterprises.models import Assignment, Enterprise
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, User
from liaison.core.coordinates import Point, from_wgs84

WIDTH, HEIGHT, MARGIN = 960, 600, 36
# A page with more points than this helps nobody; a bureau narrows down by station.
MOST = 1500
METRES_PER_DEGREE = 111_320


@dataclass(frozen=True)
class Dot:
    """An enterprise at its place on the sheet, in sheet units; its name towards the middle."""

    pk: int
    name: str
    x: str
    y: str
    text_x: str
    text_y: str
    anchor: str
    shape: str
    css: str


@open_to(*STAFF)
def enterprise_map(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    asked = EnterpriseFilter(request.GET, user=user)
    answered = Assignment.objects.filter(
        enterprise=OuterRef("pk"), role=Assignment.Role.RESPONSIBLE, ended_at__isnull=True
    )
    live = asked.apply(Enterprise.objects.visible_to(user)).live()
    rows = list(
        live.filter(longitude__isnull=False, latitude__isnull=False)
        .annotate(answered=Exists(answered))
        .order_by("name", "pk")
        .only("pk", "name", "grade", "longitude", "latitude")[:MOST]
    )
    sheet = Sheet(rows)
    context = {
        "filter": asked,
        "dots": [sheet.dot(row) for row in rows],
        "points": [_on_tiles(row) for row in rows] if settings.TILE_URL else [],
        "scale": sheet.scale_bar(),
        "width": WIDTH,
        "height": HEIGHT,
        "placeless": live.filter(longitude__isnull=True).count(),
        "cut": len(rows) == MOST,
        "tiles": settings.TILE_URL,
    }
    return render(request, "staff/map.html", context)


class Sheet:
    """Degrees to sheet units, north up, one scale both ways.

    An equirectangular projection about the middle: within a station's few kilometres it is off
    by less than a dot's width.
    """

    def __init__(self, rows: Sequence[Enterprise]) -> None:
        lons = [row.longitude or 0.0 for row in rows] or [0.0]
        lats = [row.latitude or 0.0 for row in rows] or [0.0]
        self.west, self.north = min(lons), max(lats)
        self.squeeze = math.cos(math.radians((min(lats) + max(lats)) / 2))
        wide = max((max(lons) - min(lons)) * self.squeeze, 1e-4)
        tall = max(max(lats) - min(lats), 1e-4)
        # Sheet units per degree of latitude.
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / tall)
        self.left = (WIDTH - wide * self.scale) / 2
        self.top = (HEIGHT - tall * self.scale) / 2

    def dot(self, row: Enterprise) -> Dot:
        x = self.left + ((row.longitude or 0) - self.west) * self.squeeze * self.scale
        y = self.top + (self.north - (row.latitude or 0)) * self.scale
        leftwards = x > WIDTH / 2
        # Strings, so that no language puts a comma into an SVG attribute.
        return Dot(
            row.pk,
            row.name,
            x=f"{x:.1f}",
            y=f"{y:.1f}",
            text_x=f"{x - 12 if leftwards else x + 12:.1f}",
            text_y=f"{y + 5:.1f}",
            anchor="end" if leftwards else "start",
            shape=row.grade[:1],
            css=_css(row),
        )

    def scale_bar(self) -> dict[str, object]:
        """A round length that takes about a sixth of the width."""
        metres_per_unit = METRES_PER_DEGREE / self.scale
        rough = WIDTH / 6 * metres_per_unit
        base = 10 ** math.floor(math.log10(rough))
        length = max(step * base for step in (1, 2, 5) if step * base <= rough)
        words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
        return {"width": f"{length / metres_per_unit:.1f}", "words": words}


def _css(row: Enterprise) -> str:
    return row.grade[:1] if row.answered else f"{row.grade[:1]} free"  # type: ignore[attr-defined]


def _on_tiles(row: Enterprise) -> dict[str, Any]:
    """The point in the tiles' own coordinate system, or it would lie some streets away."""
    point = from_wgs84(Point(row.longitude or 0.0, row.latitude or 0.0), settings.TILE_SYSTEM)
    return {
        "name": row.name,
        "url": reverse("enterprise_detail", args=(row.pk,)),
        "lon": round(point.lon, 6),
        "lat": round(point.lat, 6),
        "css": _css(row),
    }
