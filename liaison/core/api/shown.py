"""Rows as they are shown: serializers that only ever give out.

A serializer of REST framework copies its fields anew for every answer, and for every nested row
again, and each field finds out for every row how it is to be read. On a page of 25 rows that took
as long as the rest of the answer. Here it is found out once a class; the fields go on saying
everything to the schema.
"""

from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from rest_framework import serializers
from rest_framework.fields import Field, empty

M = TypeVar("M", bound=Model)
# The serializer that is asked and the row, to what is shown of it.
Reader = Callable[["ShownRow[Any]", Any], Any]


class ShownRow(serializers.ModelSerializer[M]):
    """What a row shows. Nothing may be written through it, and no field may differ from one
    answer to the next: what depends on who asks is a ``SerializerMethodField``.
    """

    _readers: tuple[tuple[str, Reader], ...]

    @classmethod
    def readers(cls) -> tuple[tuple[str, Reader], ...]:
        # Each class its own: a subclass that adds fields must not find its parent's.
        if "_readers" not in vars(cls):
            fields = cls().fields.items()
            cls._readers = tuple((name, _reader(cls, field)) for name, field in fields)
        return cls._readers

    @classmethod
    def show(cls, row: M) -> dict[str, Any]:
        """The row, for a field of another serializer. Knows of no request."""
        return cls().to_representation(row)

    def to_representation(self, instance: Any) -> dict[str, Any]:
        return {name: read(self, instance) for name, read in self.readers()}


def _reader(model_of: type[ShownRow[Any]], field: Field[Any, Any, Any, Any]) -> Reader:
    if isinstance(field, serializers.SerializerMethodField):
        method = field.method_name
        return lambda asked, row: getattr(asked, method)(row)
    represent = field.to_representation
    if not _is_plain(model_of.Meta.model, field):
        return lambda asked, row: _represented(field.get_attribute(row), represent)
    get = attrgetter(str(field.source))
    if type(field) in _AS_THEY_ARE:
        return lambda asked, row: get(row)
    return lambda asked, row: _represented(get(row), represent)


# Their own conversion gives back what the database column holds.
_AS_THEY_ARE = frozenset((serializers.IntegerField, serializers.BooleanField))


def _represented(value: Any, represent: Callable[[Any], Any]) -> Any:
    return None if value is None else represent(value)


def _is_plain(model: type[Model], field: Field[Any, Any, Any, Any]) -> bool:
    """Whether the field shows a column of the row itself, without anything to fall back on."""
    try:
        column = model._meta.get_field(str(field.source))
    except FieldDoesNotExist:
        return False
    return column.concrete and not column.is_relation and field.default is empty
