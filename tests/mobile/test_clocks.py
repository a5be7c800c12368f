"""Failure 29: wrong clocks of phones."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from enterprises.models import Cadence
from liaison.mobile.clocks import LONGEST_WAIT, TOLERANCE, PhoneClock
from liaison.mobile.models import Operation
from tests.mobile.phone import visit
from visits.models import Visit

NOW = datetime(2026, 3, 5, 8, tzinfo=UTC)
HOUR = timedelta(hours=1)


def clock(ahead):
    """A phone's, that far ahead of ours."""
    return PhoneClock.measured(now=NOW, sent_at=NOW + ahead)


def test_a_minute_is_nothing():
    for ahead in (timedelta(0), TOLERANCE, -TOLERANCE):
        assert clock(ahead).skew == timedelta(0)
        assert clock(ahead).put_right(NOW - HOUR) == NOW - HOUR
        # But what has just happened is not still to come.
        assert clock(ahead).put_right(NOW + ahead) == min(NOW + ahead, NOW)


@pytest.mark.parametrize(
    "ahead", [3 * HOUR, -3 * HOUR, timedelta(seconds=61), timedelta(days=-900)]
)
def test_more_is_put_right(ahead):
    assert clock(ahead).skew == -ahead
    assert clock(ahead).put_right(NOW - HOUR + ahead) == NOW - HOUR
    assert clock(ahead).made(NOW - HOUR + ahead) == NOW - HOUR


def test_a_moment_that_a_person_put_into_the_future_stays_there():
    assert clock(timedelta(0)).put_right(NOW + HOUR) == NOW + HOUR
    assert clock(timedelta(0)).made(NOW + HOUR) == NOW


def test_a_clock_that_had_stood_still_starts_no_clock_long_ago():
    assert clock(timedelta(0)).raised(NOW - LONGEST_WAIT) == NOW
    assert clock(timedelta(0)).raised(NOW - HOUR) == NOW - HOUR
    assert clock(HOUR).raised(NOW + 2 * HOUR) == NOW


moments = st.datetimes(datetime(1900, 1, 1), datetime(2999, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(moments, moments)
def test_no_clock_whatever_makes_anything_in_the_future(sent_at, moment):
    phone = PhoneClock.measured(now=NOW, sent_at=sent_at)
    assert phone.made(moment) <= NOW
    assert NOW - LONGEST_WAIT < phone.raised(moment) <= NOW
    put_right = phone.put_right(moment)
    assert put_right <= NOW or put_right > NOW + TOLERANCE


@pytest.mark.parametrize("ahead", [timedelta(days=1, hours=3), timedelta(days=-400)])
def test_a_visit_is_written_down_when_it_was(phone, enterprise, ahead):
    at = timezone.now() - timedelta(hours=2)
    sent = visit(enterprise, happened_at=(at + ahead).isoformat())
    sent["made_at"] = (at + ahead).isoformat()
    body = phone.batch(sent, sent_at=timezone.now() + ahead)
    answer = phone.post(body).json()
    [result] = answer["results"]
    assert (result["status"], result["code"]) == ("done", "clock_corrected")
    assert abs(answer["clock_skew"] + ahead.total_seconds()) < 60
    saved = Visit.objects.get()
    assert f"{timezone.localtime(saved.happened_at):%F %R}" in result["message"]
    assert abs(saved.happened_at - at) < timedelta(minutes=1)
    assert Cadence.objects.get(enterprise=enterprise).last_visit_at == saved.happened_at
    row = Operation.objects.get()
    assert abs(row.made_at - at) < timedelta(minutes=1)
    # Sent again with the clock set meanwhile, it is what it was.
    assert phone.one(sent) == result


def test_a_clock_some_seconds_ahead_is_nobodys_fault(phone, enterprise):
    ahead = timezone.now() + timedelta(seconds=40)
    sent = visit(enterprise, happened_at=ahead.isoformat())
    assert phone.one(sent, sent_at=ahead)["code"] == ""
    assert Visit.objects.get().happened_at <= timezone.now()


def test_a_visit_to_come_is_refused(phone, enterprise):
    later = timezone.now() + timedelta(hours=2)
    answer = phone.one(visit(enterprise, happened_at=later.isoformat()))
    assert (answer["status"], answer["code"]) == ("refused", "future")
    assert answer["object"]["field"] == "happened_at"
    assert not Visit.objects.exists()
