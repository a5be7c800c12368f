"""Instants from PostgreSQL, read without taking them apart."""

from datetime import UTC, datetime
from functools import cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg.pq import Format


def read_moments_quickly(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Have a new connection read them as ``datetime.fromisoformat`` does.

    Django's loader matches each by a regular expression, in Python: for the hundreds on a page
    that took longer than the database took to find them. It still reads what is written otherwise
    (before Christ, infinity, another DateStyle), and whatever is not in UTC.
    """
    if connection.vendor != "postgresql" or connection.timezone != UTC:
        return
    adapters = connection.connection.adapters
    loader: Any = adapters.get_loader(adapters.types["timestamptz"].oid, Format.TEXT)
    # One of a pool comes by again and again.
    if not hasattr(loader, "is_quick"):
        adapters.register_loader("timestamptz", _quicker(loader))


@cache
def _quicker(loader: Any) -> type[Any]:
    class Quicker(loader):
        is_quick = True

        def load(self, data: Any) -> datetime:
            try:
                return datetime.fromisoformat(bytes(data).decode())
            except ValueError:
                moment: datetime = super().load(data)
                return moment

    return Quicker
