"""Visits over the API."""

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import (
    OpenApiParameter,
    OpenApiResponse,
    extend_schema,
    extend_schema_field,
)
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from issues.models import Issue
from liaison.accounts.access import STAFF_ONLY
from liaison.accounts.api import PersonSerializer
from liaison.accounts.models import User
from liaison.accounts.permissions import person
from liaison.core.api.errors import Problem
from liaison.core.api.filters import (
    ON_EVERYTHING,
    FilterBackend,
    IdFilter,
    KnownParametersOnly,
    MomentFilter,
    must_be_known,
)
from liaison.core.api.shown import ShownRow
from liaison.core.api.views import AnyType, ListAndDetail
from liaison.evidence.models import CONTENT_TYPES
from liaison.evidence.serving import serve
from visits.actions import look_where
from visits.models import (
    Channel,
    Finding,
    Front,
    OfficerRole,
    Promise,
    Visit,
    VisitFile,
    VisitPosition,
    VisitWord,
)
from visits.orders import LogVisitSerializer, log_as_sent
from visits.places import (
    NearSerializer,
    PlaceSerializer,
    WhereSerializer,
    show_near,
    show_where,
)


class VisitFilterSet(django_filters.FilterSet):
    enterprise = IdFilter(field_name="enterprise_id", label="Id of the enterprise.")
    officer = IdFilter(field_name="officer_id", label="Id of the officer.")
    channel = django_filters.MultipleChoiceFilter(choices=Channel.choices)
    since = MomentFilter(field_name="happened_at", lookup_expr="gte")
    until = MomentFilter(field_name="happened_at", lookup_expr="lte")

    class Meta:
        model = Visit
        fields: tuple[str, ...] = ()


class RaisedLineSerializer(ShownRow[Issue]):
    class Meta:
        model = Issue
        fields = ("id", "number")
        read_only_fields = fields


class FoundSerializer(ShownRow[Finding]):
    """What is read of a finding."""

    issue = RaisedLineSerializer()

    class Meta:
        model = Finding
        fields = ("issue",)


class MadePromiseSerializer(ShownRow[Promise]):
    class Meta:
        model = Promise
        fields = ("id", "text", "due_on", "kept_at")
        read_only_fields = fields


class VisitSerializer(ShownRow[Visit]):
    beside = {"seen_findings": FoundSerializer, "seen_places": PlaceSerializer}
    officer = PersonSerializer(read_only=True)
    roles = serializers.ListField(
        child=serializers.ChoiceField(OfficerRole.choices), read_only=True
    )
    fronts = serializers.ListField(child=serializers.ChoiceField(Front.choices), read_only=True)
    promises = MadePromiseSerializer(many=True, read_only=True)
    issues = serializers.SerializerMethodField(
        help_text="Lines that the findings became, those you may see."
    )
    position = serializers.SerializerMethodField(help_text="How near it was made.")

    class Meta:
        model = Visit
        fields: tuple[str, ...] = (
            "id",
            "client_id",
            "enterprise",
            "officer",
            "channel",
            "happened_at",
            "contact",
            "met",
            "roles",
            "fronts",
            "summary",
            "received_at",
            "promises",
            "issues",
            "position",
        )
        read_only_fields = fields

    @extend_schema_field(RaisedLineSerializer(many=True))
    def get_issues(self, visit: Visit) -> Any:
        found = visit.seen_findings  # type: ignore[attr-defined]
        return [RaisedLineSerializer.show(finding.issue) for finding in found]

    @extend_schema_field(NearSerializer)
    def get_position(self, visit: Visit) -> Any:
        return show_near(visit, place_of(visit), self.asker)

    @property
    def asker(self) -> User | None:
        """Who reads it; where nobody is said to, only what is for all is shown."""
        request = self.context.get("request")
        return request.user if request is not None else None


class VisitFileSerializer(ShownRow[VisitFile]):
    id = serializers.UUIDField(source="evidence_id", read_only=True)
    name = serializers.CharField(source="evidence.name", read_only=True)
    content_type = serializers.ChoiceField(
        CONTENT_TYPES, source="evidence.content_type", read_only=True
    )
    seconds = serializers.IntegerField(
        source="evidence.seconds", read_only=True, allow_null=True, help_text="Of a voice note."
    )

    class Meta:
        model = VisitFile
        fields = ("id", "name", "content_type", "seconds")
        read_only_fields = fields


