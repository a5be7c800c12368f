"""The sweep: every station once, bureaus added up, whatever comes in between."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.models import Enterprise
from liaison.accounts.models import Unit, path_below
from liaison.summaries.actions import PUT_OFF, count_due, oldest_due
from liaison.summaries.models import EVERY, Summary
from liaison.summaries.reading import STALE_AFTER, counted, counted_at, counted_of
from liaison.summaries.topics import TOPICS
from tests import factories as make
from tests.summaries.tree import Tree

pytestmark = pytest.mark.django_db
STATIONS = ("first", "second", "empty", "other")


def sums_hold(units):
    """A bureau's numbers are those of the stations below it, added up."""
    for unit in units.values():
        below = Unit.objects.all().below(unit).stations()
        for topic in TOPICS:
            leaves = Counter()
            for one in below:
                leaves.update(counted(one)[topic])
            assert +counted(unit)[topic] == +leaves, (unit, topic)


def test_every_unit_has_its_numbers_and_a_bureaus_are_the_sums():
    tree, now = Tree(), timezone.now()
    assert count_due(now) == {"summaries": len(STATIONS) * len(TOPICS)}
    assert set(Summary.objects.values_list("unit", flat=True)) == {
        unit.pk for unit in tree.units.values()
    }
    assert all(counted(unit).true_at == now for unit in tree.units.values())
    sums_hold(tree.units)
    assert (
        counted(tree.units["province"])["enterprises"]["live"] == Enterprise.objects.live().count()
    )
    assert counted(tree.units["empty"])["issues"]["open"] == 0


def test_it_is_counted_again_after_a_while_and_not_before():
    unit, now = make.StationFactory(), timezone.now()
    count_due(now)
    make.EnterpriseFactory(unit=unit)
    assert count_due(now + EVERY - timedelta(seconds=1)) == {"summaries": 0}
    assert oldest_due(now + EVERY - timedelta(seconds=1)) is None
    assert counted(unit)["enterprises"]["live"] == 0
    # Late is as good as in time.
    late = now + 3 * EVERY
    assert oldest_due(late) == 2 * EVERY
    assert count_due(late) == {"summaries": len(TOPICS)}
    for one in (unit, unit.parent):
        assert counted(one)["enterprises"]["live"] == 1
        assert counted(one).true_at == late
    assert count_due(late) == {"summaries": 0}


def test_a_new_unit_is_counted_with_the_next_run():
    tree, now = Tree(None), timezone.now()
    count_due(now)
    new = make.StationFactory(parent=tree.units["far"])
    bureau = make.BureauFactory(parent=tree.units["province"])
    assert counted(new) is None
    assert count_due(now + timedelta(minutes=1)) == {"summaries": len(TOPICS)}
    assert counted(new)["issues"]["open"] == 0
    assert counted(bureau)["issues"]["open"] == 0
    # The county is as old as the station that was not counted again.
    assert counted(tree.units["far"]).true_at == now


def test_a_station_that_moved_counts_where_it_is_now():
    tree, now = Tree(None), timezone.now()
    moved, to = tree.units["first"], tree.units["far"]
    make.EnterpriseFactory(unit=moved)
    count_due(now)
    assert counted(tree.units["near"])["enterprises"]["live"] == 1
    Unit.objects.filter(pk=moved.pk).update(parent=to, path=path_below(to, moved.pk))
    count_due(now + EVERY)
    assert counted(tree.units["near"])["enterprises"]["live"] == 0
    for unit in (moved, to, tree.units["province"]):
        assert counted(unit)["enterprises"]["live"] == 1


def test_a_day_that_was_played_ahead_is_counted_over():
    unit, now = make.StationFactory(), timezone.now()
    count_due(now + timedelta(days=40))
    make.EnterpriseFactory(unit=unit)
    assert count_due(now) == {"summaries": len(TOPICS)}
    assert counted(unit.parent)["enterprises"]["live"] == 1
    assert counted(unit.parent).true_at == now


def test_a_topic_that_fails_is_put_off_and_the_others_go_on(monkeypatch, caplog):
    tree, now = Tree(None), timezone.now()
    count_due(now)
    monkeypatch.setitem(TOPICS, "visits", "tests.summaries.test_counting.fails")
    later = now + EVERY
    counts = count_due(later)
    assert counts == {"summaries": len(STATIONS) * 2, "failed": len(STATIONS)}
    due = set(Summary.objects.filter(topic="visits", unit__kind="station").values_list("due_at"))
    assert due == {(later + PUT_OFF,)}
    assert counted(tree.units["province"], "issues").true_at == later
    # As a whole it is as old as its oldest part, and says so.
    assert counted(tree.units["province"]).true_at == now
    assert counted(tree.units["province"]).is_stale(now + STALE_AFTER + EVERY)


def fails(units, now):
    raise ValueError("odd")


def test_a_bureau_is_not_known_while_a_station_below_it_never_was(monkeypatch, caplog):
    tree, now = Tree(None), timezone.now()
    monkeypatch.setitem(TOPICS, "visits", "tests.summaries.test_counting.fails")
    count_due(now)
    assert all(counted(unit) is None for unit in tree.units.values())
    assert counted(tree.units["province"], "issues").true_at == now


def test_what_was_never_counted_is_nothing_and_not_zero():
    unit = make.StationFactory()
    assert counted(unit) is None
    assert counted_of([unit.pk, unit.parent_id]) == {}
    Summary.objects.create(unit=unit, topic="issues")
    assert counted(unit, "issues") is None


def test_the_moment_is_said_with_its_day_unless_it_is_today(time_machine):
    time_machine.move_to("2026-03-05T09:00+08:00", tick=False)
    now = timezone.now()
    assert counted_at(now - timedelta(minutes=5), now).endswith("08:55")
    assert counted_at(now - timedelta(days=1), now).endswith("2026-03-04 09:00")
