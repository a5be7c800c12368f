"""Filters and orders that are never ignored.

An ignored filter shows more than was asked for, which is worse than an error.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, TypeVar

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.fields import IsoDateTimeField
from django_filters.rest_framework import DjangoFilterBackend
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request
from rest_framework.views import APIView

from liaison.core.api.fields import LARGEST_ID, YEARS
from liaison.core.ledgers import turned

Rows = TypeVar("Rows", bound=QuerySet[Any])

ON_EVERY_LIST = frozenset({"after", "before", "page_size", "ordering", "format"})
ON_EVERYTHING = frozenset({"format"})


class _IdField(forms.IntegerField):
    def __init__(self, **kwargs: Any) -> None:
        kwargs |= {"min_value": 1, "max_value": LARGEST_ID}
        super().__init__(**kwargs)


@extend_schema_field({"type": "integer", "minimum": 1, "maximum": LARGEST_ID})
class IdFilter(django_filters.NumberFilter):
    field_class = _IdField


class CodeFilter(django_filters.CharFilter):
    """Exactly this code. What is unknown finds nothing, like what one may not see."""


class _YesNoField(forms.Field):
    """true or false (also 1 and 0); Django's own takes any other word for "not asked"."""

    words = {"true": True, "1": True, "false": False, "0": False}
    widget = forms.TextInput

    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values:
            return None
        try:
            return self.words[str(value).lower()]
        except KeyError as error:
            raise forms.ValidationError(gettext_lazy("Say true or false.")) from error


class YesNoFilter(django_filters.BooleanFilter):
    field_class = _YesNoField


def either(rows: Rows, chosen: Rows, value: bool) -> Rows:
    """Those of the rows that were chosen, or the others."""
    return chosen if value else rows.exclude(pk__in=chosen.values("pk"))


class _MomentField(IsoDateTimeField):
    def to_python(self, value: Any) -> datetime | None:
        try:
            moment: datetime | None = super().to_python(value)
        except OverflowError as error:
            raise forms.ValidationError(self.error_messages["invalid"]) from error
        if moment is not None and moment.year not in YEARS:
            raise forms.ValidationError(gettext_lazy("This date cannot be right."))
        return moment


class MomentFilter(django_filters.IsoDateTimeFilter):
    field_class = _MomentField


class FilterBackend(DjangoFilterBackend):
    """django-filter, telling the next backend which names it understood."""

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        filters = view.filterset_class.base_filters  # type: ignore[attr-defined]
        view.filter_names = tuple(filters)  # type: ignore[attr-defined]
        if filters.keys().isdisjoint(request.query_params):
            # Most lists are asked for as they are, and a form for nothing is a form all the same.
            return queryset
        many = django_filters.MultipleChoiceFilter
        must_be_given_once(request, [n for n, one in filters.items() if not isinstance(one, many)])
        # Only a part of a text can be empty and still mean something: every text contains it.
        parts = django_filters.CharFilter
        must_not_be_empty(request, [n for n, one in filters.items() if type(one) is not parts])
        return super().filter_queryset(request, queryset, view)


class KnownParametersOnly(BaseFilterBackend):
    """Orders by a whitelist and refuses a parameter nobody understands.

    Last in ``filter_backends``. The view gives ``orders``: name to tuple of order expressions;
    ``-name`` turns it round.
    """

    def filter_queryset(
        self, request: Request, queryset: QuerySet[Any], view: APIView
    ) -> QuerySet[Any]:
        if not request.query_params:
            return queryset
        must_be_known(request, ON_EVERY_LIST | set(getattr(view, "filter_names", ())))
        must_be_given_once(request, ON_EVERY_LIST)
        must_not_be_empty(request, ON_EVERY_LIST)
        orders: dict[str, Sequence[str]] = getattr(view, "orders", {})
        if chosen := request.query_params.get("ordering"):
            name = chosen.removeprefix("-")
            if name not in orders:
                raise serializers.ValidationError(
                    {"ordering": [_("Not among: %s.") % ", ".join(orders)]}
                )
            order = orders[name]
            request.chosen_order = (  # type: ignore[attr-defined]
                [turned(column) for column in order] if chosen.startswith("-") else order
            )
        return queryset

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        orders = [sign + name for name in getattr(view, "orders", {}) for sign in ("", "-")]
        if not orders:
            return []
        return [
            {
                "name": "ordering",
                "in": "query",
                "required": False,
                "description": "Order of the rows; rows without a value come last.",
                "schema": {"type": "string", "enum": orders},
            }
        ]


def must_be_known(request: Request, names: Collection[str]) -> None:
    if unknown := sorted(set(request.query_params) - set(names)):
        raise serializers.ValidationError(
            {name: [_("There is no such filter.")] for name in unknown}
        )


def must_not_be_empty(request: Request, names: Collection[str]) -> None:
    """Left out it asks for nothing; empty it is more likely a program's mistake."""
    if empty := [name for name in names if "" in request.query_params.getlist(name)]:
        raise serializers.ValidationError({name: [_("Empty.")] for name in sorted(empty)})


def must_be_given_once(request: Request, names: Collection[str]) -> None:
    """Of two values one would be ignored."""
    if twice := [name for name in names if len(request.query_params.getlist(name)) > 1]:
        raise serializers.ValidationError({name: [_("Give it once.")] for name in sorted(twice)})
