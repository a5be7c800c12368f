import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.core.coordinates import CoordinateSystem, Point, distance_m, from_wgs84, to_wgs84

# Published test values of gcoord, eviltransform and coordtransform, so that a machine without the
# large collection tests against somebody else's numbers too.
PUBLISHED = [
    ("wgs84", 114.0164322, 33.0133556, "gcj02", 114.022306, 33.0115324),
    ("gcj02", 114.022306, 33.0115324, "bd09", 114.0287781, 33.0176697),
    ("wgs84", 114.498916, 37.0700925, "gcj02", 114.5048503, 37.0705911),
    ("wgs84", 121.5272106, 31.1774276, "gcj02", 121.531541859215, 31.17530398364597),
    ("wgs84", 113.912316, 22.543847, "gcj02", 113.9171764808363, 22.540796131694766),
    ("bd09", 116.404, 39.915, "gcj02", 116.39762729119315, 39.90865673957631),
    ("gcj02", 116.404, 39.915, "wgs84", 116.39775550083061, 39.91359571849836),
]
COLLECTION = (
    Path(os.environ.get("SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
    / "geo"
    / "coord_pairs.csv"
)
systems = st.sampled_from(CoordinateSystem)
# Well inside the box that conversion covers; at its very edge a shifted point may fall outside.
points_in_china = st.builds(Point, st.floats(73.5, 135.1), st.floats(3.8, 53.6))


def convert(point, source, target):
    return from_wgs84(to_wgs84(point, source), target)


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: f"{row[0]}-{row[3]}-{row[1]}")
def test_published_values(row):
    source, lon, lat, target, to_lon, to_lat = row
    assert distance_m(convert(Point(lon, lat), source, target), Point(to_lon, to_lat)) < 1


def test_collected_values():
    if not COLLECTION.exists():
        pytest.skip("the shared collection of coordinate pairs is not on this machine")
    checked = 0
    with COLLECTION.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            source, target = row["from_crs"].lower(), row["to_crs"].lower()
            if row["library"] == "eviltransform" and source == "bd09":
                # That library turns by pi where BD-09 turns by pi * 3000 / 180, and is up to
                # 41 m away from both others.
                continue
            start = Point(float(row["from_lon"]), float(row["from_lat"]))
            end = Point(float(row["to_lon"]), float(row["to_lat"]))
            assert distance_m(convert(start, source, target), end) < 1, row
            checked += 1
    assert checked > 1300


@given(points_in_china, systems)
def test_there_and_back(point, system):
    back = to_wgs84(from_wgs84(point, system), system)
    assert abs(back.lon - point.lon) < 1e-6
    assert abs(back.lat - point.lat) < 1e-6


@given(points_in_china)
def test_shift_is_what_breaks_a_geofence(point):
    assert 0 < distance_m(point, from_wgs84(point, "gcj02")) < 1500


@given(st.builds(Point, st.floats(-180, 71), st.floats(-90, 90)))
def test_gcj02_leaves_the_rest_of_the_world_alone(point):
    assert from_wgs84(point, "gcj02") == point
    assert to_wgs84(point, "gcj02") == point


@given(points_in_china)
def test_cgcs2000_is_wgs84(point):
    assert to_wgs84(point, CoordinateSystem.CGCS2000) == point


def test_distance_of_one_degree_of_latitude():
    assert distance_m(Point(120.5, 36), Point(120.5, 37)) == pytest.approx(111_195, abs=1)
    assert distance_m(Point(179.9999, 0), Point(-179.9999, 0)) == pytest.approx(22.2, abs=0.1)


@given(points_in_china, points_in_china)
def test_distance_is_symmetric(a, b):
    assert distance_m(a, b) == pytest.approx(distance_m(b, a))
    assert distance_m(a, a) == 0


@pytest.mark.parametrize(
    ("lon", "lat"), [(36.8, 120.5), (181, 0), (float("nan"), 36), (120, float("inf"))]
)
def test_impossible_points_are_refused(lon, lat):
    with pytest.raises(ValueError):
        Point(lon, lat)


def test_unknown_system_is_refused():
    with pytest.raises(ValueError):
        to_wgs84(Point(120, 36), "mars")
