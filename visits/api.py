"""Visits over the API."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from enterprises.models import Contact, Enterprise
from issues.api import ProvenField
from issues.models import Issue, IssueKind, Level
from liaison.accounts.access import STAFF_ONLY
from liaison.accounts.api import PersonSerializer
from liaison.accounts.models import User
from liaison.core.api import FilterBackend, KnownFieldsOnly, KnownParametersOnly
from visits.actions import Found, Promised, log_visit
from visits.models import Channel, Front, OfficerRole, Visit


class VisitFilterSet(django_filters.FilterSet):
    enterprise = django_filters.NumberFilter(field_name="enterprise_id")
    officer = django_filters.NumberFilter(field_name="officer_id")
    channel = django_filters.MultipleChoiceFilter(choices=Channel.choices)
    since = django_filters.IsoDateTimeFilter(field_name="happened_at", lookup_expr="gte")
    until = django_filters.IsoDateTimeFilter(field_name="happened_at", lookup_expr="lte")

    class Meta:
        model = Visit
        fields: tuple[str, ...] = ()


class RaisedLineSerializer(serializers.ModelSerializer[Issue]):
    class Meta:
        model = Issue
        fields = ("id", "number")
        read_only_fields = fields


class VisitSerializer(serializers.ModelSerializer[Visit]):
    officer = PersonSerializer(read_only=True)
    issues = serializers.SerializerMethodField()

    class Meta:
        model = Visit
        fields = (
            "id",
            "client_id",
            "enterprise",
            "officer",
            "channel",
            "happened_at",
            "met",
            "roles",
            "fronts",
            "summary",
            "received_at",
            "issues",
        )
        read_only_fields = fields

    def get_issues(self, visit: Visit) -> list[dict[str, Any]]:
        # A line that this person may not see is not named here either.
        seen: set[int] | None = self.context.get("seen")
        return [
            RaisedLineSerializer(one.issue).data
            for one in visit.findings.all()
            if seen is None or not one.issue.sensitive or one.issue_id in seen
        ]


class FindingSerializer(KnownFieldsOnly):
    kind = serializers.SlugRelatedField("code", queryset=IssueKind.objects.all())
    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    level = serializers.ChoiceField(Level.choices, default=Level.ORDINARY)
    evidence = serializers.ListField(child=ProvenField(), max_length=20, default=list)


class PromiseSerializer(KnownFieldsOnly):
    text = serializers.CharField(max_length=200)
    due_on = serializers.DateField(required=False, allow_null=True, default=None)


class LogVisitSerializer(KnownFieldsOnly):
    client_id = serializers.UUIDField()
    enterprise = serializers.PrimaryKeyRelatedField(queryset=Enterprise.objects.none())
    channel = serializers.ChoiceField(Channel.choices)
    happened_at = serializers.DateTimeField()
    contact = serializers.PrimaryKeyRelatedField(
        queryset=Contact.objects.none(), required=False, allow_null=True, default=None
    )
    met = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    roles = serializers.ListField(child=serializers.ChoiceField(OfficerRole.choices), default=list)
    fronts = serializers.ListField(child=serializers.ChoiceField(Front.choices), default=list)
    summary = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    findings = FindingSerializer(many=True, required=False, default=list)
    promises = PromiseSerializer(many=True, required=False, default=list)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if request := self.context.get("request"):
            seen = Enterprise.objects.visible_to(request.user).select_related("unit")
            fields["enterprise"].queryset = seen  # type: ignore[attr-defined]
            fields["contact"].queryset = Contact.objects.visible_to(request.user)  # type: ignore[attr-defined]
        return fields


class VisitViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Visit]
):
    """Visits and calls."""

    access = STAFF_ONLY
    lookup_value_regex = r"\d{1,18}"
    queryset = Visit.objects.none()
    serializer_class = VisitSerializer
    filterset_class = VisitFilterSet
    filter_backends = (FilterBackend, KnownParametersOnly)
    orders = {"latest": ("-happened_at", "-id")}
    default_order = ("-happened_at", "-id")

    def get_queryset(self) -> QuerySet[Visit]:
        user: User = self.request.user  # type: ignore[assignment]
        return Visit.objects.visible_to(user).for_ledger()

    def get_serializer_context(self) -> dict[str, Any]:
        context = dict(super().get_serializer_context())
        user = self.request.user
        if isinstance(user, User):
            sensitive = Issue.objects.visible_to(user).filter(sensitive=True)
            context["seen"] = set(sensitive.values_list("pk", flat=True)[:2000])
        return context

    @extend_schema(request=LogVisitSerializer, responses={201: VisitSerializer})
    def create(self, request: Request) -> Response:
        """Log a visit. The same ``client_id`` and content again answer with the visit that is
        there (200); other content is a 409."""
        asked = LogVisitSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        user: User = request.user  # type: ignore[assignment]
        there = Visit.objects.filter(officer=user, client_id=given["client_id"]).exists()
        visit = log_visit(
            given.pop("enterprise"),
            by=user,
            findings=[_found(one) for one in given.pop("findings")],
            promises=[Promised(one["text"], one["due_on"]) for one in given.pop("promises")],
            **given,
        )
        fresh = Visit.objects.for_ledger().get(pk=visit.pk)
        answer = VisitSerializer(fresh, context=self.get_serializer_context()).data
        return Response(answer, status=status.HTTP_200_OK if there else status.HTTP_201_CREATED)


def _found(given: dict[str, Any]) -> Found:
    files = tuple(given.get("evidence") or ())
    return Found(given["kind"], given["title"], given["text"], given["level"], files)
