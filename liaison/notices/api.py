"""One's own notices."""

from typing import Any

import django_filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from liaison.accounts.access import SIGNED_IN
from liaison.accounts.permissions import person
from liaison.core.api.fields import KnownFieldsOnly
from liaison.core.api.filters import FilterBackend, KnownParametersOnly, YesNoFilter
from liaison.core.api.pages import Pages
from liaison.core.api.shown import ShownRow
from liaison.core.api.views import ListAndDetail
from liaison.notices.actions import mark_read
from liaison.notices.models import Mention, Notice, NoticeQuerySet

# As many as a page of anything has at most.
ITEMS = Pages.largest_size


class NoticeSerializer(ShownRow[Notice]):
    url = serializers.CharField(
        source="leads_to", read_only=True, help_text="The page it is about, on this server."
    )

    class Meta:
        model = Notice
        fields: tuple[str, ...] = (
            "id", "kind", "title", "text", "url", "confidential", "made_at", "read_at",
        )  # fmt: skip
        read_only_fields = fields
        extra_kwargs = {
            "kind": {
                "help_text": "What happened: issue.transfer, enterprise.assigned ...; digest: "
                "several things at once, which its detail lists."
            },
        }


class ItemSerializer(ShownRow[Mention]):
    class Meta:
        model = Mention
        fields = ("id", "kind", "title", "text", "url", "confidential", "rank", "made_at")
        read_only_fields = fields


class NoticeDetailSerializer(NoticeSerializer):
    items = serializers.SerializerMethodField(
        help_text=f"What a digest is made of, the most urgent first; at most {ITEMS}."
    )
    items_in_all = serializers.IntegerField(source="mentions.count", read_only=True)

    class Meta(NoticeSerializer.Meta):
        fields = (*NoticeSerializer.Meta.fields, "items", "items_in_all")
        read_only_fields = fields

    @extend_schema_field(ItemSerializer(many=True))
    def get_items(self, notice: Notice) -> Any:
        rows = notice.mentions.coldest_first()[:ITEMS]
        return ItemSerializer(rows, many=True).data


class NothingMore(KnownFieldsOnly):
    """An empty body: the address says it all."""


class NoticeFilterSet(django_filters.FilterSet):
    unread = YesNoFilter(field_name="read_at", lookup_expr="isnull", label="Not read yet.")

    class Meta:
        model = Notice
        fields: tuple[str, ...] = ()


class NoticeViewSet(ListAndDetail[Notice]):
    """What one has been told."""

    access = SIGNED_IN
    lookup_value_regex = "[0-9]{1,18}"
    queryset = Notice.objects.none()
    filterset_class = NoticeFilterSet
    filter_backends = (FilterBackend, KnownParametersOnly)
    orders = {"made_at": ("made_at", "id")}
    default_order = ("-made_at", "-id")

    def get_queryset(self) -> NoticeQuerySet:
        return Notice.objects.visible_to(person(self.request))

    def get_serializer_class(self) -> type[NoticeSerializer]:
        return NoticeDetailSerializer if self.action == "retrieve" else NoticeSerializer

    @extend_schema(request=NothingMore, responses=NoticeSerializer)
    @action(detail=True, methods=["post"])
    def read(self, request: Request, pk: str) -> Response:
        """It has been read; a second time changes nothing."""
        NothingMore(data=request.data).is_valid(raise_exception=True)
        notice = self.get_object()
        mark_read(notice, by=person(request))
        return Response(NoticeSerializer(self.get_queryset().get(pk=notice.pk)).data)
