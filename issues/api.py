"""The bill over the API: lines, moves, timeline, files."""

import uuid
from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from enterprises.models import Enterprise
from issues.actions import make_move, raise_issue
from issues.actions.engine import Proven, missing_proofs
from issues.forms import MoveForm
from issues.models import Attachment, Event, Issue, IssueKind, Level
from issues.querysets import IssueQuerySet
from issues.roles import available_moves
from issues.workflow import MOVES, Stage
from liaison.accounts.access import SIGNED_IN
from liaison.accounts.api import PersonSerializer
from liaison.accounts.models import User
from liaison.core.api import FilterBackend, KnownFieldsOnly, KnownParametersOnly


class IssueFilterSet(django_filters.FilterSet):
    stage = django_filters.MultipleChoiceFilter(choices=Stage.choices)
    kind = django_filters.CharFilter(field_name="kind__code")
    level = django_filters.ChoiceFilter(choices=Level.choices)
    handler = django_filters.NumberFilter(field_name="handler_id")
    enterprise = django_filters.NumberFilter(field_name="enterprise_id")
    open = django_filters.BooleanFilter(method="is_open")
    late = django_filters.BooleanFilter(method="is_late")
    due_before = django_filters.IsoDateTimeFilter(method="is_due_before")
    awaiting_my_approval = django_filters.BooleanFilter(method="awaits_me")
    mine = django_filters.BooleanFilter(method="is_mine")
    q = django_filters.CharFilter(method="matches")

    class Meta:
        model = Issue
        fields: tuple[str, ...] = ()

    def is_open(self, rows: IssueQuerySet, _n: str, value: bool) -> IssueQuerySet:
        return _either(rows, rows.open(), value)

    def is_late(self, rows: IssueQuerySet, _n: str, value: bool) -> IssueQuerySet:
        return _either(rows, rows.late(timezone.now()), value)

    def is_due_before(self, rows: IssueQuerySet, _n: str, value: Any) -> IssueQuerySet:
        return rows.due_before(value)

    def awaits_me(self, rows: IssueQuerySet, _n: str, value: bool) -> IssueQuerySet:
        return _either(rows, rows.awaiting_approval_by(self.request.user), value)

    def is_mine(self, rows: IssueQuerySet, _n: str, value: bool) -> IssueQuerySet:
        return _either(rows, rows.handled_by(self.request.user), value)

    def matches(self, rows: IssueQuerySet, _n: str, value: str) -> IssueQuerySet:
        return rows.matching(value)


def _either(rows: IssueQuerySet, chosen: IssueQuerySet, value: bool) -> IssueQuerySet:
    return chosen if value else rows.exclude(pk__in=chosen.values("pk"))


