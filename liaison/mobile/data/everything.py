"""All of it in one answer."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from liaison.accounts.models import User
from liaison.mobile.data import choices, day, enterprises, inbox, lines
from visits.plan_api import DayPlanSerializer

ANY_ENTERPRISE = PolymorphicProxySerializer(
    "PhoneEnterprise",
    serializers=[
        enterprises.OwnEnterpriseSerializer,
        enterprises.OtherEnterpriseSerializer,
    ],
    resource_type_field_name=None,
    many=True,
)


@extend_schema_field(ANY_ENTERPRISE)
class EnterprisesField(serializers.JSONField):
    """Own ones and others, which show less."""


class PhoneDataSerializer(serializers.Serializer[Any]):
    """What a phone keeps."""

    # For the description only: each part shows itself.

    today = serializers.DateField(help_text="In China.")
    enterprises = EnterprisesField(
        help_text="One's own, what is due first at the top; then the station's others by name, "
        f"at most {enterprises.MOST_OTHERS}."
    )
    issues = lines.PhoneLineSerializer(many=True, help_text=f"At most {lines.MOST_LINES}.")
    inbox = inbox.InboxNoticeSerializer(many=True, help_text=f"The newest {inbox.NEWEST}.")
    unread = serializers.IntegerField()
    choices = choices.PhoneChoicesSerializer()
    plan = DayPlanSerializer(allow_null=True, help_text="Null for who has none.")
    position = day.PositionKeepingSerializer(help_text="Whether positions are kept now.")


def shown(user: User) -> dict[str, Any]:
    """What this person's phone keeps. At most seventeen queries."""
    today = timezone.localdate()
    own = enterprises.own_of(user)
    notices, unread = inbox.shown(user)
    return {
        "today": today.isoformat(),
        "enterprises": enterprises.shown(user, own),
        "issues": lines.shown(user, own),
        "inbox": notices,
        "unread": unread,
        "choices": choices.shown(),
        "plan": day.plan(user, today),
        "position": day.keeping(user),
    }
