"""What the sweep makes of contacts, visits and officers that are due, and who is told of it."""

import re
from datetime import date

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from enterprises.actions import change_stage, cover, note_contact, recompute_cadence
from enterprises.actions.reminding import _taken, remind_due
from enterprises.ladder import first_look, ladders, rules_at
from enterprises.models import Cadence, Enterprise, Reminder, ReminderRule
from liaison.core.workdays import WorkCalendar
from liaison.notices.gathering import tell_gathered
from liaison.notices.models import Mention, Notice
from tests import factories as make
from tests.clockwork import DAY, HOUR, at, person
from tests.enterprises.reminding.clockwork import steps, told


def test_a_contact_is_reminded_of_two_days_before_on_the_day_and_up_the_ladder(station, begin):
    """Listed on 9 March, a contact within seven days: the 16th."""
    enterprise = make.AssignedEnterpriseFactory(unit=station)
    officer, desk, chief = (
        make.handler_of(enterprise), person(station, "desk"), person(station, "chief")
    )  # fmt: skip
    bureau = station.parent.people.get()
    expected = {
        at(2026, 3, 14, 8): {officer},
        at(2026, 3, 16, 8): {officer},
        at(2026, 3, 17, 8): {officer, desk},
        at(2026, 3, 19, 8): {officer, chief},
        at(2026, 3, 23, 8): {chief, bureau},
    }
    moment = begin
    while moment < at(2026, 4, 1):
        moment += HOUR
        remind_due(moment)
        assert told(moment) == expected.get(moment, set()), moment
    assert steps(enterprise) == [(date(2026, 3, 16), step) for step in range(1, 6)]
    told_officer = Mention.objects.filter(kind="enterprise.contact_due", recipient=officer)
    titles = list(told_officer.order_by("pk").values_list("title", flat=True))
    assert all(enterprise.name in one for one in titles)
    assert [one.partition(enterprise.name)[0][:-1] for one in titles] == [
        "3月16日应联系", "今日应联系", "逾期未联系", "逾期未联系",
    ]  # fmt: skip
    assert titles[-1].endswith("（应于3月16日联系）")


@pytest.mark.parametrize("late", [3 * HOUR, 3 * DAY, 21 * DAY])
def test_late_or_in_time_the_same_steps(station, begin, late):
    """Failures 3 and 5; late by weeks it is one notice each."""
    in_time = [make.AssignedEnterpriseFactory(unit=station) for _ in range(3)]
    late_ones = [make.AssignedEnterpriseFactory(unit=station) for _ in range(3)]
    Cadence.objects.filter(enterprise__in=late_ones).update(next_reminder_at=None)
    moment, end = begin, begin + 9 * DAY
    while moment <= end + late:
        remind_due(moment)
        moment += HOUR
    Cadence.objects.filter(enterprise__in=late_ones).update(next_reminder_at=begin)
    Notice.objects.all().delete()
    Mention.objects.all().delete()
    remind_due(end + late)
    tell_gathered(end + late)
    assert steps(late_ones[0]) == steps(in_time[0]) != []
    assert steps(late_ones[0], "visit") == steps(in_time[0], "visit")
    assert Notice.objects.filter(recipient=person(station, "desk")).count() == 1
    counted = Reminder.objects.count()
    # Run twice, and once more with the clock set back.
    assert remind_due(end + late) == remind_due(begin) == {}
    assert Reminder.objects.count() == counted


def test_what_was_read_is_not_told_again(station, begin):
    """Failure 2."""
    make.AssignedEnterpriseFactory(unit=station)
    now = begin + 9 * DAY
    remind_due(now)
    assert tell_gathered(now)["notices"]
    there = Notice.objects.count()
    Notice.objects.update(read_at=now)
    Cadence.objects.update(next_reminder_at=begin)
    assert remind_due(now) == tell_gathered(now) == {}
    assert Notice.objects.count() == there


def test_a_contact_made_silences_what_was_due_and_starts_anew(station, begin):
    enterprise = make.AssignedEnterpriseFactory(unit=station)
    remind_due(at(2026, 3, 16, 8))
    assert [step for _due, step in steps(enterprise)] == [1, 2]
    note_contact(enterprise, at=at(2026, 3, 16, 9), on_site=False)
    assert remind_due(at(2026, 3, 20, 8)) == {}
    remind_due(at(2026, 3, 23, 8))
    assert steps(enterprise)[2:] == [(date(2026, 3, 23), 1), (date(2026, 3, 23), 2)]


