"""Looking for a piece of text in a few columns, at one station and in a whole province."""

from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db import connections, migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Q, QuerySet

from liaison.core.literals import literally

Rows = TypeVar("Rows", bound=QuerySet[Any])

# Up to so many rows are named by their keys. More are frequent: a page in any order is soon full.
FEW = 1000


def text_index(name: str, table: str, *columns: str) -> migrations.RunPython:
    """A migration operation that lets PostgreSQL find three or more characters that stand together
    anywhere in one of ``columns`` (or expressions, as LIKE has them on its left).

    SQLite, where there is one station, reads that station's rows and needs none.
    """

    def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            # Trusted: the owner of the database may create it.
            editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            indexed = ", ".join(f"{column} gin_trgm_ops" for column in columns)
            editor.execute(f"CREATE INDEX {name} ON {table} USING gin ({indexed})")

    def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP INDEX {name}")

    return migrations.RunPython(forwards, backwards)


def found_in(rows: Rows, *ways: Q) -> Rows:
    """Those of ``rows`` that are found in any of these ways: one way a table, the likeliest first.

    PostgreSQL, asked for one table OR another, uses the index of neither. So it is asked at once,
    in one question, for each way by itself, until it has found many. Few rows are then named by
    their keys. Of many a page is soon full, walking the rows in the order of the page.

    A word of three characters or more costs tens of milliseconds in a province of a million lines.
    One or two characters are in no index: a frequent word is soon met and costs a tenth of a
    second, for a rare one every row that may be seen is read, which takes most of a second.
    """
    if connections[rows.db].vendor != "postgresql":
        return rows.filter(reduce(or_, ways))
    known = [literally(way) for way in ways]
    each = [rows.filter(way).order_by().values_list("pk")[: FEW + 1] for way in known]
    found = list(each[0].union(*each[1:], all=True)[: FEW + 1])
    if len(found) > FEW:
        return rows.filter(reduce(or_, known))
    return rows.filter(pk__in={key for (key,) in found})
