"""Conditions whose values PostgreSQL should know when it plans."""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.sql.compiler import SQLCompiler


def literally(condition: Q) -> Q:
    """The same condition with its values in the statement, quoted by the driver.

    The plan of a statement that is asked again and again is kept, with whatever its parameters
    are. For most that is right. But a word may be frequent or rare, and a bureau may have four
    stations below it or all: what is best for one is slow by seconds for the other.
    """
    return Q(_Literally(condition, BooleanField()))


class _Literally(ExpressionWrapper):
    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[()]]:
        sql, params = self.as_sql(compiler, connection)
        composed = connection.ops.compose_sql(sql, params)  # type: ignore[attr-defined]
        # What is composed goes through the driver once more, where % stands for a parameter.
        return composed.replace("%", "%%"), ()
