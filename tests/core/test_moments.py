"""Instants are read as Django's own loader reads them, and quicker."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import DataError, connection

from liaison.core.moments import read_moments_quickly

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's loader"),
]


def read(text):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [text])
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-05 08:00+08", datetime(2026, 3, 5, tzinfo=UTC)),
        ("2026-03-05 00:00:00.5+00", datetime(2026, 3, 5, 0, 0, 0, 500_000, UTC)),
        ("2026-03-05 00:00:00.12345+00", datetime(2026, 3, 5, 0, 0, 0, 123_450, UTC)),
        ("1900-12-31 23:59:59.000001+00", datetime(1900, 12, 31, 23, 59, 59, 1, UTC)),
        ("0001-01-01 00:00+00", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_utc(text, moment):
    found = read(text)
    assert found == moment
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize("text", ["0044-03-15 00:00+00 BC", "10000-01-01 00:00+00", "infinity"])
def test_what_has_no_place_in_a_datetime_is_refused_as_ever(text):
    with pytest.raises(DataError):
        read(text)


def test_another_style_of_dates_is_left_to_the_driver():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL DateStyle = 'SQL, DMY'")
    with pytest.raises(NotImplementedError):
        read("2026-03-05 00:00+00")


def test_a_connection_that_comes_by_again_keeps_its_loader():
    def loader():
        adapters = connection.connection.adapters
        return adapters.get_loader(adapters.types["timestamptz"].oid, 0)

    before = loader()
    assert before.is_quick
    read_moments_quickly(connection=connection)
    assert loader() is before
