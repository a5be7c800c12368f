"""When each step of a ladder is due: pure rules."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enterprises.ladder import Rung, passed_over
from issues.ladder import ladder_for, rungs
from issues.models import EscalationRule
from liaison.core.published_calendar import load_calendar_csv
from liaison.core.workdays import CHINA, WorkCalendar, take_working_days

CALENDAR = WorkCalendar.from_rows(load_calendar_csv())


def at(*moment):
    return datetime(*moment, tzinfo=CHINA)


def rule(step, unit=None, kind=None, clock="resolve", **when):
    return EscalationRule(
        unit_id=unit, kind_id=kind, clock=clock, step=step, recipients=["handler"], **when
    )


def test_the_most_specific_ladder_holds_as_a_whole():
    default, of_unit = [rule(1, hours=0), rule(2, days=1)], [rule(1, unit=7, hours=0)]
    of_kind, of_both = [rule(1, kind=3, hours=0)], [rule(1, unit=7, kind=3, hours=0)]
    others = [rule(1, unit=8, hours=0), rule(1, kind=4, hours=0), rule(1, clock="wait", hours=0)]
    every = [*others, *of_both, *of_kind, *of_unit, *default]
    assert ladder_for(every, 7, 3, "resolve") == of_both
    assert ladder_for([*others, *of_kind, *of_unit, *default], 7, 3, "resolve") == of_kind
    assert ladder_for(every, 7, 5, "resolve") == of_unit
    assert ladder_for(every, 9, 5, "resolve") == default
    assert ladder_for(every, 9, 5, "respond") == []


def test_percent_hours_and_working_days():
    """Raised before National Day 2026, which is free from 1 to 7 October; 10 October is worked."""
    start, due = at(2026, 9, 28, 10), at(2026, 9, 30, 10)
    ladder = [rule(4, days=3), rule(3, hours=8), rule(2, hours=0), rule(1, percent=75)]
    moments = [(one.step, one.at, one.ahead) for one in rungs(ladder, start, due, CALENDAR)]
    assert moments == [
        (1, at(2026, 9, 29, 22), True),
        (2, due, False),
        (3, at(2026, 9, 30, 18), False),
        (4, at(2026, 10, 10, 10), False),
    ]


def test_a_working_day_before_a_deadline_after_the_holiday_lies_before_the_holiday():
    due = at(2026, 10, 8, 10)
    assert [one.at for one in rungs([rule(1, days=-1)], at(2026, 9, 20), due, CALENDAR)] == [
        at(2026, 9, 30, 10)
    ]


def test_a_clock_typed_in_after_it_ran_out_has_no_warning():
    start = due = at(2026, 3, 5, 10)
    [warning] = rungs([rule(1, percent=75)], start, due, CALENDAR)
    assert (warning.at, warning.ahead) == (due, False)


def test_whoever_sets_a_clock_late_is_not_warned_of_it_at_once():
    now = at(2026, 3, 5, 10)
    warning = Rung(1, now - timedelta(hours=1), ("handler",), ahead=True)
    assert passed_over(warning, now)
    assert not passed_over(warning, now - timedelta(hours=2))
    assert not passed_over(Rung(2, now - timedelta(hours=1), ("handler",)), now)


@pytest.mark.parametrize("days", [-1, -400])
def test_days_back_are_not_negative(days):
    with pytest.raises(ValueError, match=r".+"):
        take_working_days(at(2026, 3, 5), days, CALENDAR)


MINUTES = st.integers(0, 900_000)  # up to September 2026
MOMENTS = MINUTES.map(lambda minutes: at(2025, 2, 1) + timedelta(minutes=minutes))
WHEN = st.one_of(
    st.fixed_dictionaries({"percent": st.integers(1, 99)}),
    st.fixed_dictionaries({"hours": st.integers(-100, 100)}),
    st.fixed_dictionaries({"days": st.integers(-10, 10)}),
)


@given(st.lists(WHEN, max_size=6), MOMENTS, st.timedeltas(timedelta(), timedelta(days=40)))
def test_steps_are_in_order_and_ahead_is_before_the_deadline(whens, start, given_time):
    due = start + given_time
    ladder = [rule(step, **when) for step, when in enumerate(whens)]
    found = rungs(ladder, start, due, CALENDAR)
    assert sorted(one.step for one in found) == list(range(len(whens)))
    assert [one.at for one in found] == sorted(one.at for one in found)
    for one in found:
        when = whens[one.step]
        assert one.ahead == (one.at < due)
        assert start <= one.at <= due or "percent" not in when
        offset = when.get("hours", when.get("days", 0))
        assert (one.at > due) == (offset > 0) or "percent" in when


@given(MOMENTS, st.integers(0, 30), st.integers(0, 30))
def test_days_back_add_up(end, first, second):
    """Back by some and then by more is back by both."""
    once = take_working_days(end, first + second, CALENDAR)
    assert take_working_days(take_working_days(end, first, CALENDAR), second, CALENDAR) == once
    assert once <= end
