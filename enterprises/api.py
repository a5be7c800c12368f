"""Enterprises over the API: list, one, assign."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from enterprises.actions import assign
from enterprises.deadlines import why_contact_due, why_visit_due
from enterprises.models import Assignment, Contact, Enterprise, Grade, Stage, Tier
from enterprises.querysets import EnterpriseQuerySet
from liaison.accounts.access import SIGNED_IN
from liaison.accounts.api import PersonSerializer
from liaison.accounts.filters import UnitFilter
from liaison.accounts.models import User
from liaison.accounts.permissions import person
from liaison.core.api.errors import Problem
from liaison.core.api.fields import IdField, KnownFieldsOnly, RowField
from liaison.core.api.filters import (
    FilterBackend,
    IdFilter,
    KnownParametersOnly,
    YesNoFilter,
    either,
)
from liaison.core.api.shown import ShownRow
from liaison.core.api.views import ListAndDetail


class EnterpriseFilterSet(django_filters.FilterSet):
    officer = IdFilter(method="of_officer", label="Id of the responsible officer.")
    tier = django_filters.MultipleChoiceFilter(choices=Tier.choices)
    stage = django_filters.MultipleChoiceFilter(choices=Stage.choices)
    grade = django_filters.MultipleChoiceFilter(choices=Grade.choices)
    kind = django_filters.MultipleChoiceFilter(choices=Enterprise.Kind.choices)
    unit = UnitFilter(label="Code of the station, or of a bureau above stations.")
    industry = django_filters.CharFilter(lookup_expr="icontains", label="Part of its name.")
    unassigned = YesNoFilter(method="is_unassigned", label="Live, and nobody answers for it.")
    overdue = YesNoFilter(method="is_overdue", label="Live, and overdue for contact or visit.")
    mine = YesNoFilter(method="is_mine", label="I answer for it, or act for who does.")
    q = django_filters.CharFilter(
        method="matches", label="Part of the name, pinyin initials, credit code or phone."
    )

    class Meta:
        model = Enterprise
        fields: tuple[str, ...] = ()

    def of_officer(self, rows: EnterpriseQuerySet, _n: str, value: int) -> EnterpriseQuerySet:
        return rows.answered_by([value])

    def is_unassigned(self, rows: EnterpriseQuerySet, _n: str, value: bool) -> EnterpriseQuerySet:
        return either(rows, rows.unassigned(), value)

    def is_overdue(self, rows: EnterpriseQuerySet, _n: str, value: bool) -> EnterpriseQuerySet:
        return either(rows, rows.live().contact_overdue(timezone.localdate()), value)

    def is_mine(self, rows: EnterpriseQuerySet, _n: str, value: bool) -> EnterpriseQuerySet:
        return either(rows, rows.mine(self.request.user), value)

    def matches(self, rows: EnterpriseQuerySet, _n: str, value: str) -> EnterpriseQuerySet:
        return rows.matching(value, self.request.user)


class ContactSerializer(ShownRow[Contact]):
    class Meta:
        model = Contact
        fields = ("id", "name", "position", "phone", "is_primary")
        read_only_fields = fields


class PlaceSerializer(ShownRow[Assignment]):
    """What is read of who answers for an enterprise."""

    officer = PersonSerializer()

    class Meta:
        model = Assignment
        fields = ("role", "officer")


class EnterpriseSerializer(ShownRow[Enterprise]):
    beside = {"open_assignments": PlaceSerializer}
    unit: Any = serializers.SlugRelatedField("code", read_only=True)
    responsible_officer = serializers.SerializerMethodField()
    deputy = serializers.SerializerMethodField()
    next_contact_due_on = serializers.DateField(
        source="cadence.next_contact_due_on", default=None, read_only=True, allow_null=True
    )
    next_visit_due_on = serializers.DateField(
        source="cadence.next_visit_due_on", default=None, read_only=True, allow_null=True
    )
    last_contact_at = serializers.DateTimeField(
        source="cadence.last_contact_at", default=None, read_only=True, allow_null=True
    )

    class Meta:
        model = Enterprise
        fields: tuple[str, ...] = (
            "id",
            "unit",
            "name",
            "kind",
            "credit_code",
            "stage",
            "tier",
            "grade",
            "industry",
            "address",
            "longitude",
            "latitude",
            "headcount",
            "night_shift",
            "version",
            "responsible_officer",
            "deputy",
            "last_contact_at",
            "next_contact_due_on",
            "next_visit_due_on",
        )
        read_only_fields = fields

    @extend_schema_field(PersonSerializer(allow_null=True))
    def get_responsible_officer(self, enterprise: Enterprise) -> dict[str, Any] | None:
        return _in_place(enterprise, "responsible")

    @extend_schema_field(PersonSerializer(allow_null=True))
    def get_deputy(self, enterprise: Enterprise) -> dict[str, Any] | None:
        return _in_place(enterprise, "deputy")


class EnterpriseDetailSerializer(EnterpriseSerializer):
    contacts = serializers.SerializerMethodField()
    why_contact_due = serializers.SerializerMethodField()
    why_visit_due = serializers.SerializerMethodField()

    class Meta(EnterpriseSerializer.Meta):
        fields = (*EnterpriseSerializer.Meta.fields, "contacts", "why_contact_due", "why_visit_due")
        read_only_fields = fields

    @extend_schema_field(ContactSerializer(many=True))
    def get_contacts(self, enterprise: Enterprise) -> Any:
        return ContactSerializer(enterprise.contacts.present().order_by("pk"), many=True).data

    def get_why_contact_due(self, enterprise: Enterprise) -> str:
        return why_contact_due(enterprise.cadence) if hasattr(enterprise, "cadence") else ""

    def get_why_visit_due(self, enterprise: Enterprise) -> str:
        return why_visit_due(enterprise.cadence) if hasattr(enterprise, "cadence") else ""


class AssignSerializer(KnownFieldsOnly):
    officer = RowField(queryset=User.objects.all(), help_text="Id; see officers/.")
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    replaces = IdField(
        required=False,
        allow_null=True,
        default=None,
        help_text="The officer you believe answers now; null for nobody.",
    )


class Taken(Problem):
    """Somebody else answers by now."""

    officer = serializers.IntegerField(
        allow_null=True, help_text="Id of who answers now; null for nobody."
    )


class EnterpriseViewSet(ListAndDetail[Enterprise]):
    """Enterprises and key projects."""

    access = SIGNED_IN
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Enterprise.objects.none()
    serializer_class = EnterpriseSerializer
    filterset_class = EnterpriseFilterSet
    filter_backends = (FilterBackend, KnownParametersOnly)
    orders = {
        "name": ("name", "id"),
        "next_contact_due_on": ("cadence__next_contact_due_on", "id"),
        "next_visit_due_on": ("cadence__next_visit_due_on", "id"),
        "last_contact_at": ("cadence__last_contact_at", "id"),
    }
    default_order = ("name", "id")

    def get_queryset(self) -> QuerySet[Enterprise]:
        return Enterprise.objects.visible_to(person(self.request)).for_ledger()

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return EnterpriseDetailSerializer if self.action == "retrieve" else EnterpriseSerializer

    @extend_schema(
        request=AssignSerializer,
        responses={200: EnterpriseSerializer, 409: OpenApiResponse(Taken, Taken.__doc__ or "")},
    )
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str) -> Response:
        """Make an officer the responsible one. ``replaces`` says whom you believe to answer now:
        nobody is replaced unseen."""
        enterprise = self.get_object()
        asked = AssignSerializer(data=request.data, context={"user": person(request)})
        asked.is_valid(raise_exception=True)
        assign(enterprise, by=person(request), **asked.validated_data)
        return Response(EnterpriseSerializer(self.get_queryset().get(pk=enterprise.pk)).data)


def _in_place(enterprise: Enterprise, role: str) -> dict[str, Any] | None:
    for place in enterprise.open_assignments:  # type: ignore[attr-defined]
        if place.role == role:
            return PersonSerializer.show(place.officer)
    return None
