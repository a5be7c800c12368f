"""1-3-5: how often in time, and how long on average."""

from datetime import timedelta

import pytest

from patrols.paces import in_time, paces
from patrols.response_forms import TookField

MINUTES = (1, 3, 5)


def took(*seconds):
    return [None if one is None else timedelta(seconds=one) for one in seconds]


def test_each_arrival_by_itself():
    own, near, police = paces([took(60, 181, None), took(40, 100, 300)], MINUTES)
    assert (own.times, own.came, own.kept, own.mean) == (2, 2, 2, timedelta(seconds=50))
    assert (near.kept, near.mean, near.all_kept) == (1, timedelta(seconds=140.5), False)
    assert (police.came, police.kept, police.mean) == (1, 1, timedelta(seconds=300))


def test_nobody_called_and_nobody_came():
    assert paces([], MINUTES) == []
    [own, *_rest] = paces([took(None, None, None)], MINUTES)
    assert (own.came, own.kept, own.mean) == (0, 0, None)


def test_exactly_the_limit_is_in_time():
    assert in_time(timedelta(minutes=3), 3)
    assert not in_time(timedelta(minutes=3, seconds=1), 3)
    assert not in_time(None, 3)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:20", 80),
        ("1：20", 80),
        ("1分20秒", 80),
        ("1'20\"", 80),
        ("2", 120),
        ("3分", 180),
        ("", None),
    ],
)
def test_minutes_and_seconds_as_people_write_them(text, seconds):
    found = TookField().clean(text)
    assert found == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize("text", ["1:60", "很快", "-1", "1.5", "1:2:3"])
def test_what_is_no_time_is_told(text):
    with pytest.raises(Exception, match="1:20"):
        TookField().clean(text)
