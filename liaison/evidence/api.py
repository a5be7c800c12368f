"""Uploading evidence before it is put to a record."""

from django.db.models import QuerySet
from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from liaison.accounts.access import SIGNED_IN
from liaison.accounts.permissions import person
from liaison.core.api.bodies import MultiPartBody
from liaison.core.api.fields import KnownFieldsOnly
from liaison.core.api.filters import ON_EVERYTHING, KnownParametersOnly, must_be_known
from liaison.core.api.shown import ShownRow
from liaison.core.api.views import AnyType, ListAndDetail
from liaison.evidence.actions import keep
from liaison.evidence.models import CONTENT_TYPES, Evidence
from liaison.evidence.serving import serve


class UploadSerializer(KnownFieldsOnly):
    # An empty file is refused by keep(), like every other file that is none.
    file = serializers.FileField(
        allow_empty_file=True,
        max_length=200,
        help_text="JPEG, PNG, WebP, a voice note (WebM with Opus, MP4 with AAC) or PDF.",
    )


class EvidenceSerializer(ShownRow[Evidence]):
    class Meta:
        model = Evidence
        fields = (
            "id",
            "name",
            "content_type",
            "size",
            "sha256",
            "width",
            "height",
            "seconds",
            "made_at",
        )
        read_only_fields = fields


class EvidenceViewSet(ListAndDetail[Evidence]):
    """One's own uploads. What is attached to a line is read through the line."""

    access = SIGNED_IN
    lookup_value_regex = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    serializer_class = EvidenceSerializer
    queryset = Evidence.objects.none()
    parser_classes = (MultiPartBody,)
    filter_backends = (KnownParametersOnly,)
    orders = {"made_at": ("made_at", "id")}
    default_order = ("-made_at", "-id")

    def get_queryset(self) -> QuerySet[Evidence]:
        return Evidence.objects.visible_to(person(self.request))

    @extend_schema(request=UploadSerializer, responses={201: EvidenceSerializer})
    def create(self, request: Request) -> Response:
        """Upload one file. It is decoded and written anew: size and hash are those of what is
        kept. Put its id to a move, a line or a finding; what stays unused is deleted later."""
        must_be_known(request, ON_EVERYTHING)
        asked = UploadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        kept = keep(asked.validated_data["file"], by=person(request))
        return Response(EvidenceSerializer(kept).data, status=status.HTTP_201_CREATED)

    @extend_schema(responses={(200, *CONTENT_TYPES): OpenApiTypes.BINARY})
    @action(detail=True, content_negotiation_class=AnyType)
    def file(self, request: Request, pk: str) -> FileResponse:
        """The file as kept, until it is put to a record; from then on only through that."""
        must_be_known(request, ON_EVERYTHING)
        mine = Evidence.objects.visible_to(person(request)).unattached()
        return serve(request, get_object_or_404(mine, pk=pk), name=pk)
