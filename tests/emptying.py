"""The database after a test that commits: again as the migrations left it.

Django empties every table and reads back, before the next such test, what migrations had made.
That takes seconds on PostgreSQL, where each of some sixty tables is truncated with its indexes.
Here rows are deleted only where there are any, and what the migrations made stays where it is
unless the test has changed it. So a test that rolls back may also come after one that commits.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import cached_property

from django.apps import apps
from django.core import serializers
from django.db import connection, transaction

MANY = 2000  # rows


class AsMigrated:
    """What the tables held when this was made; ``restore`` brings that back."""

    def __init__(self) -> None:
        tables = connection.introspection.django_table_names(only_existing=True)
        self.empty = sorted(tables)
        self.filled = {table: rows for table in self.empty if (rows := rows_of(table))}
        self.empty = [table for table in self.empty if table not in self.filled]
        models = {
            model._meta.db_table: model for model in apps.get_models(include_auto_created=True)
        }
        self.kept = {
            table: serializers.serialize("python", models[table]._base_manager.order_by("pk"))
            for table in self.filled
        }

    @cached_property
    def which_have_rows(self) -> str:
        """Each with whether it has many: those PostgreSQL had better cut off than delete, which
        leaves room in the table that everything later would read through."""
        return " UNION ALL ".join(
            f"SELECT '{table}', EXISTS (SELECT 1 FROM {quoted(table)} LIMIT 1 OFFSET {MANY})"
            f" WHERE EXISTS (SELECT 1 FROM {quoted(table)})"
            for table in self.empty
        )

    def restore(self) -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(self.which_have_rows)
            written = cursor.fetchall()
            changed = [table for table, rows in self.filled.items() if rows_of(table) != rows]
            if connection.vendor == "postgresql" and any(many for _table, many in written):
                everything = ", ".join(map(quoted, (*self.empty, *self.filled)))
                cursor.execute(f"TRUNCATE {everything}")
                self._fill(self.filled)
                return
            tables = [*(table for table, _many in written), *changed]
            if not tables:
                return
            with triggers_put_aside(tables):
                for table in tables:
                    cursor.execute(f"DELETE FROM {quoted(table)}")
                self._fill(changed)
                # Before the triggers come back: PostgreSQL alters no table with checks to come.
                connection.check_constraints()

    def _fill(self, tables: Iterable[str]) -> None:
        for table in tables:
            for row in serializers.deserialize("python", self.kept[table]):
                row.save()


def quoted(table: str) -> str:
    return connection.ops.quote_name(table)


def rows_of(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {quoted(table)}")
        return sorted(map(repr, cursor.fetchall()))


@contextmanager
def triggers_put_aside(tables: list[str]) -> Iterator[None]:
    """Append-only tables refuse to have rows deleted."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
            found = [(name, sql) for name, table, sql in cursor.fetchall() if table in tables]
            aside = [f"DROP TRIGGER {quoted(name)}" for name, _sql in found]
            back = [sql for _name, sql in found]
        else:
            cursor.execute(
                "SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger"
                " WHERE NOT tgisinternal AND tgrelid::regclass::text = ANY(%s)",
                [tables],
            )
            found = [table for (table,) in cursor.fetchall()]
            aside = [f"ALTER TABLE {table} DISABLE TRIGGER USER" for table in found]
            back = [f"ALTER TABLE {table} ENABLE TRIGGER USER" for table in found]
        for statement in aside:
            cursor.execute(statement)
        yield
        for statement in back:
            cursor.execute(statement)
