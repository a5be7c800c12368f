"""Deadlines in words."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from liaison.core.due import burnt, day, moment, start_of
from liaison.core.workdays import CHINA

NOW = datetime(2026, 3, 5, 10, tzinfo=CHINA)
MOMENTS = st.datetimes(
    datetime.fromisoformat("2025-01-01"),
    datetime.fromisoformat("2027-12-31"),
    timezones=st.just(CHINA),
)


@pytest.mark.parametrize(
    ("due", "text", "tone"),
    [
        (NOW - timedelta(days=6, hours=3), "Overdue by 6 days", "over"),
        (NOW - timedelta(days=1), "Overdue by 1 day", "over"),
        (NOW - timedelta(hours=23, minutes=59), "Overdue by 23 hours", "over"),
        (NOW - timedelta(hours=1), "Overdue by 1 hour", "over"),
        (NOW - timedelta(minutes=59), "Overdue by 59 minutes", "over"),
        (NOW - timedelta(seconds=1), "Overdue by 1 minute", "over"),
        (NOW, "Today 10:00", "soon"),
        (NOW.replace(hour=23, minute=59), "Today 23:59", "soon"),
        (NOW + timedelta(days=1), "Tomorrow 10:00", "soon"),
        # 01:00 in China is still the evening before in UTC.
        (datetime(2026, 3, 5, 17, tzinfo=UTC), "Tomorrow 01:00", "soon"),
    ],
)
def test_a_moment(due, text, tone):
    with translation.override("en"):
        said = moment(due, NOW)
    assert (said.text, said.tone) == (text, tone)
    assert said.exact == f"{due.astimezone(CHINA):%Y-%m-%d %H:%M}"


def test_the_midnight_that_ends_a_day_is_that_days():
    with translation.override("en"):
        tonight, later = (
            moment(start_of(date(2026, 3, 6)), NOW),
            moment(start_of(date(2026, 3, 9)), NOW),
        )
    assert (tonight.text, tonight.tone, tonight.exact) == (
        "Today 24:00",
        "soon",
        "2026-03-05 24:00",
    )
    assert (later.text, later.exact) == ("March 8", "2026-03-08 24:00")


@pytest.mark.parametrize(
    ("due", "text", "tone"),
    [
        (date(2026, 3, 4), "Overdue by 1 day", "over"),
        (date(2026, 2, 26), "Overdue by 7 days", "over"),
        (date(2026, 3, 5), "Today", "soon"),
        (date(2026, 3, 6), "Tomorrow", "soon"),
    ],
)
def test_a_day_is_in_time_until_it_is_over(due, text, tone):
    with translation.override("en"):
        said = day(due, date(2026, 3, 5))
    assert (said.text, said.tone, said.exact) == (text, tone, due.isoformat())


def test_the_year_is_said_when_it_is_another():
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert "2026" not in day(date(2026, 5, 1), date(2026, 3, 5)).text
            assert "2027" in day(date(2027, 5, 1), date(2026, 3, 5)).text


@given(MOMENTS, MOMENTS)
def test_late_is_late_by_the_second_and_only_then(due, now):
    assert (moment(due, now).tone == "over") == (due < now)
    assert (day(due.date(), now.date()).tone == "over") == (due.date() < now.date())


@given(MOMENTS, MOMENTS, MOMENTS)
def test_burnt_time_is_a_share(start, due, now):
    percent = burnt(start, due, now)
    assert 0 <= percent <= 100
    if now >= due or due <= start:
        assert percent == 100
    elif now <= start:
        assert percent == 0


def test_a_day_starts_at_midnight_in_china():
    assert start_of(date(2026, 3, 5)) == datetime(2026, 3, 4, 16, tzinfo=UTC)
