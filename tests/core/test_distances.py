"""Distances between many places at once, and as they are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.core.coordinates import Point, distance_m
from liaison.core.distances import from_point, great_circle, packed, unpacked

points = st.lists(st.builds(Point, st.floats(-180, 180), st.floats(-90, 90)), max_size=12)


@given(points)
def test_they_are_what_the_plain_formula_says(places):
    rows = great_circle(places)
    for i, here in enumerate(places):
        assert rows[i][i] == 0
        for j, there in enumerate(places):
            assert rows[i][j] == rows[j][i]
            # Both lose digits at the antipodes, where asin is steep.
            assert rows[i][j] == pytest.approx(distance_m(here, there), abs=1, rel=1e-6)


@given(points)
def test_what_is_kept_is_read_again(places):
    rows = great_circle(places)
    assert unpacked(packed(rows), len(places)) == rows


def test_the_start_is_one_row_more():
    gate, square, station = Point(120.5, 36.8), Point(120.51, 36.8), Point(120.5, 36.81)
    assert from_point(station, [gate, square]) == list(great_circle([station, gate, square])[0])[1:]
    assert from_point(gate, [square]) == [890]
    assert from_point(station, []) == []


def test_bytes_of_other_places_are_not_read_as_these():
    kept = packed(great_circle([Point(0, 0), Point(1, 1)]))
    with pytest.raises(ValueError, match="not the distances of 3"):
        unpacked(kept, 3)