class IssueSerializer(serializers.ModelSerializer[Issue]):
    kind = serializers.CharField(source="kind.code", read_only=True)
    enterprise = serializers.SerializerMethodField()
    handler = PersonSerializer(read_only=True)

    class Meta:
        model = Issue
        fields: tuple[str, ...] = (
            "id",
            "number",
            "title",
            "kind",
            "level",
            "source",
            "stage",
            "version",
            "enterprise",
            "handler",
            "raised_at",
            "respond_due_at",
            "resolve_due_at",
            "next_due_at",
            "closed_at",
        )
        read_only_fields = fields

    @extend_schema_field(
        {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
    )
    def get_enterprise(self, issue: Issue) -> dict[str, Any]:
        return {"id": issue.enterprise_id, "name": issue.enterprise.name}


class IssueDetailSerializer(IssueSerializer):
    available_moves = serializers.SerializerMethodField()
    evidence_wanted = serializers.SerializerMethodField()

    class Meta(IssueSerializer.Meta):
        fields = (
            *IssueSerializer.Meta.fields,
            "text",
            "close_rule",
            "due_uncertain",
            "loss_recovered",
            "available_moves",
            "evidence_wanted",
        )
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_available_moves(self, issue: Issue) -> list[dict[str, Any]]:
        return [
            {
                "move": move.name,
                "label": str(move.label),
                "fields": [
                    {"name": one.name, "label": str(one.label), "required": one.required}
                    for one in move.fields
                ],
                "evidence": move.files,
            }
            for move in available_moves(self.context["request"].user, issue)
        ]

    @extend_schema_field({"type": "array", "items": {"type": "string"}})
    def get_evidence_wanted(self, issue: Issue) -> list[str]:
        return missing_proofs(issue, ())


class EventSerializer(serializers.ModelSerializer[Event]):
    actor = serializers.CharField(source="actor_name")
    files = serializers.SerializerMethodField()

    class Meta:
        model = Event
        fields = (
            "id", "at", "actor", "move", "from_stage", "to_stage", "public", "text", "values",
            "files",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": "array", "items": {"type": "object"}})
    def get_files(self, event: Event) -> list[dict[str, Any]]:
        return [{"id": str(one.evidence_id), "proof": one.proof} for one in event.attachments.all()]


class ProvenField(serializers.Field):
    """An uploaded file: its id, or {"id", "proof"} to say what it proves."""

    def to_internal_value(self, data: Any) -> Proven:
        pk, proof = (
            (data.get("id"), data.get("proof", "")) if isinstance(data, dict) else (data, "")
        )
        try:
            return Proven(uuid.UUID(str(pk)), str(proof))
        except ValueError as error:
            raise serializers.ValidationError("Not the id of an uploaded file.") from error

    def to_representation(self, value: Proven) -> str:
        return str(value.evidence)


class RaiseSerializer(KnownFieldsOnly):
    enterprise = serializers.PrimaryKeyRelatedField(queryset=Enterprise.objects.none())
    kind = serializers.SlugRelatedField("code", queryset=IssueKind.objects.all())
    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    level = serializers.ChoiceField(Level.choices, default=Level.ORDINARY)
    evidence = serializers.ListField(child=ProvenField(), max_length=20, default=list)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        if request := self.context.get("request"):
            seen = Enterprise.objects.visible_to(request.user).select_related("unit")
            fields["enterprise"].queryset = seen  # type: ignore[attr-defined]
        return fields


class MoveSerializer(serializers.Serializer[Any]):
    """The move, the version seen, evidence, and the move's own fields beside them."""

    move = serializers.ChoiceField(list(MOVES))
    version = serializers.IntegerField(
        required=False, min_value=1, max_value=2**31 - 1, allow_null=True, default=None
    )
    evidence = serializers.ListField(child=ProvenField(), max_length=20, default=list)


class IssueViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Issue]
):
    """Lines of the bill."""

    access = SIGNED_IN
    lookup_value_regex = r"[A-Za-z0-9-]{1,40}"
    queryset = Issue.objects.none()
    serializer_class = IssueSerializer
    filterset_class = IssueFilterSet
    filter_backends = (FilterBackend, KnownParametersOnly)
    orders = {"due": ("next_due_at", "id"), "raised": ("-raised_at", "-id")}
    default_order = ("next_due_at", "id")

    def get_queryset(self) -> QuerySet[Issue]:
        user: User = self.request.user  # type: ignore[assignment]
        return Issue.objects.visible_to(user).for_ledger()

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        return IssueSerializer if self.action == "list" else IssueDetailSerializer

    def get_object(self) -> Issue:
        """By id or by number."""
        key = self.kwargs["pk"]
        wanted = Q(number=key)
        if key.isdecimal() and len(key) < 19:
            wanted |= Q(pk=int(key))
        return get_object_or_404(self.get_queryset(), wanted)

    @extend_schema(request=RaiseSerializer, responses={201: IssueDetailSerializer})
    def create(self, request: Request) -> Response:
        asked = RaiseSerializer(data=request.data, context={"request": request})
        asked.is_valid(raise_exception=True)
        given = dict(asked.validated_data)
        user: User = request.user  # type: ignore[assignment]
        issue = raise_issue(
            given.pop("enterprise"),
            by=user,
            source=Issue.Source.PORTAL if user.is_contact else Issue.Source.DESK,
            files=given.pop("evidence"),
            **given,
        )
        return self._answer(issue, status.HTTP_201_CREATED)

    @extend_schema(request=MoveSerializer, responses=IssueDetailSerializer)
    @action(detail=True, methods=["post"])
    def moves(self, request: Request, pk: str | None = None) -> Response:
        """Make a move. 409: stale version or another stage, with the state as it is now.
        422: not allowed, or something is missing, named in ``missing``."""
        issue = self.get_object()
        if not isinstance(request.data, dict):
            raise serializers.ValidationError({"move": ["An object is expected."]})
        asked = MoveSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        move = MOVES[asked.validated_data["move"]]
        user: User = request.user  # type: ignore[assignment]
        own = {key: request.data[key] for key in request.data if key not in asked.fields}
        if unknown := sorted(set(own) - {field.name for field in move.fields}):
            raise serializers.ValidationError({unknown[0]: ["There is no such field."]})
        moved = make_move(
            issue,
            move.name,
            by=user,
            version=asked.validated_data["version"],
            values=self._cleaned(move.name, issue, own),
            files=asked.validated_data["evidence"],
        )
        return self._answer(moved)

    def _cleaned(self, name: str, issue: Issue, own: dict[str, Any]) -> dict[str, Any]:
        """The same cleaning as the page's form; what is missing is left for the action to say."""
        form = MoveForm(MOVES[name], issue, {**own, "version": issue.version})
        for field in form.fields.values():
            field.required = False
        if not form.is_valid():
            raise serializers.ValidationError(
                {name: [str(one) for one in errors] for name, errors in form.errors.items()}
            )
        return {key: value for key, value in form.values().items() if key in own}

    @extend_schema(responses=EventSerializer(many=True))
    @action(detail=True, pagination_class=None, filter_backends=())
    def events(self, request: Request, pk: str | None = None) -> Response:
        """The timeline, oldest first; a contact gets the public events."""
        user: User = request.user  # type: ignore[assignment]
        events = Event.objects.visible_to(user).filter(issue=self.get_object())
        return Response(EventSerializer(events.prefetch_related("attachments"), many=True).data)

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    @action(detail=True, url_path="files/(?P<file>[0-9a-f-]{36})")
    def files(self, request: Request, file: str, pk: str | None = None) -> Any:
        """One file of the line."""
        user: User = request.user  # type: ignore[assignment]
        try:
            key = uuid.UUID(file)
        except ValueError as error:
            raise Http404 from error
        found = get_object_or_404(
            Attachment.objects.visible_to(user).select_related("evidence"),
            issue=self.get_object(),
            evidence=key,
        )
        return FileResponse(
            found.evidence.file.open("rb"),
            as_attachment=not found.evidence.is_image,
            filename=f"{found.evidence_id}{found.evidence.suffix}",
            content_type=found.evidence.content_type,
            headers={"X-Content-Type-Options": "nosniff"},
        )

    def _answer(self, issue: Issue, code: int = status.HTTP_200_OK) -> Response:
        fresh = Issue.objects.for_ledger().get(pk=issue.pk)
        context = self.get_serializer_context()
        return Response(IssueDetailSerializer(fresh, context=context).data, status=code)
