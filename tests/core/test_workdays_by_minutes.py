"""Working time against a count of minutes that shares no code with it: 10,000 cases.

Across 2025 and 2026 with all their make-up days. The count walks real minutes, each asked for
itself; to be affordable 5,000 times over, which minutes are worked is written down once.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import accumulate

from hypothesis import example, given, settings
from hypothesis import strategies as st

from liaison.core.published_calendar import load_calendar_csv
from liaison.core.workdays import (
    CHINA,
    WHOLE_DAY,
    WorkCalendar,
    add_working,
    working_between,
)

MINUTE = timedelta(minutes=1)
FIRST = datetime(2025, 1, 1, tzinfo=CHINA)
# Two years, and the first days of the next one, where the weekday rule holds.
MINUTES = (365 + 365 + 21) * 24 * 60
WINDOWS = {
    "office": ((time(8, 30), time(12)), (time(13, 30), time(17, 30))),
    "shop": ((time(9), time(11)), (time(15), time(18, 45))),
    "late": ((time(9), time(11)), (time(22), time(2, 30))),
    "night": ((time(20), time(4)),),
    "to midnight": ((time(18), time(0)),),
    "all day": WHOLE_DAY,
    "from noon to noon": ((time(12), time(12)),),
}
FREE, WORKED = set(), set()
for row in load_calendar_csv():
    (FREE if row.kind == "holiday" else WORKED).add(row.on)


def is_worked(day):
    """By the published lists and the weekday, and nothing else."""
    return day in WORKED or (day not in FREE and day.isoweekday() < 6)


@cache
def worked_until(name):
    """For each minute since FIRST, how many before it were worked: counted one by one."""
    worked = bytearray(MINUTES)
    for place in range(-1, MINUTES // 1440):
        day = date(2025, 1, 1) + timedelta(days=place)
        if not is_worked(day):
            continue
        for opens, closes in WINDOWS[name]:
            begin = place * 1440 + opens.hour * 60 + opens.minute
            end = place * 1440 + closes.hour * 60 + closes.minute
            if closes <= opens:
                end += 1440
            for minute in range(max(begin, 0), min(end, MINUTES)):
                worked[minute] = 1
    return [0, *accumulate(worked)]


@cache
def calendar(name):
    return WorkCalendar.from_rows(load_calendar_csv(), windows=WINDOWS[name])


names = st.sampled_from(sorted(WINDOWS))
# Around the festivals more often than chance would have it: every make-up day lies near one.
anywhere = st.integers(0, 730 * 1440 - 1)
near_a_festival = st.builds(
    lambda row, minutes: min(max((row.on - FIRST.date()).days * 1440 + minutes, 0), 730 * 1440 - 1),
    st.sampled_from(load_calendar_csv()),
    st.integers(-2 * 1440, 3 * 1440),
)
starts = anywhere | near_a_festival


@settings(max_examples=5000, deadline=None)
@given(names, starts, starts)
@example("night", 0, 730 * 1440 - 1)
def test_between_is_the_count_of_minutes(name, a, b):
    counted = worked_until(name)
    said = working_between(FIRST + a * MINUTE, FIRST + b * MINUTE, calendar(name))
    assert said == (counted[b] - counted[a]) * MINUTE


@settings(max_examples=5000, deadline=None)
@given(names, starts, st.integers(1, 10 * 24 * 60))
@example("night", 730 * 1440 - 1, 10)
def test_the_end_is_where_the_count_is_reached(name, start, minutes):
    counted = worked_until(name)
    wanted = counted[start] + minutes
    if wanted > counted[-1]:
        # Beyond what was written down: asked for the half that is left.
        minutes = (counted[-1] - counted[start]) // 2
        wanted = counted[start] + minutes
    end = (
        add_working(FIRST + start * MINUTE, minutes * MINUTE, calendar(name)).at - FIRST
    ) / MINUTE
    end = int(end)
    assert counted[end] == wanted
    assert minutes == 0 or counted[end - 1] == wanted - 1, "the earliest moment"


@given(names, starts, starts, st.integers(0, 5 * 24 * 60))
@settings(max_examples=500, deadline=None)
def test_pausing_never_shortens(name, due, paused, length):
    """A deadline moved by the working time of a pause is never earlier, and later by just that."""
    counted = worked_until(name)
    lost = working_between(
        FIRST + paused * MINUTE, FIRST + (paused + length) * MINUTE, calendar(name)
    )
    moved = add_working(FIRST + due * MINUTE, lost, calendar(name)).at
    assert moved >= FIRST + due * MINUTE
    place = int((moved - FIRST) / MINUTE)
    if place <= MINUTES:
        assert (counted[place] - counted[due]) * MINUTE == lost
