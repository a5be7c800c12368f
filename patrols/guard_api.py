"""Guards over the API: list, one, add, change, leave."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from enterprises.models import Enterprise
from liaison.accounts.access import SIGNED_IN
from liaison.accounts.filters import UnitFilter
from liaison.accounts.permissions import person
from liaison.core.api.errors import Problem
from liaison.core.api.fields import DayField, IdField, KnownFieldsOnly, RowField
from liaison.core.api.filters import (
    ON_EVERYTHING,
    FilterBackend,
    IdFilter,
    KnownParametersOnly,
    YesNoFilter,
    either,
    must_be_known,
)
from liaison.core.api.shown import ShownRow
from liaison.core.api.views import ListAndDetail
from patrols.actions.guards import add_guard, edit_guard, guard_left
from patrols.certificates import certificate_state
from patrols.guard_filters import STATES
from patrols.models import Employer, Guard
from patrols.querysets import GuardQuerySet


class GuardFilterSet(django_filters.FilterSet):
    enterprise = IdFilter(field_name="enterprise", label="Id of the enterprise.")
    employer = django_filters.MultipleChoiceFilter(choices=Employer.choices)
    certificate = django_filters.MultipleChoiceFilter(
        choices=STATES, method="in_state", label="How the certificate stands today."
    )
    unit = UnitFilter(label="Code of the station, or of a bureau above stations.")
    left = YesNoFilter(method="has_left", label="Has left.")
    warned = YesNoFilter(method="is_warned", label="An officer has still to answer for them.")
    q = django_filters.CharFilter(
        method="matches", label="Part of the name, certificate number or enterprise."
    )

    class Meta:
        model = Guard
        fields: tuple[str, ...] = ()

    def in_state(self, rows: GuardQuerySet, _n: str, value: list[str]) -> GuardQuerySet:
        return rows.in_state(value, timezone.localdate()) if value else rows

    def has_left(self, rows: GuardQuerySet, _n: str, value: bool) -> GuardQuerySet:
        return either(rows, rows.gone(timezone.localdate()), value)

    def is_warned(self, rows: GuardQuerySet, _n: str, value: bool) -> GuardQuerySet:
        return either(rows, rows.here(timezone.localdate()).unanswered(), value)

    def matches(self, rows: GuardQuerySet, _n: str, value: str) -> GuardQuerySet:
        return rows.matching(value)


class GuardSerializer(ShownRow[Guard]):
    beside: ClassVar[dict[str, type[ShownRow[Any]]]] = {}
    unit: Any = serializers.SlugRelatedField("code", read_only=True)
    certificate_state = serializers.SerializerMethodField()

    class Meta:
        model = Guard
        fields = (
            "id",
            "unit",
            "enterprise",
            "name",
            "phone",
            "employer",
            "company",
            "certificate",
            "certificate_until",
            "certificate_state",
            "outside",
            "legal_basis",
            "joined_on",
            "left_on",
            "version",
        )
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(STATES))
    def get_certificate_state(self, guard: Guard) -> str:
        return certificate_state(guard, timezone.localdate()).value


class GuardFacts(KnownFieldsOnly):
    """What is known of a guard; the rules are the action's."""

    name = serializers.CharField(max_length=40, required=False)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    employer = serializers.ChoiceField(Employer.choices, required=False)
    company = serializers.CharField(max_length=80, required=False, allow_blank=True)
    certificate = serializers.CharField(max_length=60, required=False, allow_blank=True)
    certificate_until = DayField(required=False, allow_null=True)
    joined_on = DayField(required=False)


class AddGuard(GuardFacts):
    enterprise = RowField(queryset=Enterprise.objects.all(), help_text="Id; see enterprises/.")
    name = serializers.CharField(max_length=40)
    employer = serializers.ChoiceField(Employer.choices)


class OffDuty(KnownFieldsOnly):
    version = IdField(help_text="The version that you have seen.")
    off_duty = serializers.BooleanField(
        required=False,
        default=False,
        help_text="Agrees to take the guard off nights that this makes unlawful.",
    )


class EditGuard(GuardFacts, OffDuty):
    """Only what changes."""


class Leave(OffDuty):
    left_on = DayField(help_text="The first evening without them.")


class Seen(Problem):
    """Somebody else was first."""

    version = serializers.IntegerField(allow_null=True, help_text="As it is now.")


STALE = OpenApiResponse(Seen, Seen.__doc__ or "")


class GuardViewSet(ListAndDetail[Guard]):
    """Guards of the station's enterprises; a contact's own."""

    access = SIGNED_IN
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Guard.objects.none()
    serializer_class = GuardSerializer
    filterset_class = GuardFilterSet
    filter_backends = (FilterBackend, KnownParametersOnly)
    orders = {
        "name": ("name", "id"),
        "certificate_until": ("certificate_until", "id"),
    }
    default_order = ("name", "id")

    def get_queryset(self) -> QuerySet[Guard]:
        return Guard.objects.visible_to(person(self.request)).select_related(
            "unit", "enterprise__unit"
        )

    @extend_schema(request=AddGuard, responses={201: GuardSerializer})
    def create(self, request: Request) -> Response:
        """Add a guard to an enterprise: the station's people, and its own contacts."""
        must_be_known(request, ON_EVERYTHING)
        asked = AddGuard(data=request.data, context={"user": person(request)})
        asked.is_valid(raise_exception=True)
        facts = dict(asked.validated_data)
        guard = add_guard(facts.pop("enterprise"), facts, by=person(request))
        return Response(self._shown(guard.pk), status=status.HTTP_201_CREATED)

    @extend_schema(request=EditGuard, responses={200: GuardSerializer, 409: STALE})
    @action(detail=True, methods=["post"])
    def edit(self, request: Request, pk: str) -> Response:
        """Change what is known of a guard; only what is given. Where that makes nights of the
        roster unlawful, it is refused and names them, unless ``off_duty`` agrees to take the guard
        off them."""
        guard = self.get_object()
        asked = EditGuard(data=request.data, context={"user": person(request)})
        asked.is_valid(raise_exception=True)
        facts = dict(asked.validated_data)
        seen = {name: facts.pop(name) for name in ("version", "off_duty")}
        edit_guard(guard, facts, by=person(request), **seen)
        return Response(self._shown(guard.pk))

    @extend_schema(request=Leave, responses={200: GuardSerializer, 409: STALE})
    @action(detail=True, methods=["post"])
    def leave(self, request: Request, pk: str) -> Response:
        """Note that a guard serves there no more; nights are taken off as by a change."""
        guard = self.get_object()
        asked = Leave(data=request.data, context={"user": person(request)})
        asked.is_valid(raise_exception=True)
        guard_left(guard, by=person(request), **asked.validated_data)
        return Response(self._shown(guard.pk))

    def _shown(self, pk: int) -> Any:
        return GuardSerializer(self.get_queryset().get(pk=pk)).data
