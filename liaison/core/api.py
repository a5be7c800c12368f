"""What every API answer has in common: pages, filters that are not ignored, errors."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import serializers, status
from rest_framework.filters import BaseFilterBackend
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView, exception_handler

from liaison.core.paging import BadCursor, paginate
from liaison.core.refused import Refused


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
        try:
            self.page = paginate(
                queryset,
                order,
                after=request.query_params.get("after"),
                before=request.query_params.get("before"),
                size=self._size(request),
            )
        except BadCursor as error:
            raise serializers.ValidationError({"after": [str(error)]}) from error
        return list(self.page.items)

    def _size(self, request: Request) -> int:
        given = request.query_params.get("page_size")
        if given is None:
            return self.default_size
        if not given.isdecimal() or not 1 <= int(given) <= self.largest_size:
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
        def parameter(name: str, what: str, schema: dict[str, Any]) -> dict[str, Any]:
            return {
                "name": name,
                "in": "query",
                "required": False,
                "description": what,
                "schema": schema,
            }

        return [
            parameter("after", "Cursor: rows after this one.", {"type": "string"}),
            parameter("before", "Cursor: rows before this one.", {"type": "string"}),
            parameter(
                "page_size",
                "Rows on a page.",
                {
                    "type": "integer",
                    "minimum": 1,
                    "maximum": self.largest_size,
                    "default": self.default_size,
                },
            ),
        ]


class FilterBackend(DjangoFilterBackend):
    """django-filter, telling the next backend which names it understood."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        view.filter_names = tuple(view.filterset_class.base_filters)  # type: ignore[attr-defined]
        return super().filter_queryset(request, queryset, view)


class KnownParametersOnly(BaseFilterBackend):
    """Orders by a whitelist and refuses a parameter nobody understands.

    An ignored filter shows more than was asked for, which is worse than an error. Last in
    ``filter_backends``. The view gives ``orders``: name to tuple of order expressions.
    """

    shared = frozenset({"after", "before", "page_size", "ordering", "format"})

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        known = self.shared | set(getattr(view, "filter_names", ()))
        if unknown := sorted(set(request.query_params) - known):
            raise serializers.ValidationError({unknown[0]: [_("There is no such filter.")]})
        orders: dict[str, Sequence[str]] = getattr(view, "orders", {})
        if chosen := request.query_params.get("ordering"):
            if chosen not in orders:
                raise serializers.ValidationError(
                    {"ordering": [_("Not among: %s.") % ", ".join(orders)]}
                )
            request.chosen_order = orders[chosen]  # type: ignore[attr-defined]
        return queryset

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        orders = list(getattr(view, "orders", {}))
        if not orders:
            return []
        return [
            {
                "name": "ordering",
                "in": "query",
                "required": False,
                "description": "Order of the rows.",
                "schema": {"type": "string", "enum": orders},
            }
        ]


class KnownFieldsOnly(serializers.Serializer[Any]):
    """Input with a field we do not know is refused, naming it: a typo must not pass in silence."""

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, dict) and (unknown := sorted(set(data) - set(self.fields))):
            raise serializers.ValidationError({unknown[0]: [_("There is no such field.")]})
        return super().to_internal_value(data)


def answer_errors(error: Exception, context: dict[str, Any]) -> Response | None:
    """Refused becomes 422, a Conflict 409 with the state as it is now; the rest is DRF's."""
    if isinstance(error, Refused):
        body = {
            "code": error.code,
            "message": str(error.message),
            "field": error.field,
            **error.details,
        }
        return Response(
            body,
            status=status.HTTP_409_CONFLICT
            if error.conflict
            else status.HTTP_422_UNPROCESSABLE_ENTITY,
        )
    return exception_handler(error, context)
