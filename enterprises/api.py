"""Enterprises over the API: list, one, assign."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from enterprises.actions import assign
from enterprises.deadlines import why_contact_due, why_visit_due
from enterprises.models import Contact, Enterprise, Grade, Stage, Tier
from enterprises.querysets import EnterpriseQuerySet
from liaison.accounts.access import SIGNED_IN
from liaison.accounts.api import PersonSerializer
from liaison.accounts.models import User
from liaison.core.api import FilterBackend, KnownFieldsOnly, KnownParametersOnly


class EnterpriseFilterSet(django_filters.FilterSet):
    officer = django_filters.NumberFilter(method="of_officer")
    tier = django_filters.MultipleChoiceFilter(choices=Tier.choices)
    stage = django_filters.MultipleChoiceFilter(choices=Stage.choices)
    grade = django_filters.MultipleChoiceFilter(choices=Grade.choices)
    kind = django_filters.ChoiceFilter(choices=Enterprise.Kind.choices)
    industry = django_filters.CharFilter(lookup_expr="icontains")
    unassigned = django_filters.BooleanFilter(method="is_unassigned")
    overdue = django_filters.BooleanFilter(method="is_overdue")
    mine = django_filters.BooleanFilter(method="is_mine")
    q = django_filters.CharFilter(method="matches")

    class Meta:
        model = Enterprise
        fields: tuple[str, ...] = ()

    def of_officer(self, rows: EnterpriseQuerySet, _n: str, value: Any) -> EnterpriseQuerySet:
        return rows.answered_by([int(value)])

    def is_unassigned(self, rows: EnterpriseQuerySet, _n: str, value: bool) -> EnterpriseQuerySet:
        free = Enterprise.objects.all().unassigned().values("pk")
        return rows.filter(pk__in=free) if value else rows.exclude(pk__in=free)

    def is_overdue(self, rows: EnterpriseQuerySet, _n: str, value: bool) -> EnterpriseQuerySet:
        late = Enterprise.objects.all().contact_overdue(timezone.localdate()).values("pk")
        return rows.filter(pk__in=late) if value else rows.exclude(pk__in=late)

    def is_mine(self, rows: EnterpriseQuerySet, _n: str, value: bool) -> EnterpriseQuerySet:
        mine = Enterprise.objects.all().mine(self.request.user).values("pk")
        return rows.filter(pk__in=mine) if value else rows.exclude(pk__in=mine)

    def matches(self, rows: EnterpriseQuerySet, _n: str, value: str) -> EnterpriseQuerySet:
        return rows.matching(value)


class ContactSerializer(serializers.ModelSerializer[Contact]):
    class Meta:
        model = Contact
        fields = ("id", "name", "position", "phone", "is_primary")
        read_only_fields = fields


class EnterpriseSerializer(serializers.ModelSerializer[Enterprise]):
    responsible_officer = serializers.SerializerMethodField()
    deputy = serializers.SerializerMethodField()
    next_contact_due_on = serializers.DateField(
        source="cadence.next_contact_due_on", default=None, read_only=True
    )
    next_visit_due_on = serializers.DateField(
        source="cadence.next_visit_due_on", default=None, read_only=True
    )
    last_contact_at = serializers.DateTimeField(
        source="cadence.last_contact_at", default=None, read_only=True
    )

    class Meta:
        model = Enterprise
        fields: tuple[str, ...] = (
            "id",
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
    officer = serializers.PrimaryKeyRelatedField(queryset=User.objects.none())
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    replaces = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=2**63 - 1,
        help_text="The officer you believe answers now; null for nobody.",
    )

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if request := self.context.get("request"):
            fields["officer"].queryset = User.objects.visible_to(request.user)  # type: ignore[attr-defined]
        return fields


class EnterpriseViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Enterprise]
):
    """Enterprises and key projects."""

    access = SIGNED_IN
    lookup_value_regex = r"\d{1,18}"
    queryset = Enterprise.objects.none()
    serializer_class = EnterpriseSerializer
    filterset_class = EnterpriseFilterSet
    filter_backends = (FilterBackend, KnownParametersOnly)
    orders = {"name": ("name", "id"), "contact_due": ("cadence__next_contact_due_on", "id")}
    default_order = ("name", "id")

    def get_queryset(self) -> QuerySet[Enterprise]:
        user: User = self.request.user  # type: ignore[assignment]
        return Enterprise.objects.visible_to(user).for_ledger()

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return EnterpriseDetailSerializer if self.action == "retrieve" else EnterpriseSerializer

    @extend_schema(request=AssignSerializer, responses=EnterpriseSerializer)
    @action(detail=True, methods=["post"])
    def assign(self, request: Request, pk: str | None = None) -> Response:
        """Make an officer the responsible one; 409 when somebody else answers by now."""
        enterprise = self.get_object()
        asked = AssignSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        user: User = request.user  # type: ignore[assignment]
        assign(enterprise, by=user, **asked.validated_data)
        return Response(EnterpriseSerializer(self.get_queryset().get(pk=enterprise.pk)).data)


def _in_place(enterprise: Enterprise, role: str) -> dict[str, Any] | None:
    for place in enterprise.open_assignments:  # type: ignore[attr-defined]
        if place.role == role:
            return PersonSerializer(place.officer).data
    return None
