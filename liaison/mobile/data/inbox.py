"""What the person has been told."""

from typing import Any

from django.db.models import Count, Subquery
from django.db.models.functions import Coalesce
from rest_framework import serializers

from liaison.accounts.models import User
from liaison.core.api.shown import ShownRow
from liaison.notices.models import Notice

NEWEST = 30


class InboxNoticeSerializer(ShownRow[Notice]):
    at = serializers.DateTimeField(source="made_at")
    read = serializers.SerializerMethodField()
    url = serializers.CharField(source="leads_to", help_text="The page it is about.")

    class Meta:
        model = Notice
        fields = ("id", "title", "text", "at", "read", "url")
        read_only_fields = fields

    def get_read(self, notice: Notice) -> bool:
        return notice.read_at is not None


def shown(user: User) -> tuple[list[dict[str, Any]], int]:
    """The newest, and how many of all have not been read. One query."""
    mine = Notice.objects.visible_to(user)
    unread = mine.unread().order_by().values("recipient").annotate(n=Count("pk")).values("n")
    rows = list(
        mine.annotate(unread=Coalesce(Subquery(unread), 0)).order_by("-made_at", "-pk")[:NEWEST]
    )
    newest: Any = InboxNoticeSerializer(rows, many=True).data
    return newest, rows[0].unread if rows else 0
