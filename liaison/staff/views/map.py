"""A station's enterprises, or a bureau's units, as points of our own: nothing from outside.

Where a tile server of the intranet is configured (TILE_URL), the same points lie on its tiles.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from enterprises.filters import EnterpriseFilter
from enterprises.models import Enterprise
from enterprises.summary import MILLIONTHS
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, User
from liaison.core.coordinates import Point, from_wgs84
from liaison.core.projection import HEIGHT, WIDTH, Projection
from liaison.summaries.reading import counted_at, counted_of

# A page with more points than this helps nobody.
MOST = 1500


@dataclass(frozen=True)
class Mark:
    """What lies at a point: an enterprise, or a unit in the middle of its enterprises."""

    name: str
    url: str
    point: Point
    css: str

    @property
    def shape(self) -> str:
        return self.css[:1]


@dataclass(frozen=True)
class Dot:
    """A mark at its place on the sheet, in sheet units; its name towards the middle."""

    mark: Mark
    x: str
    y: str
    text_x: str
    text_y: str
    anchor: str


@open_to(*STAFF)
def enterprise_map(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    asked = EnterpriseFilter(request.GET, user=user)
    # A bureau without a single station chosen looks at units; offered people mean there is one.
    shown = enterprises_of(user, asked) if asked.offers_people else units_of(asked)
    marks: list[Mark] = shown["marks"]
    sheet = Sheet([mark.point for mark in marks])
    context = {
        **shown,
        "filter": asked,
        "dots": [sheet.dot(mark) for mark in marks],
        "points": [_on_tiles(mark) for mark in marks] if settings.TILE_URL else [],
        "scale": sheet.scale_bar(),
        "width": WIDTH,
        "height": HEIGHT,
        "tiles": settings.TILE_URL,
    }
    return render(request, "staff/map.html", context)


def enterprises_of(user: User, asked: EnterpriseFilter) -> dict[str, Any]:
    """A mark for every enterprise that was asked for and has a place."""
    live = asked.apply(Enterprise.objects.visible_to(user)).live()
    rows = list(
        live.filter(longitude__isnull=False, latitude__isnull=False)
        .order_by("name", "pk")
        .only("pk", "name", "grade", "longitude", "latitude")[:MOST]
    )
    free = set(live.unassigned().values_list("pk", flat=True))
    return {
        "marks": [
            Mark(
                row.name,
                reverse("enterprise_detail", args=(row.pk,)),
                row.point,
                f"{row.grade[:1]} free" if row.pk in free else row.grade[:1],
            )
            for row in rows
            if row.point
        ],
        "placeless": live.filter(longitude__isnull=True).count(),
        "cut": len(rows) == MOST,
    }


def units_of(asked: EnterpriseFilter) -> dict[str, Any]:
    """A mark for every unit below the one chosen, or for each of several, as last counted."""
    chosen = asked.one_unit
    units = list(chosen.children.counted() if chosen else asked.chosen("unit"))
    found = counted_of([unit.pk for unit in units], "enterprises")
    numbers = {unit: found[unit.pk]["enterprises"] for unit in units if unit.pk in found}
    oldest = min((one.true_at for one in found.values()), default=None)
    return {
        "of_units": True,
        "marks": [
            Mark(
                f"{unit} {of['live']}",
                f"{reverse('map')}?unit={unit.code}",
                Point(
                    of["east"] / of["placed"] / MILLIONTHS, of["north"] / of["placed"] / MILLIONTHS
                ),
                "unit",
            )
            for unit, of in numbers.items()
            if of["placed"]
        ],
        "placeless": sum(of["live"] - of["placed"] for of in numbers.values()),
        "counted_at": counted_at(oldest, timezone.now()) if oldest else "",
        # What was counted ahead cannot be narrowed down by anything but the unit.
        "not_narrowed": asked.narrowed_besides("unit"),
    }


class Sheet(Projection):
    """Marks at their places."""

    def dot(self, mark: Mark) -> Dot:
        x, y = self.xy(mark.point)
        leftwards = x > WIDTH / 2
        # Strings, so that no language puts a comma into an SVG attribute.
        return Dot(
            mark,
            x=f"{x:.1f}",
            y=f"{y:.1f}",
            text_x=f"{x - 12 if leftwards else x + 12:.1f}",
            text_y=f"{y + 5:.1f}",
            anchor="end" if leftwards else "start",
        )


def _on_tiles(mark: Mark) -> dict[str, Any]:
    """The point in the tiles' own coordinate system, or it would lie some streets away."""
    point = from_wgs84(mark.point, settings.TILE_SYSTEM)
    return {
        "name": mark.name,
        "url": mark.url,
        "lon": round(point.lon, 6),
        "lat": round(point.lat, 6),
        "css": mark.css,
    }
