"""When something may go: quiet hours over midnight, an hour for the digest, in China's time."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.notices.sending_times import Times, after_quiet, next_at, when_to_send

SHANGHAI = ZoneInfo("Asia/Shanghai")
NEW_YEARS_EVE = datetime(2026, 12, 31, 23, tzinfo=SHANGHAI)


def on(day, clock):
    return datetime.combine(date(2026, 3, day), time.fromisoformat(clock), SHANGHAI)


def quiet(start, end):
    return Times((time.fromisoformat(start), time.fromisoformat(end)))


@pytest.mark.parametrize(
    ("hours", "moment", "goes"),
    [
        (("22:00", "07:00"), on(2, "21:59"), on(2, "21:59")),
        (("22:00", "07:00"), on(2, "22:00"), on(3, "07:00")),
        (("22:00", "07:00"), on(2, "23:59"), on(3, "07:00")),
        (("22:00", "07:00"), on(3, "00:00"), on(3, "07:00")),
        # Before 08:00 it is yesterday in UTC.
        (("22:00", "07:00"), on(3, "06:59"), on(3, "07:00")),
        (("22:00", "07:00"), on(3, "07:00"), on(3, "07:00")),
        (("00:00", "08:00"), on(3, "00:00"), on(3, "08:00")),
        (("00:00", "08:00"), on(2, "23:59"), on(2, "23:59")),
        (("00:00", "08:00"), on(3, "07:59:59"), on(3, "08:00")),
        (("22:00", "00:00"), on(2, "23:30"), on(3, "00:00")),
        (("22:00", "00:00"), on(3, "00:00"), on(3, "00:00")),
        (("12:00", "14:00"), on(3, "13:00"), on(3, "14:00")),
        (("12:00", "14:00"), on(3, "15:00"), on(3, "15:00")),
        (("22:00", "07:00"), on(31, "23:00"), datetime(2026, 4, 1, 7, tzinfo=SHANGHAI)),
        (("22:00", "07:00"), NEW_YEARS_EVE, datetime(2027, 1, 1, 7, tzinfo=SHANGHAI)),
    ],
)
def test_quiet_hours(hours, moment, goes):
    assert after_quiet(moment, quiet(*hours)) == goes
    assert after_quiet(moment.astimezone(UTC), quiet(*hours)) == goes


@pytest.mark.parametrize(
    ("moment", "goes"),
    [
        (on(2, "08:29"), on(2, "08:30")),
        (on(2, "08:30"), on(2, "08:30")),
        (on(2, "08:30:01"), on(3, "08:30")),
        (on(2, "23:59"), on(3, "08:30")),
        (on(3, "00:01"), on(3, "08:30")),
        (NEW_YEARS_EVE, datetime(2027, 1, 1, 8, 30, tzinfo=SHANGHAI)),
    ],
)
def test_a_digest(moment, goes):
    assert when_to_send(moment, Times(digest_at=time(8, 30))) == goes
    assert when_to_send(moment.astimezone(UTC), Times(digest_at=time(8, 30))) == goes


def test_a_digest_in_quiet_hours_waits_for_their_end():
    times = Times((time(22), time(7)), digest_at=time(23))
    assert when_to_send(on(2, "12:00"), times) == on(3, "07:00")


def test_whoever_chose_nothing_is_told_at_once():
    assert when_to_send(on(2, "03:00"), Times()) == on(2, "03:00")


CLOCKS = st.times().map(lambda one: one.replace(second=0, microsecond=0))
MOMENTS = st.integers(0, 10 * 366 * 24 * 60).map(lambda n: on(1, "00:00") + timedelta(minutes=n))


@given(MOMENTS, CLOCKS, CLOCKS, CLOCKS)
def test_it_goes_within_two_days_and_never_in_quiet_hours(moment, start, end, digest_at):
    if start == end:
        return
    times = Times((start, end), digest_at)
    goes = when_to_send(moment, times)
    assert moment <= goes < moment + timedelta(days=2)
    assert after_quiet(goes, times) == goes
    assert next_at(next_at(moment, end), end) == next_at(moment, end)
