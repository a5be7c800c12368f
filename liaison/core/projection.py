"""Degrees to sheet units, for maps that are drawn and not made of tiles."""

import math
from collections.abc import Sequence

from liaison.core.coordinates import Point

WIDTH, HEIGHT, MARGIN = 960, 600, 36
METRES_PER_DEGREE = 111_320


class Projection:
    """North up, one scale both ways, all points on a sheet of WIDTH by HEIGHT.

    An equirectangular projection about the middle: within a station's few kilometres it is
    off by less than a dot's width; a province is drawn to be clicked on, not to be measured.
    """

    def __init__(self, points: Sequence[Point]) -> None:
        lons = [point.lon for point in points] or [0.0]
        lats = [point.lat for point in points] or [0.0]
        self.west, self.north = min(lons), max(lats)
        self.squeeze = math.cos(math.radians((min(lats) + max(lats)) / 2))
        wide = max((max(lons) - min(lons)) * self.squeeze, 1e-4)
        tall = max(max(lats) - min(lats), 1e-4)
        # Sheet units per degree of latitude.
        self.scale = min((WIDTH - 2 * MARGIN) / wide, (HEIGHT - 2 * MARGIN) / tall)
        self.left = (WIDTH - wide * self.scale) / 2
        self.top = (HEIGHT - tall * self.scale) / 2

    def xy(self, point: Point) -> tuple[float, float]:
        return (
            self.left + (point.lon - self.west) * self.squeeze * self.scale,
            self.top + (self.north - point.lat) * self.scale,
        )

    def scale_bar(self) -> dict[str, object]:
        """A round length that takes about a sixth of the width."""
        metres_per_unit = METRES_PER_DEGREE / self.scale
        rough = WIDTH / 6 * metres_per_unit
        base = 10 ** math.floor(math.log10(rough))
        length = max(step * base for step in (1, 2, 5) if step * base <= rough)
        words = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
        return {"width": f"{length / metres_per_unit:.1f}", "words": words}
