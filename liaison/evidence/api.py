"""Uploading evidence before it is put to a record."""

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from liaison.accounts.access import SIGNED_IN
from liaison.accounts.models import User
from liaison.core.api import KnownFieldsOnly, KnownParametersOnly
from liaison.evidence.actions import keep
from liaison.evidence.models import Evidence


class UploadSerializer(KnownFieldsOnly):
    file = serializers.FileField()


class EvidenceSerializer(serializers.ModelSerializer[Evidence]):
    class Meta:
        model = Evidence
        fields = ("id", "name", "content_type", "size", "sha256", "width", "height", "made_at")
        read_only_fields = fields


class EvidenceViewSet(
    mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet[Evidence]
):
    """One's own uploads. What is attached to a line is read through the line."""

    access = SIGNED_IN
    serializer_class = EvidenceSerializer
    queryset = Evidence.objects.none()
    parser_classes = (MultiPartParser,)
    filter_backends = (KnownParametersOnly,)
    orders = {"latest": ("-made_at", "-id")}
    default_order = ("-made_at", "-id")

    def get_queryset(self) -> QuerySet[Evidence]:
        user: User = self.request.user  # type: ignore[assignment]
        return Evidence.objects.visible_to(user)

    @extend_schema(request=UploadSerializer, responses={201: EvidenceSerializer})
    def create(self, request: Request) -> Response:
        asked = UploadSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        user: User = request.user  # type: ignore[assignment]
        kept = keep(asked.validated_data["file"], by=user)
        return Response(EvidenceSerializer(kept).data, status=status.HTTP_201_CREATED)
