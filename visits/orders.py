"""What is sent of visits: a visit with what it brought."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from enterprises.models import Contact, Enterprise
from issues.api.orders import KindField, files_field
from issues.models import Level
from liaison.accounts.models import User
from liaison.core.api.fields import DayField, KnownFieldsOnly, MomentField, RowField
from liaison.evidence.fields import UploadedField
from liaison.whereabouts.api import PositionSerializer
from visits.actions import MOST_FILES, Found, Promised, log_visit
from visits.models import Channel, Front, OfficerRole, Visit
from visits.places import position_in

# As on the page.
ROWS_AT_ONCE = 20


class FindingSerializer(KnownFieldsOnly):
    kind = KindField()
    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    level = serializers.ChoiceField(Level.choices, default=Level.ORDINARY)
    evidence = files_field()


class PromiseSerializer(KnownFieldsOnly):
    text = serializers.CharField(max_length=200)
    due_on = DayField(required=False, allow_null=True, default=None)


class LogVisitSerializer(KnownFieldsOnly):
    client_id = serializers.UUIDField(help_text="Made by you; see below.")
    enterprise = RowField(queryset=Enterprise.objects.select_related("unit"))
    channel = serializers.ChoiceField(Channel.choices)
    happened_at = MomentField()
    contact = RowField(
        queryset=Contact.objects.all(), required=False, allow_null=True, default=None
    )
    met = serializers.CharField(max_length=100, required=False, allow_blank=True, default="")
    roles = serializers.ListField(
        child=serializers.ChoiceField(OfficerRole.choices),
        max_length=ROWS_AT_ONCE,
        required=False,
        default=list,
    )
    fronts = serializers.ListField(
        child=serializers.ChoiceField(Front.choices),
        max_length=ROWS_AT_ONCE,
        required=False,
        default=list,
    )
    summary = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    findings = FindingSerializer(many=True, required=False, default=list, max_length=ROWS_AT_ONCE)  # type: ignore[call-arg]  # of the list
    promises = PromiseSerializer(many=True, required=False, default=list, max_length=ROWS_AT_ONCE)  # type: ignore[call-arg]
    evidence = serializers.ListField(
        child=UploadedField(),
        max_length=MOST_FILES,
        required=False,
        default=list,
        help_text="Photos and voice notes of the visit itself: uploads of your own.",
    )
    position = PositionSerializer(
        required=False,
        allow_null=True,
        default=None,
        help_text="Not part of what client_id stands for; the first one sent holds.",
    )

    def validate_roles(self, roles: list[str]) -> list[str]:
        return list(dict.fromkeys(roles))

    def validate_fronts(self, fronts: list[str]) -> list[str]:
        return list(dict.fromkeys(fronts))


def log_as_sent(sent: Mapping[str, Any], *, by: User) -> Visit:
    """Log the visit that a valid ``LogVisitSerializer`` holds; raises what ``log_visit`` does."""
    given = dict(sent)
    return log_visit(
        given.pop("enterprise"),
        by=by,
        findings=[_found(one) for one in given.pop("findings")],
        promises=[Promised(**one) for one in given.pop("promises")],
        files=given.pop("evidence"),
        position=position_in(given),
        **given,
    )


def _found(given: dict[str, Any]) -> Found:
    files = tuple(given["evidence"])
    return Found(given["kind"], given["title"], given["text"], given["level"], files)
