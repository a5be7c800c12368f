from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liaison.core.published_calendar import load_calendar_csv
from liaison.core.workdays import (
    CHINA,
    OFFICE_HOURS,
    WHOLE_DAY,
    CalendarRow,
    DayKind,
    Deadline,
    WorkCalendar,
    add_working,
    add_working_days,
    is_working_day,
    working_between,
)

NIGHT = ((time(9), time(11)), (time(22), time(2, 30)))
OFFICE = WorkCalendar.from_rows(load_calendar_csv())
MINUTE = timedelta(minutes=1)


def at(month, day, hour=0, minute=0, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=CHINA)


def calendar(windows):
    return WorkCalendar.from_rows(load_calendar_csv(), windows=windows)


calendars = st.sampled_from(
    [OFFICE, calendar(NIGHT), calendar(WHOLE_DAY), WorkCalendar.round_the_clock()]
)
instants = st.integers(0, 60 * 24 * 60).map(lambda n: at(1, 20) + n * MINUTE)
durations = st.integers(0, 60 * 60).map(lambda n: n * MINUTE)


def works_at(moment, chosen):
    """Whether the minute that begins now is worked, told without any of the code under test."""
    for day in (moment.date() - timedelta(days=1), moment.date()):
        row = chosen.kinds.get(day)
        worked = row == "makeup" or (row != "holiday" and day.isoweekday() <= 5)
        if not (worked or chosen.every_day):
            continue
        for opens, closes in chosen.windows:
            start = datetime.combine(day, opens, CHINA)
            end = datetime.combine(day, closes, CHINA)
            if end <= start:
                end += timedelta(days=1)
            if start <= moment < end:
                return True
    return False


class TestAgainstCountingMinutes:
    @given(instants, st.integers(0, 3 * 24 * 60), calendars)
    @settings(max_examples=40, deadline=None)
    def test_between(self, start, minutes, chosen):
        counted = sum(works_at(start + n * MINUTE, chosen) for n in range(minutes))
        assert working_between(start, start + minutes * MINUTE, chosen) == counted * MINUTE

    @given(instants, st.integers(1, 600), calendars)
    @settings(max_examples=40, deadline=None)
    def test_add(self, start, minutes, chosen):
        moment, left = start, minutes
        while left:
            left -= works_at(moment, chosen)
            moment += MINUTE
        assert add_working(start, minutes * MINUTE, chosen).at == moment


class TestLaws:
    @given(instants, durations, durations, calendars)
    def test_additive(self, start, first, second, chosen):
        halfway = add_working(start, first, chosen).at
        assert (
            add_working(halfway, second, chosen).at == add_working(start, first + second, chosen).at
        )

    @given(instants, instants, durations, durations, calendars)
    def test_monotonic(self, a, b, first, second, chosen):
        early, late = sorted((a, b))
        short, long = sorted((first, second))
        assert add_working(early, short, chosen).at <= add_working(early, long, chosen).at
        # An empty period stays where it is; every other one ends inside working time.
        if short:
            assert add_working(early, short, chosen).at <= add_working(late, short, chosen).at

    @given(instants, durations, calendars)
    def test_between_undoes_add(self, start, duration, chosen):
        end = add_working(start, duration, chosen).at
        assert working_between(start, end, chosen) == duration
        assert working_between(end, start, chosen) == -duration

    @given(instants, instants, instants, calendars)
    def test_between_adds_up(self, a, b, c, chosen):
        assert working_between(a, b, chosen) + working_between(b, c, chosen) == working_between(
            a, c, chosen
        )

    @given(instants, st.integers(0, 40), st.integers(0, 40), calendars)
    def test_days_are_additive_and_monotonic(self, start, first, second, chosen):
        halfway = add_working_days(start, first, chosen).at
        end = add_working_days(start, first + second, chosen).at
        assert add_working_days(halfway, second, chosen).at == end
        assert halfway <= end
        assert end.time() == start.time()

    @given(instants, st.integers(1, 40))
    def test_days_count_working_days(self, start, days):
        end = add_working_days(start, days, OFFICE).at
        passed = (end.date() - start.date()).days
        after = [start.date() + timedelta(days=n) for n in range(1, passed + 1)]
        assert sum(is_working_day(day, OFFICE) for day in after) == days
        assert is_working_day(end.date(), OFFICE)


class TestSpringFestival2026:
    """Holidays 15 to 23 February; the Saturdays 14 and 28 February are worked."""

    def test_saturday_before_is_worked(self):
        assert is_working_day(date(2026, 2, 14), OFFICE)
        assert not is_working_day(date(2026, 2, 16), OFFICE)
        assert not is_working_day(date(2026, 2, 23), OFFICE)
        assert is_working_day(date(2026, 2, 28), OFFICE)

    def test_three_working_days_from_friday(self):
        # Friday 13th isn't counted; Saturday 14th, Tuesday 24th, Wednesday 25th are.
        assert add_working_days(at(2, 13, 10), 3, OFFICE) == Deadline(at(2, 25, 10))

    def test_raised_on_new_years_eve(self):
        assert add_working_days(at(2, 16, 23, 30), 1, OFFICE).at == at(2, 24, 23, 30)

    def test_hours_run_over_the_holiday(self):
        # One hour is left on the 14th, the second is worked on the 24th.
        assert add_working(at(2, 14, 16, 30), timedelta(hours=2), OFFICE).at == at(2, 24, 9, 30)

    def test_nothing_is_worked_inside(self):
        assert working_between(at(2, 15), at(2, 24), OFFICE) == timedelta()


