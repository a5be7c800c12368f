"""Pages by key: the next page starts after the last row shown, not at a number.

A page costs the same at the front and at the end of a long list, nothing is counted, and rows
that come or go meanwhile neither repeat nor hide others, as they do with page numbers.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Generic, TypeVar
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Field, ForeignObjectRel, Model, Q, QuerySet
from django.db.models.expressions import Col
from django.db.models.lookups import IsNull
from django.db.models.sql.where import AND, WhereNode
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

M = TypeVar("M", bound=Model)

# What people may hand in; a cursor of our own making is far shorter.
_CURSOR_MAX = 2000


class BadCursor(ValueError):  # noqa: N818 - named for what it is, as Refused is
    """The cursor was not made for this list and order: show the first page, or answer 400."""

    def __init__(self) -> None:
        super().__init__(_("This page link is damaged or out of date."))


@dataclass(frozen=True, slots=True)
class KeysetPage(Generic[M]):
    """The rows of one page, and the cursors that lead on; None where there is nothing more.

    An empty page that was reached by a cursor has no cursors: everything there is gone by now.
    """

    items: list[M]
    next_cursor: str | None
    previous_cursor: str | None


@dataclass(frozen=True, slots=True)
class _Key:
    """One column of the order. ``field`` converts values and is None where nothing is known."""

    path: str
    descending: bool
    nullable: bool
    field: "Field[Any, Any] | None"

    def reversed(self) -> "_Key":
        return _Key(self.path, not self.descending, self.nullable, self.field)


def paginate(
    queryset: QuerySet[M],
    order: Sequence[str],
    *,
    after: str | None = None,
    before: str | None = None,
    size: int = 25,
) -> KeysetPage[M]:
    """One page of ``queryset`` in ``order``, such as ``("next_due_at", "id")``, "-" for falling.

    Follows ``after`` a cursor, or ends ``before`` one. Rows without a value come last in either
    direction, on SQLite and PostgreSQL alike. The primary key is added to an order that does not
    name it, so that no two rows are equal. Paths over relations need ``select_related`` and
    annotations may be used. One query of ``size + 1`` rows, no count, no offset.

    Raises ``BadCursor`` for a cursor that does not fit, ``ValueError`` for a size below 1.
    """
    if size < 1:
        raise ValueError("a page holds at least one row")
    if after and before:
        raise BadCursor
    keys = _keys(queryset, order)
    signature = ",".join(f"{'-' if key.descending else ''}{key.path}" for key in keys)
    cursor = after or before
    if cursor:
        values = _decode(cursor, keys, signature)
        queryset = queryset.filter(_beyond(keys, values, backwards=bool(before)))
    rows = list(queryset.order_by(*_ordering(keys, backwards=bool(before)))[: size + 1])
    more, rows = len(rows) > size, rows[:size]
    if before:
        rows.reverse()
    if not rows:
        return KeysetPage([], None, None)
    has_next, has_previous = (True, more) if before else (more, bool(after))
    return KeysetPage(
        rows,
        _encode(rows[-1], keys, signature) if has_next else None,
        _encode(rows[0], keys, signature) if has_previous else None,
    )


def _keys(queryset: QuerySet[M], order: Sequence[str]) -> list[_Key]:
    model = queryset.model
    primary = model._meta.pk.name
    keys = []
    for name in order:
        path = name.removeprefix("-")
        path = primary if path == "pk" else path
        keys.append(_key(queryset, path, descending=name.startswith("-")))
    if all(key.path != primary for key in keys):
        falling = bool(keys) and keys[-1].descending
        keys.append(_key(queryset, primary, descending=falling))
    return keys


def _key(queryset: QuerySet[M], path: str, *, descending: bool) -> _Key:
    if path in queryset.query.annotations:
        # Whether an expression can be NULL is not known in general, so be ready for it.
        output = getattr(queryset.query.annotations[path], "output_field", None)
        return _Key(path, descending, nullable=True, field=output)
    model: Any = queryset.model
    nullable, found = False, None
    for part in path.split("__"):
        found = model._meta.pk if part == "pk" else model._meta.get_field(part)
        if isinstance(found, ForeignObjectRel) and not found.one_to_one:
            raise FieldDoesNotExist(f"{path} can have several values and cannot order pages")
        nullable = nullable or found.null
        model = found.related_model
    if nullable and _is_asked_for(queryset.query.where, path, queryset.model):
        nullable = False
    return _Key(path, descending, nullable, found)


def _is_asked_for(where: WhereNode, path: str, model: type[Model]) -> bool:
    """Whether the rows are those with a value there. What can be NULL is found by no index from a
    place on, and SQLite does not even order it by one."""
    if where.negated or where.connector != AND:
        return False
    return any(
        _is_asked_for(one, path, model)
        if isinstance(one, WhereNode)
        else isinstance(one, IsNull)
        and one.rhs is False
        and isinstance(one.lhs, Col)
        and one.lhs.target.model is model
        and one.lhs.target.name == path
        for one in where.children
    )


def _ordering(keys: Sequence[_Key], *, backwards: bool) -> list[Any]:
    """The ORDER BY. NULLS is only said where a NULL can be, plain columns keep their index."""
    ordering = []
    for key in keys:
        falling = key.descending != backwards
        nulls = {("nulls_first" if backwards else "nulls_last"): True} if key.nullable else {}
        ordering.append(F(key.path).desc(**nulls) if falling else F(key.path).asc(**nulls))
    return ordering


def _beyond(keys: Sequence[_Key], values: Sequence[Any], *, backwards: bool) -> Q:
    """Rows strictly past the key: a later first column, or an equal one and a later second..."""
    past: Q | None = None
    same = Q()
    for key, value in zip(keys, values, strict=True):
        step = _past_one(key, value, backwards=backwards)
        if step is not None:
            past = (same & step) if past is None else past | (same & step)
        same &= Q(**{f"{key.path}__isnull": True}) if value is None else Q(**{key.path: value})
    if past is None:  # only NULLs, and nothing is past those
        return Q(pk__in=[])
    first, value = keys[0], values[0]
    if not first.nullable:
        # Said twice, since a database finds its place in an index by this bound but not by OR.
        bound = "lte" if first.descending != backwards else "gte"
        past = Q(**{f"{first.path}__{bound}": value}) & past
    return past


def _past_one(key: _Key, value: Any, *, backwards: bool) -> Q | None:
    """What is past ``value`` in one column; NULLs are last forwards, first backwards."""
    if value is None:
        return Q(**{f"{key.path}__isnull": False}) if backwards else None
    lookup = "lt" if key.descending != backwards else "gt"
    step = Q(**{f"{key.path}__{lookup}": value})
    if key.nullable and not backwards:
        step |= Q(**{f"{key.path}__isnull": True})
    return step


def _encode(row: Model, keys: Sequence[_Key], signature: str) -> str:
    values = [_plain(_value(row, key.path)) for key in keys]
    text = json.dumps([signature, *values], ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for part in path.split("__"):
        if value is None:
            return None
        # The path is known to exist; what may be missing is the other row of a one-to-one.
        value = getattr(value, part, None)
    return value.pk if isinstance(value, Model) else value


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    return value


def _decode(cursor: str, keys: Sequence[_Key], signature: str) -> list[Any]:
    """The key values in a cursor; whatever people hand in, only ``BadCursor`` comes of it."""
    if len(cursor) > _CURSOR_MAX or not cursor.isascii():
        raise BadCursor
    padded = cursor + "=" * (-len(cursor) % 4)
    try:
        found = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise BadCursor from error
    if not isinstance(found, list) or len(found) != len(keys) + 1 or found[0] != signature:
        raise BadCursor
    return [_typed(key, value) for key, value in zip(keys, found[1:], strict=True)]


def _typed(key: _Key, value: Any) -> Any:
    if value is None:
        if not key.nullable:
            raise BadCursor
        return None
    if isinstance(value, list | dict):
        raise BadCursor
    if isinstance(value, str) and not (value.isprintable() or _storable(value)):
        raise BadCursor
    if isinstance(value, float) and value - value != 0:  # NaN and the infinities
        raise BadCursor
    if key.field is None:
        return value
    target = getattr(key.field, "target_field", key.field)
    try:
        typed = target.to_python(value)
        if isinstance(typed, datetime) and timezone.is_naive(typed):
            raise BadCursor
        target.get_prep_value(typed)
    except (ValidationError, ValueError, TypeError, OverflowError) as error:
        raise BadCursor from error
    if isinstance(typed, int) and abs(typed) > 2**63 - 1:  # no database column holds it
        raise BadCursor
    return typed


def _storable(text: str) -> bool:
    """PostgreSQL stores no NUL, and half a surrogate pair has no UTF-8."""
    return "\0" not in text and not any("\ud800" <= c <= "\udfff" for c in text)
