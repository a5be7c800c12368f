"""Rows named by many keys, asked for by one statement however many these are.

``IN (%s, %s, ...)`` is another statement for every number of keys, so PostgreSQL plans it anew each
time, which takes longer than finding the rows; of an array it keeps the plan.
"""

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BigAutoField
from django.db.models.lookups import In
from django.db.models.sql.compiler import SQLCompiler


@BigAutoField.register_lookup
class Among(In):
    """``pk__among=keys``, as ``pk__in`` of a collection of keys."""

    lookup_name = "among"

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, Any]:
        keys = sorted(set(self.rhs))
        if not keys:
            raise EmptyResultSet
        column, known = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", (*known, keys)
