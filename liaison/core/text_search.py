"""Looking for a piece of text in a few columns, at one station and in a whole province."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, TypeVar

from django.db import connections, migrations
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import CharField, Q, QuerySet
from django.db.models.lookups import IContains
from django.db.models.sql.compiler import SQLCompiler

from liaison.core.literals import literally

Rows = TypeVar("Rows", bound=QuerySet[Any])

# Up to so many rows are named by their keys. More are frequent: a page in any order is soon full.
FEW = 1000
# A word that so many of so many rows have is frequent.
OFTEN, SAMPLE = 8, 400
# PostgreSQL tells by as many values how frequent a word is. By its usual hundred, what one row in
# eighty holds may pass for rare.
SAMPLED_VALUES = 1000
# The pairs of letters that stand together in a text, but for those of ASCII alone: of these there
# are few and each is everywhere.
LETTER_PAIRS = """
    CREATE OR REPLACE FUNCTION letter_pairs(words text) RETURNS text[]
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
        SELECT array_agg(DISTINCT pair)
        FROM (SELECT substr(words, n, 2) AS pair FROM generate_series(1, length(words) - 1) n) pairs
        WHERE octet_length(pair) > 2
    $$
"""


def text_index(name: str, table: str, *columns: str) -> migrations.RunPython:
    """A migration operation that lets PostgreSQL find three or more characters that stand together
    anywhere in one of ``columns``, as ``icontains`` and ``istartswith`` ask for them.

    SQLite, where there is one station, reads that station's rows and needs none.
    """
    # Trusted: the owner of the database may create it.
    trigrams = "CREATE EXTENSION IF NOT EXISTS pg_trgm"
    return _index(name, table, [f"UPPER({column}) gin_trgm_ops" for column in columns], trigrams)


def pair_index(name: str, table: str, *columns: str) -> migrations.RunPython:
    """The same for two characters, as ``holds`` asks for them."""
    return _index(
        name, table, [f"letter_pairs(UPPER({column}))" for column in columns], LETTER_PAIRS
    )


def _index(name: str, table: str, indexed: Sequence[str], needs: str) -> migrations.RunPython:
    def forwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(needs)
            editor.execute(f"CREATE INDEX {name} ON {table} USING gin ({', '.join(indexed)})")
            for place in range(1, len(indexed) + 1):
                editor.execute(
                    f"ALTER INDEX {name} ALTER COLUMN {place} SET STATISTICS {SAMPLED_VALUES}"
                )

    def backwards(apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP INDEX {name}")

    return migrations.RunPython(forwards, backwards)


@CharField.register_lookup
class HoldsPair(IContains):
    """``icontains`` of two characters, which PostgreSQL finds by a ``pair_index``."""

    lookup_name = "holds_pair"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, Any]:
        return IContains(self.lhs, self.rhs).as_sql(compiler, connection)

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Any]:
        """Where rows are walked the cheap question comes first; it tells the planner nothing, which
        would take two that say the same for rarer than one."""
        column, known = compiler.compile(self.lhs)
        pair = str(self.rhs)
        plain = column if pair.upper() == pair.lower() else f"UPPER({column})"
        return (
            f"(STRPOS({plain}, %s) > 0 AND letter_pairs(UPPER({column})) @> ARRAY[%s])",
            (*known, pair.upper(), *known, pair.upper()),
        )


def holds(column: str, words: str, *, of_many: bool) -> Q:
    """These words stand somewhere in the column, in whatever case. ``of_many`` as below."""
    if not of_many:
        return Q(**{f"{column}__icontains": words})
    pair = len(words) == 2 and not words.isascii()
    return Q(**{f"{column}__holds_pair" if pair else f"{column}__icontains": words})


def found_in(rows: Rows, *ways: Q, of_many: bool) -> Rows:
    """Those of ``rows`` that are found in any of these ways: one way a table, the likeliest first.

    Rows of one station, some hundreds, are read and looked at, in one question of which PostgreSQL
    keeps the plan. Of rows ``of_many`` stations, asked for one table OR another, it uses the index
    of neither. So it is asked at once, in one question, for each way by itself, until it has found
    many. Few rows are then named by their keys. Of many a page is soon full, walking the rows in
    the order of the page; a few of them tell a frequent word before that question is asked.

    A word of two characters or more costs tens of milliseconds in a province of a million lines.
    One character is in no index: it is mostly frequent and soon met; for a rare one every row that
    may be seen is read, which takes most of a second.
    """
    if not of_many or connections[rows.db].vendor != "postgresql":
        return rows.filter(reduce(or_, ways))
    known = [literally(way) for way in ways]
    if _is_frequent(rows, known[0]):
        return rows.filter(reduce(or_, known))
    each = [rows.filter(way).order_by().values_list("pk")[: FEW + 1] for way in known]
    found = list(each[0].union(*each[1:], all=True)[: FEW + 1])
    if len(found) > FEW:
        return rows.filter(reduce(or_, known))
    return rows.filter(pk__in={key for (key,) in found})


def _is_frequent(rows: QuerySet[Any], way: Q) -> bool:
    """Whether one in fifty is found in this way, by the rows that come first."""
    sample = rows.model._default_manager.filter(pk__in=rows.order_by().values("pk")[:SAMPLE])
    return sample.filter(way).order_by()[:OFTEN].count() == OFTEN