def test_an_old_visit_typed_in_today_does_not_silence_what_is_due(station, begin, time_machine):
    """Failure 4."""
    enterprise = make.AssignedEnterpriseFactory(unit=station)
    note_contact(enterprise, at=begin, on_site=True)
    time_machine.move_to(at(2026, 3, 17, 9), tick=False)
    note_contact(enterprise, at=at(2026, 3, 8, 9), on_site=True)
    remind_due(at(2026, 3, 17, 9))
    assert [step for _due, step in steps(enterprise)] == [1, 2, 3]


def test_a_moved_date_rings_again_within_the_month(station, begin, time_machine):
    """Failure 8."""
    enterprise = make.AssignedEnterpriseFactory(unit=station)
    for day in (9, 16, 23):
        note_contact(enterprise, at=at(2026, 3, day, 9), on_site=False)
        time_machine.move_to(at(2026, 3, day + 7, 8), tick=False)
        remind_due(at(2026, 3, day + 7, 8))
    assert [due.day for due, step in steps(enterprise) if step == 2] == [16, 23, 30]


def test_what_has_closed_down_rings_no_more(station, begin):
    """Failure 7."""
    enterprise = make.AssignedEnterpriseFactory(unit=station)
    desk = person(station, "desk")
    change_stage(enterprise, "closed", by=desk, version=enterprise.version, reason="注销")
    assert Cadence.objects.get(enterprise=enterprise).next_reminder_at is None
    assert remind_due(begin + 60 * DAY) == {}


def test_a_stricter_rule_rings_with_the_officer_first(station, begin, time_machine):
    """Last on site 20 days ago; a red grade asks for every 7: overdue, but since today."""
    enterprise = make.AssignedEnterpriseFactory(unit=station)
    time_machine.move_to(begin + 20 * DAY, tick=False)
    note_contact(enterprise, at=timezone.now(), on_site=False)
    Enterprise.objects.filter(pk=enterprise.pk).update(grade="red")
    recompute_cadence([enterprise])
    now = timezone.now() + HOUR
    remind_due(now)
    assert told(now, "visit_due") == {make.handler_of(enterprise)}
    assert [step for _due, step in steps(enterprise, "visit")] == [2]
    remind_due(now + 3 * DAY)
    assert [step for _due, step in steps(enterprise, "visit")] == [2, 3, 4]


def test_changing_a_grade_back_and_forth_keeps_nothing_from_the_chiefs(
    station, begin, time_machine
):
    enterprise = make.AssignedEnterpriseFactory(unit=station)
    chief = person(station, "chief")
    heard = []
    for days in range(8, 45):
        now = begin + days * DAY
        time_machine.move_to(now, tick=False)
        grade = "red" if days % 2 else "green"
        Enterprise.objects.filter(pk=enterprise.pk).update(grade=grade)
        recompute_cadence([enterprise])
        remind_due(now)
        if chief in told(now, "visit_due"):
            heard.append(days)
    # Green has 30 days, so from the 31st it is overdue whatever is said.
    assert heard[0] <= 30 + 3 + 1


def test_while_an_officer_is_away_whoever_acts_is_reminded(station, begin):
    enterprise = make.AssignedEnterpriseFactory(unit=station)
    officer, acting = make.handler_of(enterprise), make.OfficerFactory(unit=station)
    day = date(2026, 3, 14)
    cover(officer, acting, starts_on=day, ends_on=day, by=person(station, "desk"))
    remind_due(at(2026, 3, 14, 8))
    assert told(at(2026, 3, 14, 8)) == {acting}
    remind_due(at(2026, 3, 16, 8))
    assert told(at(2026, 3, 16, 8)) == {officer}


def test_the_coldest_comes_first(station, begin):
    officer = make.OfficerFactory(unit=station)
    for day in (3, 1, 2):
        one = make.AssignedEnterpriseFactory(unit=station, officer=officer, name=f"示例{day}厂")
        note_contact(one, at=begin - day * DAY, on_site=False)
        Cadence.objects.filter(enterprise=one).update(
            last_contact_at=begin - day * DAY, contact_set_on=begin.date()
        )
    recompute_cadence(Enterprise.objects.select_related("unit"))
    now = begin + 20 * DAY
    remind_due(now)
    tell_gathered(now)
    notice = Notice.objects.get(recipient=officer, kind="digest")
    contacts = notice.mentions.filter(kind="enterprise.contact_due").order_by("rank")
    order = [re.search(r"示例(\d)厂", one.title)[1] for one in contacts]
    assert order == ["3", "2", "1"]


