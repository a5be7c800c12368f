"""How the database means to find what a page asks for."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection

# One row a unit, or what is set up: read as a whole they cost nothing, whatever else there is.
SMALL = frozenset(
    ("accounts_unit", "summaries_summary", "calendars_calendarday", "issues_issuekind",
     "issues_slapolicy", "issues_escalationrule", "enterprises_contactpolicy",
     "enterprises_reminderrule")
)  # fmt: skip
# A table of so few rows is some pages that are read faster than an index: it says nothing yet.
FEW = 3_000 if connection.vendor == "postgresql" else 100
# These take in all rows below them before they give the first, whatever limit lies above.
TAKE_ALL = frozenset(("Aggregate", "Hash", "Materialize", "Sort"))
_ALIASED = re.compile(r'"(\w+)" (?:AS )?"?([A-Z]+\d+|T\d+)"?(?=[ ,)])')
_SCAN = re.compile(r"^SCAN (\w+)(?! (?:CONSTANT|USING))(?:$| )")


@dataclass(frozen=True)
class Statement:
    sql: str
    parameters: Any


class Listener:
    """Notes every SELECT that is sent: for ``connection.execute_wrapper``."""

    def __init__(self) -> None:
        self.heard: list[Statement] = []

    def __call__(self, execute: Any, sql: str, parameters: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(("SELECT", "WITH")):
            self.heard.append(Statement(sql, parameters))
        return execute(sql, parameters, many, context)


def growing_tables() -> frozenset[str]:
    """Those that hold enough here for an index to be worth it."""
    return frozenset(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.db_table not in SMALL and model._default_manager.count() >= FEW
    )


def read_whole(statement: Statement) -> set[str]:
    """The tables that would be read from end to end to answer it."""
    found = _postgres(statement) if connection.vendor == "postgresql" else _sqlite(statement)
    return set(found)


def _postgres(statement: Statement) -> Iterator[str]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {statement.sql}", statement.parameters)
        (answer,) = cursor.fetchone()
    plans = json.loads(answer) if isinstance(answer, str) else answer
    waiting = [(plan["Plan"], False) for plan in plans]
    while waiting:
        node, limited = waiting.pop()
        if _is_whole(node, limited):
            yield node["Relation Name"]
        waiting += [(below, _is_limited(below, node, limited)) for below in node.get("Plans", ())]


def _is_whole(node: dict[str, Any], limited: bool) -> bool:
    """An index may be followed from end to end as well, unless a limit ends it."""
    if node["Node Type"] in ("Index Scan", "Index Only Scan"):
        return "Index Cond" not in node and not limited
    return node["Node Type"] == "Seq Scan"


def _is_limited(node: dict[str, Any], above: dict[str, Any], limited: bool) -> bool:
    if node["Parent Relationship"] in ("SubPlan", "InitPlan"):
        return False
    return above["Node Type"] == "Limit" or (limited and above["Node Type"] not in TAKE_ALL)


def _sqlite(statement: Statement) -> Iterator[str]:
    aliases = {alias: table for table, alias in _ALIASED.findall(statement.sql)}
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {statement.sql}", statement.parameters)
        for *_places, said in cursor.fetchall():
            if scan := _SCAN.match(said):
                name = scan[1]
                table = aliases.get(name, name)
                # What it makes up while answering has no table of that name.
                if f'"{table}"' in statement.sql:
                    yield table


def scans() -> Counter[str]:
    """How often each table has been read from end to end so far, as PostgreSQL counts it. Unlike
    an explanation it knows of plans that were kept."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
        cursor.execute("SELECT relname, seq_scan FROM pg_stat_user_tables")
        return Counter(dict(cursor.fetchall()))
