"""A division drawn on a sheet: each enterprise a dot with its team's number."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.urls import reverse

from enterprises.models import Enterprise
from liaison.core.coordinates import Point, from_wgs84
from liaison.core.distances import from_point
from liaison.core.projection import HEIGHT, WIDTH, Projection
from patrols.models import Barrier
from patrols.reasons import metres

# Colours repeat; what tells teams apart is the number in the dot.
COLOURS = 12


@dataclass
class TeamOnMap:
    """A team of a division with its members; ``metres`` from all of them to the centre."""

    number: int
    members: list[Enterprise] = field(default_factory=list)
    centre: Enterprise | None = None
    metres: int = 0

    @property
    def css(self) -> str:
        return f"t{(self.number - 1) % COLOURS}"

    @property
    def size(self) -> int:
        return len(self.members)

    @property
    def way(self) -> str:
        return metres(self.metres)


def teams_of(places: Mapping[Enterprise, int | None], teams: int = 0) -> list[TeamOnMap]:
    """By number, also empty ones up to ``teams``. The centre is the member that has the least sum
    of straight distances; barriers, by which proposals are judged, are not counted here."""
    found = {number: TeamOnMap(number) for number in range(1, teams + 1)}
    for enterprise, number in places.items():
        if number is not None:
            found.setdefault(number, TeamOnMap(number)).members.append(enterprise)
    for team in found.values():
        placed = [(one, at) for one in team.members if (at := one.point) is not None]
        points = [at for _one, at in placed]
        sums = [(sum(from_point(at, points)), one.pk, one) for one, at in placed]
        if sums:
            team.metres, _pk, team.centre = min(sums, key=lambda one: one[:2])
    return [found[number] for number in sorted(found)]


def drawn(
    places: Mapping[Enterprise, int | None],
    teams: Sequence[TeamOnMap],
    barriers: Iterable[Barrier],
) -> dict[str, Any]:
    """What ``patrols/_map.html`` draws. Strings, so that no language puts a comma into an SVG."""
    lines = [(one, [Point(*at) for at in one.line]) for one in barriers]
    placed = {one: at for one in places if (at := one.point) is not None}
    # A barrier may reach far beyond the station: the sheet is for the enterprises.
    sheet = Projection(list(placed.values()) or [at for _one, line in lines for at in line])
    where = {one: sheet.xy(at) for one, at in placed.items()}
    spokes = []
    for team in teams:
        if team.centre is None:
            continue
        to = where[team.centre]
        spokes += [
            {"css": team.css, **_ends(where[one], to)}
            for one in team.members
            if one in where and one != team.centre
        ]
    css = {team.number: team.css for team in teams}
    centres = {team.centre for team in teams}
    return {
        "width": WIDTH,
        "height": HEIGHT,
        "scale": sheet.scale_bar(),
        "spokes": spokes,
        "barriers": [
            {
                "name": one.name,
                "points": " ".join(f"{x:.1f},{y:.1f}" for x, y in map(sheet.xy, line)),
            }
            for one, line in lines
        ],
        "dots": [
            {
                "enterprise": one,
                "number": places[one],
                "css": css.get(places[one] or 0, "out"),
                "centre": one in centres,
                "x": f"{x:.1f}",
                "y": f"{y:.1f}",
                "text_x": f"{x - 14 if x > WIDTH / 2 else x + 14:.1f}",
                "text_y": f"{y + 5:.1f}",
                "anchor": "end" if x > WIDTH / 2 else "start",
            }
            for one, (x, y) in where.items()
        ],
        # From which the page works out what was clicked on.
        "west": f"{sheet.west - sheet.left / sheet.scale / sheet.squeeze:.7f}",
        "north": f"{sheet.north + sheet.top / sheet.scale:.7f}",
        "per_lon": f"{sheet.scale * sheet.squeeze:.3f}",
        "per_lat": f"{sheet.scale:.3f}",
        "tiles": settings.TILE_URL,
        "on_tiles": _on_tiles(placed, places, teams, lines) if settings.TILE_URL else None,
    }


def _on_tiles(
    placed: Mapping[Enterprise, Point],
    places: Mapping[Enterprise, int | None],
    teams: Sequence[TeamOnMap],
    lines: Sequence[tuple[Barrier, Sequence[Point]]],
) -> dict[str, Any]:
    """The same for a map of tiles, in their own coordinate system."""
    css = {team.number: team.css for team in teams}
    centres = {team.centre for team in teams}
    return {
        "points": [
            {
                "name": one.name,
                "url": reverse("division_place", args=(one.pk,)),
                "at": _lat_lon(at),
                "team": places[one],
                "css": css.get(places[one] or 0, "out"),
                "centre": one in centres,
            }
            for one, at in placed.items()
        ],
        "spokes": [
            [_lat_lon(placed[one]), _lat_lon(placed[team.centre])]
            for team in teams
            if team.centre is not None
            for one in team.members
            if one in placed and one != team.centre
        ],
        "barriers": [
            {"name": one.name, "line": [_lat_lon(at) for at in line]} for one, line in lines
        ],
    }


def _lat_lon(at: Point) -> tuple[float, float]:
    """As Leaflet takes it."""
    there = from_wgs84(at, settings.TILE_SYSTEM)
    return round(there.lat, 6), round(there.lon, 6)


def _ends(a: tuple[float, float], b: tuple[float, float]) -> dict[str, str]:
    return {"x1": f"{a[0]:.1f}", "y1": f"{a[1]:.1f}", "x2": f"{b[0]:.1f}", "y2": f"{b[1]:.1f}"}
