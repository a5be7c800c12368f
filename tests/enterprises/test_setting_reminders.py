"""Reminders changed as a whole: the rules are those of every ladder, the rows are others."""

from datetime import datetime, timedelta

import pytest

from enterprises.actions.ladders import drop_reminders, set_reminders
from enterprises.actions.reminding import remind_due
from enterprises.models import Cadence, Due, Reminder, ReminderRule
from enterprises.steps import Way, step
from liaison.audit.models import Entry
from liaison.core.refused import Conflict, Refused
from liaison.core.workdays import CHINA
from liaison.notices.models import Mention
from tests import factories as make
from tests.cast import chief_of_a_station

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def d(number, *who):
    return step(Way.DAYS, number, who)


STEPS = [d(-2, "handler"), d(0, "handler"), d(2, "handler", "chief"), d(5, "bureau")]


@pytest.fixture
def begin(time_machine):
    """A Monday without holidays near; what is listed now is to be contacted by the 16th."""
    moment = datetime(2026, 3, 9, 15, tzinfo=CHINA)
    time_machine.move_to(moment, tick=False)
    return moment


@pytest.fixture
def chief(begin):
    return chief_of_a_station()


@pytest.fixture
def root(chief):
    return make.DeskFactory(unit=chief.unit.parent, admin_duty="system")


def rows(unit, kind="contact"):
    return ReminderRule.objects.all().exactly(unit, kind)


def change(by, steps, *, unit="own", kind="contact", replaces=None):
    place = by.unit if unit == "own" else unit
    if replaces is None:
        replaces = rows(place, kind).values_list("pk", flat=True)
    return set_reminders(place, kind, steps, by=by, replaces=list(replaces))


def drop(by, kind="contact"):
    ids = list(rows(by.unit, kind).values_list("pk", flat=True))
    return drop_reminders(by.unit, kind, by=by, replaces=ids)


def taken(enterprise):
    reminders = Reminder.objects.filter(enterprise=enterprise, kind="contact")
    return set(reminders.values_list("step", flat=True))


def test_it_is_replaced_as_a_whole_recorded_and_dropped(chief):
    change(chief, STEPS)
    change(chief, STEPS[2:])
    assert set(rows(chief.unit).values_list("days", flat=True)) == {2, 5}
    entry = Entry.objects.filter(action="reminders.set").latest("pk")
    assert (entry.actor, entry.unit) == (chief, chief.unit)
    assert entry.changes["steps"][1] == ["days 2: handler, chief", "days 5: bureau"]
    counted = Entry.objects.count()
    assert change(chief, STEPS[2:]) == 0
    assert Entry.objects.count() == counted
    drop(chief)
    assert not rows(chief.unit).exists()
    assert Entry.objects.filter(action="reminders.dropped", actor=chief).count() == 1
    with pytest.raises(Refused):
        drop(chief)


@pytest.mark.parametrize("place", ["own", "general"])
def test_somebody_else_was_first(chief, root, place):
    by, unit = (chief, chief.unit) if place == "own" else (root, None)
    seen = list(rows(unit).values_list("pk", flat=True))
    change(by, STEPS, unit=unit)
    with pytest.raises(Conflict) as refused:
        change(by, STEPS[2:], unit=unit, replaces=seen)
    assert refused.value.details == {"replaces": sorted(one.pk for one in rows(unit))}


def test_who_may_set_what(chief, root):
    people = [
        chief, root, make.ChiefFactory(), make.OfficerFactory(unit=chief.unit),
        make.DeskFactory(unit=chief.unit, admin_duty="system"),
        make.BureauUserFactory(unit=root.unit),
        make.ContactUserFactory(enterprise__unit=chief.unit),
    ]  # fmt: skip
    able = {(person, unit) for person in people for unit in (chief.unit, None) if may(person, unit)}
    assert able == {(chief, chief.unit), (root, None)}
    for person in people[1:]:
        with pytest.raises(Refused) as refused:
            drop_reminders(chief.unit, "visit", by=person, replaces=[])
        assert refused.value.code == "not_allowed"


def may(person, unit):
    try:
        change(person, STEPS, unit=unit, kind="visit")
    except Refused as refused:
        return refused.code != "not_allowed"
    return True


