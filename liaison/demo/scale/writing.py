"""Rows on their way into the tables: COPY on PostgreSQL, executemany elsewhere."""

import json
from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import DateField, DecimalField, Field, JSONField, Model, UUIDField

from liaison.accounts.models import Unit
from liaison.demo.scale.keys import ROOM, beyond, first_key

Row = dict[str, Any]


class Batch:
    """Rows of some stations by table, with the keys that each station has for them."""

    def __init__(self) -> None:
        self.rows: dict[type[Model], list[Row]] = {}
        self._station = 0
        self._used: Counter[type[Model]] = Counter()

    def begin(self, station: int) -> None:
        """What follows belongs to this station."""
        self._station = station
        self._used.clear()

    def key(self, model: type[Model]) -> int:
        """The next key of the station; ValueError when its room is used up."""
        used = self._used[model]
        if used == ROOM[model]:
            raise ValueError(f"a station has room for {used} rows of {model.__name__}")
        self._used[model] = used + 1
        return first_key(model, self._station) + used

    def add(self, model: type[Model], **row: Any) -> int:
        """A row by column; without ``id`` it gets the next key, which is returned."""
        key: int = row["id"] if "id" in row else row.setdefault("id", self.key(model))
        self.put(model, row)
        return key

    def put(self, model: type[Model], row: Row) -> None:
        """A row that names its own key."""
        self.rows.setdefault(model, []).append(row)

    def write(self) -> Counter[str]:
        """Put all of it into the database, in the caller's transaction; how many rows a table."""
        for model, rows in self.rows.items():
            table = Table.of(model)
            whole = (table.values(row) for row in rows)
            columns = ", ".join(f'"{name}"' for name in table.columns)
            with connection.cursor() as cursor:
                if connection.vendor == "postgresql":
                    with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
                        for values in whole:
                            copy.write_row(values)
                else:
                    marks = ", ".join(["%s"] * len(table.columns))
                    cursor.executemany(
                        f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})',  # noqa: S608
                        list(whole),
                    )
        return Counter({model._meta.db_table: len(rows) for model, rows in self.rows.items()})


class Table:
    """How the columns of a model are filled and what the driver is given for them."""

    def __init__(self, model: type[Model]) -> None:
        fields = model._meta.concrete_fields
        self.name = model._meta.db_table
        self.columns = [field.column for field in fields]
        # The time and new ids are made nowhere here: such columns must be given.
        self._defaults = {
            field.column: field.get_default()
            for field in fields
            if not (field.has_default() and callable(field.default))
            or field.default in (dict, list)
        }
        self._adapted = [
            (at, adapt) for at, field in enumerate(fields) if (adapt := _adapter(field))
        ]

    @staticmethod
    @cache
    def of(model: type[Model]) -> "Table":
        return Table(model)

    def values(self, row: Row) -> list[Any]:
        whole = self._defaults | row
        if len(whole) != len(self.columns):
            raise ValueError(f"{self.name}: {set(whole) ^ set(self.columns)}")
        values = [whole[column] for column in self.columns]
        for at, adapt in self._adapted:
            if values[at] is not None:
                values[at] = adapt(values[at])
        return values


def _adapter(field: "Field[Any, Any]") -> Callable[[Any], Any] | None:
    """What the driver does not take as it is; psycopg knows dates, UUIDs and decimals."""
    if isinstance(field, JSONField):
        return json.dumps
    if connection.vendor != "postgresql" and isinstance(
        field, DateField | UUIDField | DecimalField
    ):
        return lambda value: field.get_db_prep_save(value, connection)
    return None


def leave_room() -> None:
    """Have the tables count on from beyond every station's keys, so that what people add is in
    nobody's way when further stations come."""
    with connection.cursor() as cursor:
        models: tuple[type[Model], ...] = (*ROOM, Unit)
        for model in models:
            table, last = model._meta.db_table, beyond(model) - 1
            if connection.vendor == "postgresql":
                cursor.execute(f'SELECT max(id) FROM "{table}"')  # noqa: S608
                (highest,) = cursor.fetchone()
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                    [f'"{table}"', max(last, highest or 0)],
                )
            else:
                cursor.execute(
                    "UPDATE sqlite_sequence SET seq = max(seq, %s) WHERE name = %s", [last, table]
                )