class VisitWordSerializer(ShownRow[VisitWord]):
    """What the enterprise said: whether the officer came, and how a chief answered a no."""

    answered_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = VisitWord
        fields = ("came", "words", "by_name", "at", "answer", "answered_by", "answered_at")
        read_only_fields = fields


class VisitDetailSerializer(VisitSerializer):
    """One visit: also its files, what the enterprise said of it, and where it was, for those who
    may see that."""

    files = serializers.SerializerMethodField(
        help_text="Photos and voice notes of the visit itself, as they were made; those of a "
        "finding are with its line."
    )

    word = serializers.SerializerMethodField(
        help_text="What the enterprise said of it; null while it has said nothing."
    )

    class Meta(VisitSerializer.Meta):
        fields = (*VisitSerializer.Meta.fields, "files", "word")
        read_only_fields = fields

    @extend_schema_field(VisitWordSerializer(allow_null=True))
    def get_word(self, visit: Visit) -> Any:
        word = VisitWord.objects.filter(visit=visit).select_related("answered_by").first()
        return VisitWordSerializer.show(word) if word is not None else None

    @extend_schema_field(VisitFileSerializer(many=True))
    def get_files(self, visit: Visit) -> Any:
        return [VisitFileSerializer.show(one) for one in visit.files.select_related("evidence")]

    @extend_schema_field(WhereSerializer)
    def get_position(self, visit: Visit) -> Any:
        return show_where(visit, place_of(visit), self.asker)


def place_of(visit: Visit) -> VisitPosition | None:
    places = visit.seen_places  # type: ignore[attr-defined]
    return places[0] if places else None


class Reused(Problem):
    """This ``client_id`` was used for other content; nothing has been written."""

    visit = serializers.IntegerField(help_text="Id of the visit that has it.")


class VisitViewSet(ListAndDetail[Visit]):
    """Visits and calls."""

    access = STAFF_ONLY
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Visit.objects.none()
    serializer_class = VisitSerializer
    filterset_class = VisitFilterSet
    filter_backends = (FilterBackend, KnownParametersOnly)
    orders = {"happened_at": ("happened_at", "id")}
    default_order = ("-happened_at", "-id")

    def get_queryset(self) -> QuerySet[Visit]:
        return shown_to(person(self.request))

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return VisitSerializer if self.action == "list" else VisitDetailSerializer

    def get_object(self) -> Visit:
        visit = super().get_object()
        look_where(visit, place_of(visit), by=person(self.request))
        return visit

    @extend_schema(
        request=LogVisitSerializer,
        responses={201: VisitDetailSerializer, 409: OpenApiResponse(Reused, Reused.__doc__ or "")},
    )
    def create(self, request: Request) -> Response:
        """Log a visit. Safe to send again: the same ``client_id`` and content have the same
        answer and are one visit; other content under the same id is a 409."""
        must_be_known(request, ON_EVERYTHING)
        asked = LogVisitSerializer(data=request.data, context={"user": person(request)})
        asked.is_valid(raise_exception=True)
        visit = log_as_sent(asked.validated_data, by=person(request))
        row = self.get_queryset().get(pk=visit.pk)
        answer = VisitDetailSerializer(row, context=self.get_serializer_context()).data
        return Response(answer, status=status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[OpenApiParameter("evidence", OpenApiTypes.UUID, OpenApiParameter.PATH)],
        responses={(200, *CONTENT_TYPES): OpenApiTypes.BINARY},
    )
    @action(
        detail=True,
        url_path="files/(?P<evidence>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",
        content_negotiation_class=AnyType,
    )
    def files(self, request: Request, pk: str, evidence: str) -> FileResponse:
        """One photo or voice note of the visit."""
        must_be_known(request, ON_EVERYTHING)
        seen = VisitFile.objects.visible_to(person(request)).select_related("evidence")
        found = get_object_or_404(seen, visit=pk, evidence=evidence)
        return serve(request, found.evidence, name=evidence)


def shown_to(user: User) -> QuerySet[Visit]:
    """Visits with what ``VisitSerializer`` reads of them for this person."""
    # A line that this person may not see is not named here either.
    seen = Finding.objects.visible_to(user).select_related("issue").order_by("pk")
    return (
        Visit.objects.visible_to(user)
        .select_related("officer")
        .prefetch_related(
            Prefetch("findings", seen, to_attr="seen_findings"),
            Prefetch("positions", VisitPosition.objects.order_by("pk"), to_attr="seen_places"),
            Prefetch("promises", Promise.objects.order_by("pk")),
        )
    )