class TestNationalDay2026:
    """Holidays 1 to 7 October; Sunday 20 September and Saturday 10 October are worked."""

    def test_five_working_days_from_the_last_day_before(self):
        assert add_working_days(at(9, 30, 9), 5, OFFICE).at == at(10, 13, 9)

    def test_makeup_days(self):
        assert is_working_day(date(2026, 9, 20), OFFICE)
        assert is_working_day(date(2026, 10, 10), OFFICE)
        assert not is_working_day(date(2026, 10, 11), OFFICE)

    def test_window_used_up_ends_at_its_end(self):
        assert add_working(at(9, 30, 13, 30), timedelta(hours=4), OFFICE).at == at(9, 30, 17, 30)
        assert add_working(at(9, 30, 13, 30), timedelta(hours=4) + MINUTE, OFFICE).at == at(
            10, 8, 8, 31
        )

    def test_round_the_clock_knows_no_holiday(self):
        night_and_day = WorkCalendar.round_the_clock()
        assert add_working(at(10, 1, 3), timedelta(hours=24), night_and_day) == Deadline(
            at(10, 2, 3)
        )


class TestOvernight:
    def test_window_belongs_to_the_evening(self):
        nights = WorkCalendar(windows=((time(20), time(4)),), years=frozenset({2026}))
        # Friday evening runs into Saturday; Saturday evening is not worked.
        assert working_between(at(3, 6, 12), at(3, 9, 12), nights) == timedelta(hours=8)
        assert add_working(at(3, 7, 3), timedelta(hours=2), nights).at == at(3, 9, 21)


class TestUnknownYears:
    def test_reaching_into_a_year_without_rows_is_said(self):
        deadline = add_working_days(at(12, 30, 10), 5, OFFICE)
        assert deadline.unknown_years == {2027}
        assert not deadline.is_certain

    def test_hours_too(self):
        assert add_working(at(12, 31, 17), timedelta(hours=1), OFFICE).unknown_years == {2027}

    def test_ending_before_it_is_certain(self):
        assert add_working_days(at(12, 30, 10), 1, OFFICE).is_certain
        assert add_working(at(12, 31, 16), timedelta(hours=1), OFFICE).is_certain

    def test_round_the_clock_needs_no_rows(self):
        deadline = add_working(
            at(1, 1, year=2031), timedelta(days=400), WorkCalendar.round_the_clock()
        )
        assert deadline.is_certain


class TestBadInput:
    def test_naive_instant(self):
        naive = datetime(2026, 3, 5, 9)  # noqa: DTZ001 - the point of the test
        with pytest.raises(ValueError, match="aware"):
            add_working(naive, MINUTE, OFFICE)
        with pytest.raises(ValueError, match="aware"):
            add_working_days(naive, 1, OFFICE)

    def test_negative_periods(self):
        with pytest.raises(ValueError):
            add_working(at(3, 5), -MINUTE, OFFICE)
        with pytest.raises(ValueError):
            add_working_days(at(3, 5), -1, OFFICE)

    @pytest.mark.parametrize(
        "windows",
        [
            (),
            ((time(9), time(12)), (time(11), time(17))),
            ((time(13), time(17)), (time(9), time(12))),
            ((time(9), time(12)), (time(20), time(10))),
        ],
    )
    def test_windows_that_overlap(self, windows):
        with pytest.raises(ValueError):
            WorkCalendar(windows=windows)

    def test_calendar_without_work_is_not_searched_for_ever(self):
        holidays = {date(2026, 1, 1) + timedelta(days=n): DayKind.HOLIDAY for n in range(366 * 30)}
        with pytest.raises(ValueError):
            add_working(at(1, 1), MINUTE, WorkCalendar(kinds=holidays))
        with pytest.raises(ValueError):
            add_working_days(at(1, 1), 1, WorkCalendar(kinds=holidays))


class TestZones:
    def test_result_keeps_the_zone_of_the_start(self):
        start = datetime(2026, 3, 5, 1, tzinfo=UTC)  # 09:00 in China
        end = add_working(start, timedelta(hours=1), OFFICE).at
        assert end == at(3, 5, 10)
        assert end.tzinfo is UTC

    def test_the_day_is_the_day_in_china(self):
        start = datetime(2026, 3, 5, 17, tzinfo=UTC)  # already the 6th in China, a Friday
        assert add_working_days(start, 1, OFFICE).at == at(3, 9, 1)


class TestCalendarFile:
    def test_makeup_days_of_2026_are_those_published(self):
        makeup = {r.on for r in load_calendar_csv() if r.kind == DayKind.MAKEUP}
        assert {(d.month, d.day) for d in makeup if d.year == 2026} == {
            (1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10),
        }  # fmt: skip

    def test_known_years(self):
        assert OFFICE.years == {2025, 2026}
        assert OFFICE.windows == OFFICE_HOURS

    def test_a_row_may_restore_the_weekday_rule(self):
        rows = [CalendarRow(date(2026, 10, 8), DayKind.NORMAL)]
        assert is_working_day(date(2026, 10, 8), WorkCalendar.from_rows(rows))

    def test_bad_row_is_named(self, tmp_path):
        file = tmp_path / "calendar.csv"
        file.write_text("date,kind,name\n2026-01-01,holiday,x\n2026-13-01,holiday,x\n")
        with pytest.raises(ValueError, match="3"):
            load_calendar_csv(file)