@pytest.mark.parametrize("hour", [0, 3, 7, 8])
def test_before_eight_in_the_morning_it_is_the_same_day_in_china(
    station, begin, time_machine, hour
):
    """Failure 12: in UTC it is still yesterday then."""
    time_machine.move_to(at(2025, 12, 31, hour), tick=False)
    enterprise = make.AssignedEnterpriseFactory(unit=station)
    due = Cadence.objects.get(enterprise=enterprise).next_contact_due_on
    assert due == date(2026, 1, 7)
    remind_due(at(2026, 1, 7, 7, 59))
    assert [step for _due, step in steps(enterprise)] == [1]
    remind_due(at(2026, 1, 7, 8))
    assert [step for _due, step in steps(enterprise)] == [1, 2]
    assert "今日" in Mention.objects.latest("pk").title


def test_what_was_done_stands(station, begin):
    make.AssignedEnterpriseFactory(unit=station)
    remind_due(begin + 10 * DAY)
    with pytest.raises(DatabaseError), transaction.atomic():
        Reminder.objects.update(told=[])


def test_one_that_cannot_be_worked_out_stops_no_other(station, begin, caplog):
    """Failures 5 and 9."""
    good = make.AssignedEnterpriseFactory(unit=station)
    poisoned = make.AssignedEnterpriseFactory(unit=station)
    Cadence.objects.filter(enterprise=poisoned).update(next_contact_due_on=date(9999, 12, 31))
    Cadence.objects.update(next_reminder_at=begin)
    now = begin + 7 * DAY
    assert remind_due(now) == {"reminders": 2, "failed": 1}
    assert f"Cadence {poisoned.pk} is put off" in caplog.text
    assert len(steps(good)) == 2
    assert remind_due(now) == {}


def test_a_station_may_have_a_ladder_of_its_own(station, begin):
    ReminderRule.objects.create(
        unit=station, kind="contact", step=1, days=0, recipients=["handler", "chief"]
    )
    enterprise = make.AssignedEnterpriseFactory(unit=station)
    recompute_cadence([enterprise])
    elsewhere = make.AssignedEnterpriseFactory()
    now = at(2026, 3, 16, 8)
    remind_due(now)
    assert told(now) == {
        make.handler_of(enterprise), person(station, "chief"), make.handler_of(elsewhere)
    }  # fmt: skip
    assert (len(steps(enterprise)), len(steps(elsewhere))) == (1, 2)


def test_a_sweep_asks_a_few_questions_however_many_are_due(
    station, begin, django_assert_max_num_queries
):
    for _ in range(30):
        make.AssignedEnterpriseFactory(unit=station)
    with django_assert_max_num_queries(30):
        assert remind_due(begin + 9 * DAY) == {"reminders": 90}


def test_a_sweep_does_not_read_what_was_taken_years_ago(station, begin):
    enterprise = make.AssignedEnterpriseFactory(unit=station)
    for year in (2024, 2025):
        Reminder.objects.create(
            enterprise=enterprise, kind="contact", due_on=date(year, 1, 1), step=1, planned_at=begin
        )
    remind_due(begin + 7 * DAY)
    row = Cadence.objects.select_related("enterprise").get(enterprise=enterprise)
    climbed = ladders(row, rules_at(ReminderRule.objects.all(), station.pk), WorkCalendar())
    assert {due_on for _pk, _kind, due_on, _step in _taken([row], [climbed])} == {date(2026, 3, 16)}
    assert remind_due(begin + 7 * DAY) == {}, "what belongs to these dates is known all the same"


DAYS = st.dates(date(2025, 1, 1), date(2027, 1, 1))


RULES = st.lists(
    st.builds(
        ReminderRule,
        kind=st.sampled_from(["contact", "visit", "officer"]),
        step=st.integers(1, 9),
        days=st.integers(-5, 20),
    ),
    max_size=8,
)


@settings(deadline=None)
@given(RULES, DAYS, DAYS, DAYS)
def test_a_sweep_looks_no_later_than_the_first_step(rules, due, set_on, officer):
    cadence = Cadence(
        next_contact_due_on=due,
        contact_set_on=set_on,
        next_visit_due_on=due + DAY,
        visit_set_on=set_on,
        officer_due_at=at(officer.year, officer.month, officer.day, 10),
    )
    fitting = rules_at(rules, 1)
    every = ladders(cadence, fitting, WorkCalendar())
    look = first_look(cadence, fitting)
    assert (look is None) == (not every)
    for one in every:
        assert look <= one.rung.at
        if one.kind == "contact":
            # Never before the day on which the date was set, and a step after it never before it.
            assert timezone.localdate(one.rung.at) >= set_on or one.rung.at > at(
                set_on.year, set_on.month, set_on.day
            )
