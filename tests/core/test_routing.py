"""The order of calls: exact where it says so, near the best known where it cannot be."""

import csv
import os
import time
from itertools import permutations
from math import cos, dist, pi, sin
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.core.routing import EXACT, improved, length, shortest

BENCHMARKS = (
    Path(os.environ.get("SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
    / "benchmarks"
)
SECONDS = 2.0
# Acceptance: within 2% of the best known.
MOST = 1.02


def table(places, scale=1):
    return [[round(scale * dist(a, b)) for b in places] for a in places]


def published():
    """(name, file, best known) of the instances on this machine, up to 150 places."""
    answers = BENCHMARKS / "best_known.csv"
    if not answers.exists():
        return []
    with answers.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["problem"] == "TSP"]
    found = []
    for row in rows:
        file = BENCHMARKS / "tsplib" / f"{row['instance']}.tsp"
        if file.exists() and len(places_of(file)) <= 150:
            found.append((row["instance"], file, float(row["value"])))
    return found


def places_of(file):
    """The coordinates of a TSPLIB file of the kind EUC_2D, whose distances are rounded."""
    head, _mark, rest = file.read_text().partition("NODE_COORD_SECTION")
    assert "EUC_2D" in head, file
    rows = rest.partition("EOF")[0].split("\n")
    return [tuple(map(float, row.split()[1:])) for row in rows if row.strip()]


@pytest.mark.parametrize(
    ("file", "best"), [pytest.param(*rest, id=name) for name, *rest in published()]
)
def test_published_instances(file, best):
    ways = table(places_of(file))
    route = shortest(ways, closed=True, seconds=SECONDS)
    assert sorted(route.order) == list(range(len(ways)))
    assert best <= route.length <= MOST * best
    assert route.length == length(ways, route.order, closed=True)


def test_the_published_instances_are_looked_for():
    if not BENCHMARKS.exists():
        pytest.skip("the shared benchmarks are not on this machine")
    assert len(published()) >= 5


def shuffled(places):
    """The same places in another order, always the same one."""
    step = next(n for n in range(len(places) // 3, len(places)) if gcd_is_one(n, len(places)))
    return [places[n * step % len(places)] for n in range(len(places))]


def gcd_is_one(a, b):
    while b:
        a, b = b, a % b
    return a == 1


def test_a_circle():
    """Round and round: no tour of points on a circle is shorter than their polygon."""
    n, radius = 150, 100_000
    points = [(radius * cos(2 * pi * k / n), radius * sin(2 * pi * k / n)) for k in range(n)]
    best = n * 2 * radius * sin(pi / n)
    found = shortest(table(shuffled(points)), closed=True, seconds=SECONDS)
    assert found.length <= MOST * best


def test_a_grid():
    """With an even side there is a tour in which every step is one to a neighbour."""
    points = [(1000 * x, 1000 * y) for x in range(12) for y in range(10)]
    found = shortest(table(shuffled(points)), closed=True, seconds=SECONDS)
    assert 120_000 <= found.length <= MOST * 120_000


def test_an_open_walk_along_a_road_does_not_come_back():
    points = [(1000 * x, 0) for x in range(40)]
    order = [points[0], *shuffled(points[1:])]
    found = shortest(table(order), seconds=0.5)
    assert found.length <= MOST * 39_000
    assert found.order[0] == 0
    assert not found.exact


whole = st.integers(0, 1000)


@st.composite
def tables(draw, least, most):
    """There and back may differ."""
    n = draw(st.integers(least, most))
    return [[0 if a == b else draw(whole) for b in range(n)] for a in range(n)]


@given(tables(0, 7), st.booleans())
def test_small_ones_are_the_best_there_is(ways, closed):
    route = shortest(ways, closed=closed)
    assert route.exact
    assert sorted(route.order) == list(range(len(ways)))
    orders = ((0, *rest) for rest in permutations(range(1, len(ways))))
    best = min((length(ways, one, closed=closed) for one in orders if len(ways)), default=0)
    assert route.length == length(ways, route.order, closed=closed) == best
    assert shortest(ways, closed=closed) == route


@st.composite
def spots(draw, least, most):
    """Distances between places on a plane: the same there and back."""
    place = st.tuples(whole, whole)
    return table(draw(st.lists(place, min_size=least, max_size=most)))


@settings(max_examples=15, deadline=None)
@given(spots(EXACT + 2, 30), st.booleans())
def test_large_ones_have_the_same_answer_every_time(ways, closed):
    route = shortest(ways, closed=closed, seconds=60)
    assert not route.exact
    assert route.order[0] == 0
    assert sorted(route.order) == list(range(len(ways)))
    assert route.length == length(ways, route.order, closed=closed)
    assert route.length <= length(ways, range(len(ways)), closed=closed)
    assert shortest(ways, closed=closed, seconds=60) == route


@settings(max_examples=60, deadline=None)
@given(spots(3, 9), st.booleans())
def test_the_search_for_large_ones_finds_the_best_of_small_ones(ways, closed):
    """Nearly always; never more than a little longer."""
    found = improved(ways, closed=closed, seconds=60)
    assert found[0] == 0
    assert sorted(found) == list(range(len(ways)))
    best = shortest(ways, closed=closed).length
    assert best <= length(ways, found, closed=closed) <= 1.1 * best


def test_the_search_ends_when_its_time_is_up():
    points = [(137 * n % 1000, 251 * n % 997) for n in range(150)]
    began = time.perf_counter()
    route = shortest(table(points), seconds=0.05)
    assert time.perf_counter() - began < 1
    assert sorted(route.order) == list(range(150))


def test_of_many_places_there_and_back_are_as_far():
    ways = table([(n, n * n) for n in range(EXACT + 2)])
    ways[3][1] += 1
    with pytest.raises(ValueError, match="as far"):
        shortest(ways)


def test_the_largest_that_is_ordered_exactly_is_as_good_as_the_search():
    points = [(137 * n % 1000, 251 * n % 997) for n in range(EXACT + 1)]
    ways = table(points, 100)
    exact = shortest(ways)
    assert exact.exact
    one_more = [*points, points[-1]]
    assert shortest(table(one_more, 100), seconds=0.5).length == exact.length


@pytest.mark.parametrize("ways", [[[0, 1]], [[0, 1], [1]], [[0, -1], [1, 0]]], ids=str)
def test_what_is_no_table_of_distances(ways):
    with pytest.raises(ValueError, match=r"columns|below"):
        shortest(ways)