@pytest.mark.parametrize(
    ("steps", "kind", "code"),
    [
        ([d(-1, "chief")], "contact", "silent"),
        ([d(0, "handler", "desk")], "visit", "silent"),
        ([d(0, "chief"), d(61, "bureau")], "contact", "invalid"),
        ([d(0, "chief"), d(0, "bureau")], "contact", "order"),
        ([d(0, "chief"), d(1)], "contact", "nobody"),
        ([step(Way.HOURS, 0, ["chief"])], "contact", "invalid"),
        ([d(-1, "desk"), d(0, "chief")], "officer", "ahead"),
        ([d(0, "chief")], "lunch", "invalid"),
    ],
)
def test_reminders_cannot_be_talked_down_to_nothing(chief, steps, kind, code):
    with pytest.raises(Refused) as refused:
        change(chief, steps, kind=kind)
    assert refused.value.code == code


def test_in_the_middle_of_it_nobody_is_told_again_and_nothing_lapses(chief, begin, time_machine):
    """Due on the 16th, today is the 19th: all four steps up to the chief's are taken."""
    enterprise = make.AssignedEnterpriseFactory(unit=chief.unit)
    now = datetime(2026, 3, 19, 9, tzinfo=CHINA)
    time_machine.move_to(now, tick=False)
    remind_due(now)
    assert taken(enterprise) == {1, 2, 3, 4}
    assert change(chief, STEPS) == 1
    assert sorted(one.step for one in rows(chief.unit)) == [1, 2, 4, 6]
    assert remind_due(now + DAY) == {}
    assert remind_due(now + 2 * DAY) == {"reminders": 1}
    mentions = Mention.objects.filter(made_at=now + 2 * DAY)
    assert {one.recipient.kind for one in mentions} == {"bureau"}
    drop(chief)
    assert remind_due(now + 3 * DAY) == {}
    assert remind_due(now + 4 * DAY) == {"reminders": 1}, "the general one's last: chief and bureau"


def test_what_was_not_told_is_told_at_once(chief, begin, time_machine):
    enterprise = make.AssignedEnterpriseFactory(unit=chief.unit)
    elsewhere = make.AssignedEnterpriseFactory()
    now = datetime(2026, 3, 17, 9, tzinfo=CHINA)
    time_machine.move_to(now, tick=False)
    remind_due(now)
    change(chief, [d(0, "chief")])
    assert remind_due(now + timedelta(minutes=5)) == {"reminders": 1}
    assert taken(enterprise) == {1, 2, 3, 6}
    assert taken(elsewhere) == {1, 2, 3}


def test_only_enterprises_that_go_by_it_are_looked_at_again(chief, root, begin):
    mine = make.AssignedEnterpriseFactory(unit=chief.unit)
    free = make.EnterpriseFactory(unit=chief.unit)
    far = make.AssignedEnterpriseFactory()
    closed = make.EnterpriseFactory(unit=chief.unit, stage="closed")
    change(chief, STEPS, kind="visit")
    expected = {
        (chief, chief.unit, "contact"): {mine, free},
        (root, None, "visit"): {far},
        (chief, chief.unit, "officer"): {free},
        (root, None, "officer"): set(),
    }
    for (by, unit, kind), which in expected.items():
        Cadence.objects.update(next_reminder_at=begin + 90 * DAY)
        assert change(by, [d(0, "chief"), d(9, "bureau")], unit=unit, kind=kind) == len(which)
        marked = Cadence.objects.filter(next_reminder_at=begin)
        assert {one.enterprise for one in marked} == which
    assert not Cadence.objects.filter(enterprise=closed, next_reminder_at=begin).exists()


def test_of_every_kind_there_is_one(chief):
    for kind in Due.values:
        change(chief, [d(0, "chief")], kind=kind, replaces=[])
    assert ReminderRule.objects.filter(unit=chief.unit).count() == len(Due.values)


def test_it_costs_the_same_however_many_follow(chief, django_assert_max_num_queries):
    for _ in range(20):
        make.AssignedEnterpriseFactory(unit=chief.unit)
    with django_assert_max_num_queries(14):
        assert change(chief, STEPS, replaces=[]) == 20
