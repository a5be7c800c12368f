"""Rows as they are shown: serializers that only ever give out.

A serializer of REST framework copies its fields anew for every answer, and for every nested row
again, and each field finds out for every row how it is to be read. On a page of 25 rows that took
as long as the rest of the answer. Here it is found out once a class; the fields go on saying
everything to the schema.

A list reads of its rows what is shown and no more: `core/api/columns.py`.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import cached_property, partial
from operator import attrgetter
from typing import Any, ClassVar, TypeVar

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.utils.timezone import get_current_timezone
from rest_framework import serializers

M = TypeVar("M", bound=models.Model)
Convert = Callable[[Any], Any]


class ShownRow(serializers.ModelSerializer[M]):
    """What a row shows. Nothing may be written through it, and no field may differ from one
    answer to the next: what depends on who asks is a ``SerializerMethodField``.
    """

    # What methods read that no field shows: rows pointing at this one, by the name under which the
    # queryset prefetches them, each with what is read of it. A class with methods that says so
    # (also by {}) has a list give them that alone, and not the whole row.
    beside: ClassVar[Mapping[str, "type[ShownRow[Any]]"]]
    _way: ClassVar["_Way"]

    @classmethod
    def way(cls) -> "_Way":
        # Each class its own: a subclass that adds fields must not find its parent's.
        if "_way" not in vars(cls):
            cls._way = _way_of(cls)
        return cls._way

    @classmethod
    def show(cls, row: M) -> dict[str, Any]:
        """The row, for a field of another serializer. Knows of no request."""
        way = cls.way()
        if way.methods or way.moments:
            return cls().to_representation(row)
        return way.show(row)

    @cached_property
    def zone(self) -> tzinfo:
        """In which times are shown, asked once an answer."""
        return get_current_timezone()

    def to_representation(self, instance: Any) -> dict[str, Any]:
        way = self.way()
        shown = way.show(instance, self.zone)
        for name, method in way.methods:
            shown[name] = getattr(self, method)(instance)
        return shown


@dataclass(frozen=True, slots=True)
class Source:
    """Where on a row the value of a field is found.

    ``name`` is an attribute of the row: the value itself, or a related row of which ``column`` is
    the value, or one (``many``: those) shown as ``below``. ``may_lack`` when there may be none.
    """

    name: str
    of: "models.Field[Any, Any] | None" = None
    column: str = ""
    below: type[ShownRow[Any]] | None = None
    many: bool = False
    may_lack: bool = False


def sources(shown_as: type[ShownRow[Any]]) -> Iterator[tuple[str, Any, Source | None]]:
    """Name, field and source of everything shown; no source where only the whole row tells."""
    for name, field in shown_as().fields.items():
        yield name, field, _source(shown_as.Meta.model, field)


def _source(model: type[models.Model], field: Any) -> Source | None:
    name, _, beyond = str(field.source).partition(".")
    column = _found(model, name)
    if column is None:
        return None
    if isinstance(field, serializers.ListSerializer | ShownRow):
        return None if beyond else _nested(column, field)
    if beyond:
        return _beyond(column, beyond) if field.default is None else None
    if column.many_to_one and name == column.name:
        return _pointed_at(column, field)
    return Source(name, column) if column.concrete and name == column.attname else None


def _found(model: type[models.Model] | None, name: str) -> Any:
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _nested(relation: Any, field: Any) -> Source | None:
    if isinstance(field, ShownRow):
        return Source(relation.name, below=type(field)) if _points(relation) else None
    if relation.one_to_many and isinstance(field.child, ShownRow):
        return Source(relation.name, below=type(field.child), many=True)
    return None


def _points(relation: Any) -> bool:
    """Whether the row has the key of the other."""
    return bool(relation.concrete and (relation.many_to_one or relation.one_to_one))


def _beyond(relation: Any, name: str) -> Source | None:
    """A column of a related row, or nothing where there is no such row."""
    column = _found(relation.related_model, name)
    if column is None or column.is_relation or not (_points(relation) or relation.one_to_one):
        return None
    return Source(relation.name, column, name, may_lack=True)


def _pointed_at(relation: Any, field: Any) -> Source | None:
    if type(field) is serializers.PrimaryKeyRelatedField and field.pk_field is None:
        return Source(relation.attname, relation)
    if type(field) is serializers.SlugRelatedField:
        column = _found(relation.related_model, field.slug_field)
        return column and Source(relation.name, column, column.name, may_lack=relation.null)
    return None


@dataclass(frozen=True, slots=True)
class _Way:
    """How a row becomes what is shown of it: values are fetched, then some are converted.

    ``fetch`` gets a value for every name; that of a name in ``sought`` only keeps its place.
    """

    names: tuple[str, ...]
    fetch: Callable[[Any], tuple[Any, ...]]
    sought: tuple[tuple[str, Convert], ...]
    moments: tuple[str, ...]
    conversions: tuple[tuple[str, Convert], ...]
    methods: tuple[tuple[str, str], ...]

    def show(self, row: Any, zone: tzinfo | None = None) -> dict[str, Any]:
        """All but what methods say, in the order of the names; moments need a time zone."""
        shown = dict(zip(self.names, self.fetch(row), strict=False))
        for name, seek in self.sought:
            shown[name] = seek(row)
        for name in self.moments:
            if (value := shown[name]) is not None:
                text = value.astimezone(zone).isoformat()
                shown[name] = f"{text[:-6]}Z" if text[-6:] == "+00:00" else text
        for name, convert in self.conversions:
            if (value := shown[name]) is not None:
                shown[name] = convert(value)
        return shown


def _way_of(shown_as: type[ShownRow[Any]]) -> _Way:
    names, fetched, moments = [], [], []
    sought: list[tuple[str, Convert]] = []
    conversions: list[tuple[str, Convert]] = []
    methods: list[tuple[str, str]] = []
    for name, field, source in sources(shown_as):
        names.append(name)
        fetched.append(_attribute(source))
        if isinstance(field, serializers.SerializerMethodField):
            methods.append((name, str(field.method_name)))
            continue
        if source is None:
            sought.append((name, field.get_attribute))
        elif source.may_lack:
            sought.append((name, partial(_of_related, source.name, source.column)))
        if _is_moment(field):
            moments.append(name)
        elif convert := _conversion(field, source):
            conversions.append((name, convert))
    # One more than there are names: of a single one attrgetter makes no tuple.
    fetch = attrgetter(*fetched, "pk")
    return _Way(
        tuple(names), fetch, tuple(sought), tuple(moments), tuple(conversions), tuple(methods)
    )


def _attribute(source: Source | None) -> str:
    if source is None or source.may_lack:
        return "pk"
    return f"{source.name}.{source.column}" if source.column else source.name


def _of_related(name: str, column: str, row: Any) -> Any:
    try:
        related = getattr(row, name)
    except ObjectDoesNotExist:
        return None
    return None if related is None else getattr(related, column)


# Fields whose own conversion gives back what a database column holds.
_AS_IT_IS = frozenset(
    (
        serializers.IntegerField,
        serializers.BigIntegerField,
        serializers.BooleanField,
        serializers.PrimaryKeyRelatedField,
        serializers.SlugRelatedField,
    )
)
_TEXT = frozenset((serializers.CharField, serializers.ChoiceField))
_COLUMNS_OF_TEXT = frozenset((models.CharField, models.TextField))


def _conversion(field: Any, source: Source | None) -> Convert | None:
    """What is done with a value that is not None; None when it is shown as it is."""
    kind = type(field)
    if source is None:
        whole: Convert = field.to_representation
        return whole
    if isinstance(field, ShownRow):
        return kind.show
    if kind in _AS_IT_IS or (kind in _TEXT and type(source.of) in _COLUMNS_OF_TEXT):
        return None
    if kind is serializers.DateField and not hasattr(field, "format"):
        return date.isoformat
    return field.to_representation


def _is_moment(field: Any) -> bool:
    """Whether it is shown in the current time zone and in the format that all of them have."""
    own = hasattr(field, "format") or hasattr(field, "timezone")
    return type(field) is serializers.DateTimeField and not own
