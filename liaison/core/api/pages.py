"""Keyset pages of every list."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework import serializers
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from liaison.core.api.columns import ShownColumns, shown_columns
from liaison.core.api.shown import ShownRow
from liaison.core.paging import BadCursor, paginate


class Pages(BasePagination):
    """Keyset pages: 25 rows unless asked, at most 100. The view names the order."""

    default_size = 25
    largest_size = 100

    def paginate_queryset(  # type: ignore[override]  # every list of ours is a queryset
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any]:
        order = getattr(request, "chosen_order", None) or getattr(view, "default_order", None)
        if not order:
            raise ImproperlyConfigured(f"{view} has no default_order")
        self.url = request.build_absolute_uri()
        after, before = (request.query_params.get(name) for name in ("after", "before"))
        columns = _columns(view, queryset, order)
        rows = columns.of(queryset) if columns else queryset
        try:
            self.page = paginate(rows, order, after=after, before=before, size=self._size(request))
        except BadCursor as error:
            name = "after" if after else "before"
            raise serializers.ValidationError({name: [str(error)]}) from error
        if columns:
            columns.fill(self.page.items, queryset)
        return self.page.items

    def _size(self, request: Request) -> int:
        given = request.query_params.get("page_size")
        if given is None:
            return self.default_size
        if not given.isdecimal() or len(given) > 9 or not 1 <= int(given) <= self.largest_size:
            raise serializers.ValidationError(
                {"page_size": [_("Between 1 and %d.") % self.largest_size]}
            )
        return int(given)

    def get_paginated_response(self, data: Any) -> Response:
        return Response(
            {
                "next": self._link("after", self.page.next_cursor),
                "previous": self._link("before", self.page.previous_cursor),
                "results": data,
            }
        )

    def _link(self, name: str, cursor: str | None) -> str | None:
        if cursor is None:
            return None
        url = remove_query_param(remove_query_param(self.url, "after"), "before")
        return replace_query_param(url, name, cursor)

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        link = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {"next": link, "previous": link, "results": schema},
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        size = {"type": "integer", "minimum": 1, "maximum": self.largest_size}
        return [
            _parameter("after", "Cursor: rows after this one.", {"type": "string"}),
            _parameter("before", "Cursor: rows before this one.", {"type": "string"}),
            _parameter("page_size", "Rows on a page.", {**size, "default": self.default_size}),
        ]


def _columns(view: Any, queryset: QuerySet[Any], order: Sequence[str]) -> ShownColumns | None:
    """What of the rows is read; None for whole rows. The cursors are made of the order's."""
    shown_as = view.get_serializer_class()
    if not issubclass(shown_as, ShownRow) or shown_as.Meta.model is not queryset.model:
        return None
    columns = shown_columns(shown_as)
    return columns if columns and columns.hold(order) else None


def _parameter(name: str, what: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": what, "schema": schema}
