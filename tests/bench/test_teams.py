"""What divisions into teams are compared with, and what of it is too much."""

import itertools
import random

import pytest

from bench.clusterings import cost_of, read_all
from bench.dividing import constrained_k_means, cp_sat, metres_of
from bench.teams import Divided, Grouping, Solved, failures, report
from liaison.core.coordinates import Point
from liaison.core.distances import great_circle

KNOWN = (
    "instance,problem,value,kind,source\na,capacitated p-median,12,best,here\nb,TSP,1,best,here\n"
)


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "best_known.csv").write_text(KNOWN)
    (tmp_path / "sets").mkdir()
    return tmp_path


@pytest.mark.parametrize(
    ("name", "text", "far"),
    [
        # Cut to whole ones, as the best known are counted.
        ("a.txt", "1 12\n4 2 10\n1 0 0 4\n2 1 1 4\n3 8 8 5\n4 9 9 5\n", 1.0),
        ("a.dat", "4 2\n0 0 10 4\n1 1 10 4\n8 8 10 5\n9 9 10 5\n", 2**0.5),
    ],
)
def test_an_instance_is_read_and_an_answer_counted_from_it(folder, name, text, far):
    (folder / "sets" / name).write_text(text)
    (folder / "sets" / "b.txt").write_text("not one of ours")
    (one,) = read_all(folder)
    assert (one.name, one.best) == ("a", 12)
    assert one.instance.weights == [4, 4, 5, 5]
    assert cost_of(one.instance, [0, 0, 1, 1]) == pytest.approx(2 * far)
    # Over the capacity, an empty team, and one in none.
    for wrong in ([0, 0, 0, 1], [0, 0, 0, 0], [0, 0, 1, -1]):
        assert cost_of(one.instance, wrong) is None


def test_a_folder_without_instances_says_so(folder, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"best_known\.csv"):
        read_all(folder)
    with pytest.raises(FileNotFoundError):
        read_all(tmp_path / "nowhere")


def test_both_others_keep_sizes_and_the_exact_one_is_the_best_there_is():
    chance = random.Random(3)
    points = [Point(120.5 + chance.random() / 50, 36.8 + chance.random() / 50) for _ in range(8)]
    ways = great_circle(points)
    fewest = min(
        metres_of(ways, [list(one), list(other)])
        for one in itertools.combinations(range(8), 3)
        for other in itertools.combinations(sorted(set(range(8)) - set(one)), 3)
    )
    exact = cp_sat(ways, 2, 2, 3, 20)
    means = [constrained_k_means(points, 2, 2, 3, chance) for _ in range(10)]
    assert metres_of(ways, exact) == fewest
    for teams in (exact, *means):
        assert [len(team) for team in teams] == [3, 3]
        assert len({one for team in teams for one in team}) == 6
        assert metres_of(ways, teams) >= fewest


def result(ours=100, means=100, exact=100, percent=1.0, sizes=(7, 10)):
    def divided(what, metres):
        return Divided(what, metres, sum(sizes), list(sizes), 1.0)

    solved = Solved("a", 50, 5, 100.0, None if percent is None else 100.0 + percent, 10.0)
    return Grouping(
        [solved], "", [divided("ours", ours), divided("k-means", means), divided("CP-SAT", exact)]
    )


def test_as_good_as_the_others_is_good_enough():
    assert failures(result()) == []
    assert failures(result(percent=2.0, ours=90)) == []


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"percent": 2.1}, "2.10 % above"),
        ({"percent": None}, "does not fit"),
        ({"means": 99}, "k-means is 99 m"),
        ({"exact": 99}, "CP-SAT is 99 m"),
        ({"sizes": (6, 10)}, "teams of [6, 10]"),
    ],
)
def test_what_is_too_much_is_said(more, said):
    assert any(said in one for one in failures(result(**more)))


def test_what_was_left_out_is_told():
    bare = Grouping([], "no folder is named", result().divided)
    assert failures(bare) == []
    assert "left out: no folder is named" in report(bare)
