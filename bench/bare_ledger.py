"""The barest list pages that read their rows: one query, and as many bytes as the product's page.

What a page lists is 25 rows of a model with those they point at, the first of all there are. Its
columns are repeated, or left out at the end, until a page has about the bytes asked for.
"""

from collections.abc import Callable, Iterable
from functools import cache
from itertools import cycle

from django.apps import apps
from django.conf import settings
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.html import escape

from bench.bare import TABLE
from liaison.accounts.access import SIGNED_IN, open_to

# What a list cannot do without: whose each row is.
RELATED = {
    "enterprises.enterprise": ("unit",),
    "issues.issue": ("unit", "enterprise", "kind", "handler"),
    "visits.visit": ("unit", "enterprise", "officer"),
    "visits.inspection": ("unit", "enterprise"),
    "notices.notice": ("unit",),
    "accounts.user": ("unit",),
}


@open_to(SIGNED_IN)
def ledger_table(request: HttpRequest, label: str, size: int) -> HttpResponse:
    """An HTML table of about so many bytes, for somebody who has signed in."""
    names = _table_columns(label, size)
    rows = [[str(getattr(row, name)) for name in names] for row in _rows(label)]
    return HttpResponse(TABLE.render({"rows": rows, "title": request.user}, request))


@open_to(SIGNED_IN)
def ledger_listing(request: HttpRequest, label: str, size: int) -> HttpResponse:
    """A JSON list of about so many bytes, likewise."""
    names = _list_columns(label, size)
    rows = [
        {f"{name}{n}": row[name] for n, name in enumerate(names)}
        for row in _rows(label).values(*dict.fromkeys(names))
    ]
    return JsonResponse({"user": str(request.user), "results": rows})


def _rows(label: str) -> QuerySet[Model]:
    rows = apps.get_model(label)._default_manager.select_related(*RELATED[label])
    return rows.order_by("pk")[: settings.REST_FRAMEWORK["PAGE_SIZE"]]


def _fields(label: str) -> list[str]:
    return [field.attname for field in apps.get_model(label)._meta.concrete_fields]


# Reckoned once, when the page is opened for the first time: it is no part of what a page costs.
@cache
def _table_columns(label: str, size: int) -> list[str]:
    def weigh(name: str) -> int:
        return sum(len(f"<td>{escape(getattr(row, name))}</td>".encode()) for row in rows)

    rows = list(_rows(label))
    return _as_many((*RELATED[label], *_fields(label)), weigh, size)


@cache
def _list_columns(label: str, size: int) -> list[str]:
    def weigh(name: str) -> int:
        return sum(len(JsonResponse({f"{name}00": row[name]}).content) for row in rows)

    names = (*(f"{name}__name" for name in RELATED[label]), *_fields(label))
    rows = list(_rows(label).values(*names))
    return _as_many(names, weigh, size)


def _as_many(names: Iterable[str], weigh: Callable[[str], int], size: int) -> list[str]:
    """The names, over and over, until their cells weigh so many bytes."""
    weights = {name: weigh(name) for name in names}
    if not any(weights.values()):
        raise RuntimeError("no rows to list")
    columns, left = [], size
    for name, weight in cycle(weights.items()):
        if left <= 0:
            break
        columns.append(name)
        left -= weight
    return columns
