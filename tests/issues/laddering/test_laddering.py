"""Ladders changed as a whole: who may, what makes sense, and what open lines make of it."""

import pytest

from enterprises.steps import numbered
from issues.actions.laddering import drop_ladder
from liaison.audit.models import Entry
from liaison.core.refused import Conflict, Refused
from tests import factories as make
from tests.cast import who_may_set_rules
from tests.issues.laddering.steps import (
    BUREAU,
    CHIEF,
    DESK,
    HANDLER,
    STEPS,
    change,
    d,
    drop,
    h,
    pc,
    rows,
)

pytestmark = pytest.mark.django_db


def test_it_is_replaced_as_a_whole_and_recorded(chief):
    change(chief, STEPS)
    change(chief, [h(0, HANDLER, CHIEF), d(1, BUREAU)])
    assert {(one.hours, one.days) for one in rows(chief.unit)} == {(0, None), (None, 1)}
    entry = Entry.objects.filter(action="ladder.set").latest("pk")
    assert (entry.actor, entry.unit) == (chief, chief.unit)
    assert entry.changes["steps"] == [
        ["percent 80: handler", "hours 0: handler, desk", "days 2: chief", "days 4: bureau"],
        ["hours 0: handler, chief", "days 1: bureau"],
    ]
    assert rows(None).count() == 4, "elsewhere nothing has changed"


def test_without_a_difference_nothing_is_written(chief):
    change(chief, STEPS)
    before = list(rows(chief.unit).values_list()), Entry.objects.count()
    assert change(chief, STEPS) == 0
    assert (list(rows(chief.unit).values_list()), Entry.objects.count()) == before


def test_dropped_the_more_general_one_holds_again(chief):
    change(chief, STEPS)
    drop(chief)
    assert not rows(chief.unit).exists()
    assert Entry.objects.filter(action="ladder.dropped", actor=chief).count() == 1
    with pytest.raises(Refused):
        drop(chief)


def test_the_last_resort_is_changed_but_not_dropped(chief):
    root = make.DeskFactory(unit=chief.unit.parent, admin_duty="system")
    change(root, STEPS, unit=None)
    with pytest.raises(Refused) as refused:
        drop(root, unit=None)
    assert refused.value.code == "last"
    hazard = make.kind_of("hazard")
    drop(root, unit=None, kind=hazard, clock="resolve")
    assert not rows(None, hazard, "resolve").exists()


@pytest.mark.parametrize("place", ["own", "general"])
def test_somebody_else_was_first(chief, place):
    root = make.DeskFactory(unit=chief.unit.parent, admin_duty="system")
    by, unit = (chief, chief.unit) if place == "own" else (root, None)
    seen = list(rows(unit).values_list("pk", flat=True))
    change(by, STEPS, unit=unit)
    for verb in (
        lambda: change(by, [h(0, CHIEF)], unit=unit, replaces=seen),
        lambda: drop_ladder(
            chief.unit, None, "respond", by=chief, replaces=seen or [0]
        ),
    ):  # fmt: skip
        with pytest.raises(Conflict):
            verb()
    assert rows(unit).count() == 4


def test_who_may_set_what(chief):
    able = who_may_set_rules(chief, may)
    assert able == {("chief", "own"), ("administrator at the top", "general")}


def may(person, unit):
    hazard, able = make.kind_of("hazard"), []
    for verb in (lambda: change(person, STEPS, unit=unit, kind=hazard),
                 lambda: drop(person, unit=unit, kind=hazard)):  # fmt: skip
        try:
            verb()
        except Refused as refused:
            able.append(refused.code != "not_allowed")
        else:
            able.append(True)
    assert len(set(able)) == 1
    return able[0]


@pytest.mark.parametrize(
    ("steps", "code", "place", "field"),
    [
        ([], "silent", None, ""),
        ([pc(80, CHIEF)], "silent", None, ""),
        ([d(-1, CHIEF, BUREAU)], "silent", None, ""),
        ([d(-1, CHIEF), h(0, HANDLER), d(1, DESK)], "silent", None, ""),
        ([h(0, CHIEF), d(1)], "nobody", 1, "recipients"),
        ([h(1, CHIEF), h(0, DESK)], "order", 1, "number"),
        ([h(0, CHIEF), h(0, DESK)], "order", 1, "number"),
        ([d(1, CHIEF), h(20, DESK)], "order", 1, "number"),
        ([h(0, CHIEF), pc(50, DESK)], "order", 1, "number"),
        ([pc(50, DESK), pc(50, HANDLER), h(0, CHIEF)], "order", 1, "number"),
        ([d(-1, DESK), d(-2, HANDLER), h(0, CHIEF)], "order", 1, "number"),
        ([pc(0, DESK), h(0, CHIEF)], "invalid", 0, "number"),
        ([pc(100, DESK), h(0, CHIEF)], "invalid", 0, "number"),
        ([h(721, CHIEF)], "invalid", 0, "number"),
        ([h(-721, DESK), h(0, CHIEF)], "invalid", 0, "number"),
        ([d(61, CHIEF)], "invalid", 0, "number"),
        ([d(-61, DESK), h(0, CHIEF)], "invalid", 0, "number"),
        ([h(n, CHIEF) for n in range(7)], "too_many", None, ""),
    ],
)
def test_a_ladder_cannot_be_talked_down_to_nothing(chief, steps, code, place, field):
    with pytest.raises(Refused) as refused:
        change(chief, steps)
    assert (refused.value.code, refused.value.details.get("step")) == (code, place)
    assert refused.value.field == field
    assert not rows(chief.unit).exists()


@pytest.mark.parametrize(
    "steps",
    [
        [h(0, CHIEF)],
        [pc(1, DESK), pc(99, DESK), h(-720, DESK), d(-1, DESK), h(0, DESK), d(60, BUREAU)],
        [d(-1, DESK), pc(50, DESK), h(720, CHIEF)],
    ],
)
def test_what_can_be_kept(chief, steps):
    change(chief, steps)
    assert rows(chief.unit).count() == len(steps)


def test_only_what_is_there_has_a_ladder(chief):
    with pytest.raises(Refused):
        change(chief, STEPS, clock="lunch")
    chief.unit.kind = "squad"
    with pytest.raises(Refused) as refused:
        change(chief, STEPS)
    assert refused.value.code == "no_station"


def test_a_number_stands_for_who_is_told_before_or_after():
    before = [(1, pc(80, HANDLER)), (2, h(0, HANDLER)), (3, d(1, CHIEF)), (4, d(3, CHIEF))]
    wanted = [d(-1, HANDLER), h(0, CHIEF), d(1, HANDLER, CHIEF), d(4, CHIEF)]
    assert [n for n, _step in numbered(wanted, before, 7)] == [1, 3, 8, 4]
    assert numbered([one for _n, one in before], before, 7) == before
