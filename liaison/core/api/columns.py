"""Reading of rows what is shown of them.

A page of 25 lines with their enterprises, units, kinds and handlers is 125 objects of a hundred
columns in all, of which sixteen are shown. So a list reads the columns that the fields of its
serializer name, and makes of each row a tuple that has them under the same attributes as the row.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.db.models.expressions import Col
from django.db.models.query import ValuesListIterable
from django.db.models.sql import Query
from rest_framework.serializers import SerializerMethodField

from liaison.core.api.shown import ShownRow, sources

Build = Callable[[Sequence[Any]], Any]


class _WholeRow(Exception):  # noqa: N818 - no error: it is read as any other row
    """Something is shown that the columns alone do not tell."""


@dataclass
class _Columns:
    """Columns of a row itself, of rows that it points at, and of those that point at it.

    The primary key comes first, as ``pk``: by it one sees whether there is such a row.
    """

    model: Any
    own: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, "_Columns"] = field(default_factory=dict)
    many: dict[str, "_Columns"] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.own["pk"] = self.model._meta.pk

    def part(self, name: str) -> "_Columns":
        """Of the row that this one points at by the name."""
        if name not in self.parts:
            self.parts[name] = _Columns(self.model._meta.get_field(name).related_model)
        return self.parts[name]

    def add(self, more: "_Columns") -> "_Columns":
        """Read these of the same row as well."""
        if more.many:
            raise _WholeRow
        self.own |= more.own
        for name, part in more.parts.items():
            self.part(name).add(part)
        return self

    def paths(self) -> list[str]:
        """What a queryset calls them, in the order in which they are selected."""
        below = [f"{name}__{path}" for name, part in self.parts.items() for path in part.paths()]
        return [*self.own, *below]

    def selected(self, query: Query, alias: str) -> Iterator[Col]:
        """As columns of a query that knows the model by this alias and joins what they need."""
        for column in self.own.values():
            yield column.get_col(alias)
        for name, part in self.parts.items():
            to_it = query.setup_joins([name], self.model._meta, alias)
            yield from part.selected(query, to_it.joins[-1])

    def builder(self, start: int) -> Build:
        """What makes a row of the values from there on."""
        row: Any = namedtuple("Row", (*self.own, *self.parts, *self.many))  # type: ignore[misc]
        make = row._make
        end = place = start + len(self.own)
        parts = []
        for part in self.parts.values():
            parts.append(_if_there(place, part.builder(place)))
            place += len(part.paths())
        if not self.parts and not self.many:
            return lambda values: make(values[start:end])
        # Each row has lists of its own, filled once all rows are known.
        lists = range(len(self.many))
        return lambda values: make(
            [*values[start:end], *[build(values) for build in parts], *[[] for _ in lists]]
        )


def _if_there(place: int, build: Build) -> Build:
    return lambda values: None if values[place] is None else build(values)


def _columns_of(shown_as: type[ShownRow[Any]]) -> _Columns:
    """What must be read to show rows so; raises ``_WholeRow``."""
    columns = _Columns(shown_as.Meta.model)
    for _name, one, source in sources(shown_as):
        if isinstance(one, SerializerMethodField):
            # Of the class itself: a method that a subclass adds may read anything.
            if "beside" not in vars(shown_as):
                raise _WholeRow
        elif source is None:
            raise _WholeRow
        elif source.below is not None:
            below = _columns_of(source.below)
            if source.many:
                columns.many[source.name] = _Columns(below.model).add(below)
            else:
                columns.part(source.name).add(below)
        elif source.column:
            columns.part(source.name).own[source.column] = source.of
        else:
            columns.own[source.name] = source.of
    for name, pointing in vars(shown_as).get("beside", {}).items():
        columns.many[name] = _Columns(pointing.Meta.model).add(_columns_of(pointing))
    return columns


class ShownColumns:
    """The columns that a serializer's rows need; see :func:`shown_columns`."""

    def __init__(self, columns: _Columns) -> None:
        self._columns = columns
        self._paths = frozenset(columns.paths())
        self._rows = _built(columns.builder(0))
        self._pointing = {
            name: (pointing, _built(_with_key(pointing.builder(1))))
            for name, pointing in columns.many.items()
        }

    def hold(self, order: Iterable[str]) -> bool:
        """Whether the columns of this order ("-" for falling) are among them."""
        return self._paths.issuperset(path.removeprefix("-") for path in order)

    def of(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """The same rows, read so. What points at them is empty until it is filled."""
        return _reading(rows, self._rows, self._columns)

    def fill(self, page: Sequence[Any], rows: QuerySet[Any]) -> None:
        """Give the rows of a page those that point at them, as ``rows`` would prefetch them; a
        query each."""
        if not page:
            return
        for name, (columns, built) in self._pointing.items():
            key, pointing = _pointing(rows, name)
            lists = {row.pk: getattr(row, name) for row in page}
            found = pointing.filter(**{f"{key.attname}__in": list(lists)})
            for owner, row in _reading(found, built, columns, key):
                lists[owner].append(row)


@cache
def shown_columns(shown_as: type[ShownRow[Any]]) -> ShownColumns | None:
    """What is read for such a list; None where whole rows must be."""
    try:
        return ShownColumns(_columns_of(shown_as))
    except _WholeRow:
        return None


def _reading(
    rows: QuerySet[Any], built: type[Any], columns: _Columns, *before: Any
) -> QuerySet[Any]:
    """The rows, each built of the values of these columns and of its own that go before them."""
    read = rows.prefetch_related(None).values_list("pk")
    query: Any = read.query
    alias = query.get_initial_alias()
    # As values_list() would by their paths, each of which it follows anew, column by column.
    query.selected = None
    query.set_select((*(one.get_col(alias) for one in before), *columns.selected(query, alias)))
    read._iterable_class = built
    return read


def _with_key(build: Build) -> Build:
    """Before the values of a row that points at another stands the key of that other."""
    return lambda values: (values[0], build(values))


def _built(build: Build) -> type[Any]:
    class Rows(ValuesListIterable):
        def __iter__(self) -> Iterator[Any]:
            return map(build, super().__iter__())

    return Rows


def _pointing(rows: QuerySet[Any], name: str) -> tuple[Any, QuerySet[Any]]:
    """The key by which rows point at these, and which of them: those that are prefetched."""
    through, asked = name, None
    for lookup in rows._prefetch_related_lookups:  # type: ignore[attr-defined]
        if isinstance(lookup, Prefetch) and name == (lookup.to_attr or lookup.prefetch_through):
            through, asked = lookup.prefetch_through, lookup.queryset
    relation: Any = rows.model._meta.get_field(through)
    if asked is None:
        asked = relation.related_model._default_manager.all()
    return relation.field, asked
