"""Addresses of the bill."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from issues.api.answers import (
    EventSerializer,
    IssueDetailSerializer,
    IssueSerializer,
    KindSerializer,
    Stale,
    shown,
)
from issues.api.filters import IssueFilterSet
from issues.api.orders import (
    ANY_MOVE,
    EXAMPLES,
    RaiseSerializer,
    move_as_sent,
    raise_as_sent,
)
from issues.models import Attachment, Event, Issue, IssueKind
from liaison.accounts.access import SIGNED_IN
from liaison.accounts.permissions import person
from liaison.core.api.filters import (
    ON_EVERYTHING,
    FilterBackend,
    KnownParametersOnly,
    must_be_known,
)
from liaison.core.api.views import AnyType, ListAndDetail
from liaison.evidence.models import CONTENT_TYPES
from liaison.evidence.serving import serve

BY_ID_OR_NUMBER = OpenApiParameter(
    "id",
    {"type": "string", "pattern": "^[A-Za-z0-9-]{1,40}$"},
    OpenApiParameter.PATH,
    description="Id or number (LSL-2026-0412).",
)


class KindViewSet(mixins.ListModelMixin, viewsets.GenericViewSet[IssueKind]):
    """Kinds of line, what closes each and what it wants proven."""

    access = SIGNED_IN
    queryset = IssueKind.objects.all()
    serializer_class = KindSerializer
    filter_backends = (KnownParametersOnly,)
    orders = {"position": ("position", "id")}
    default_order = ("position", "id")


class IssueViewSet(ListAndDetail[Issue]):
    """Lines of the bill."""

    access = SIGNED_IN
    lookup_value_regex = r"[A-Za-z0-9-]{1,40}"
    queryset = Issue.objects.none()
    serializer_class = IssueSerializer
    filterset_class = IssueFilterSet
    filter_backends = (FilterBackend, KnownParametersOnly)
    orders = {
        "next_due_at": ("next_due_at", "id"),
        "raised_at": ("raised_at", "id"),
        "number": ("number", "id"),
    }
    default_order = ("next_due_at", "id")

    def get_queryset(self) -> QuerySet[Issue]:
        lines = Issue.objects.visible_to(person(self.request))
        return lines.for_detail() if self.action == "retrieve" else lines.for_ledger()

    def get_serializer_class(self) -> type[serializers.BaseSerializer[Any]]:
        if self.action == "retrieve":
            return IssueDetailSerializer
        return super().get_serializer_class()

    def get_object(self) -> Issue:
        must_be_known(self.request, ON_EVERYTHING)
        return self._find()

    def _find(self) -> Issue:
        key = self.kwargs["pk"]
        wanted = Q(number=key)
        if key.isdecimal() and len(key) < 19:
            wanted |= Q(pk=int(key))
        return get_object_or_404(self.get_queryset(), wanted)

    @extend_schema(parameters=[BY_ID_OR_NUMBER])
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One line, with what you may do to it now."""
        return super().retrieve(request, *args, **kwargs)

    @extend_schema(request=RaiseSerializer, responses={201: IssueDetailSerializer})
    def create(self, request: Request) -> Response:
        """Enter a line. Its clock starts, and the responsible officer handles it."""
        must_be_known(request, ON_EVERYTHING)
        asked = RaiseSerializer(data=request.data, context={"user": person(request)})
        asked.is_valid(raise_exception=True)
        issue = raise_as_sent(asked.validated_data, by=person(request))
        return self._answer(issue, status.HTTP_201_CREATED)

    @extend_schema(
        parameters=[BY_ID_OR_NUMBER],
        request=ANY_MOVE,
        examples=EXAMPLES,
        responses={200: IssueDetailSerializer, 409: OpenApiResponse(Stale, Stale.__doc__ or "")},
    )
    @action(detail=True, methods=["post"])
    def moves(self, request: Request, pk: str) -> Response:
        """Make a move. 422 when you may not, or when something is missing, which ``missing``
        names; the line is then as it was."""
        issue = self.get_object()
        moved = move_as_sent(issue, request.data, by=person(request))
        return self._answer(moved)

    @extend_schema(parameters=[BY_ID_OR_NUMBER], responses=EventSerializer(many=True))
    @action(
        detail=True,
        filterset_class=None,
        filter_backends=(KnownParametersOnly,),
        orders={"at": ("at", "id")},
        default_order=("at", "id"),
        serializer_class=EventSerializer,
    )
    def events(self, request: Request, pk: str) -> Response:
        """The timeline, oldest first; an enterprise reads its public events."""
        events = Event.objects.visible_to(person(request)).filter(issue=self._find())
        page = self.paginate_queryset(
            self.filter_queryset(events.prefetch_related("attachments"))  # type: ignore[arg-type]
        )
        return self.get_paginated_response(EventSerializer(page, many=True).data)

    @extend_schema(
        parameters=[
            BY_ID_OR_NUMBER,
            OpenApiParameter("file", OpenApiTypes.UUID, OpenApiParameter.PATH),
        ],
        responses={(200, *CONTENT_TYPES): OpenApiTypes.BINARY},
    )
    @action(
        detail=True,
        url_path="files/(?P<file>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})",
        content_negotiation_class=AnyType,
    )
    def files(self, request: Request, pk: str, file: str) -> FileResponse:
        """One file of the line."""
        found = get_object_or_404(
            Attachment.objects.visible_to(person(request)).select_related("evidence"),
            issue=self.get_object(),
            evidence=file,
        )
        return serve(request, found.evidence, name=file)

    def _answer(self, issue: Issue, code: int = status.HTTP_200_OK) -> Response:
        return Response(shown(issue, self.request), status=code)
