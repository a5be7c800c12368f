"""What the forms of a phone offer."""

from collections.abc import Iterable
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from issues.api.answers import KindSerializer
from issues.models import IssueKind, Level
from issues.workflow import Proof, Stage
from liaison.mobile.data import moves
from visits.models import Channel, Front, OfficerRole


@extend_schema_field(
    {
        "type": "array",
        "items": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2},
        "description": "A value, and its label for people.",
    }
)
class PairsField(serializers.JSONField):
    """Values with their labels."""


class OfferedKindSerializer(KindSerializer):
    """Of a kind only what a form asks."""

    class Meta(KindSerializer.Meta):
        fields = ("code", "name", "proofs")
        read_only_fields = fields


class PhoneChoicesSerializer(serializers.Serializer[Any]):
    channels = PairsField()
    roles = PairsField()
    fronts = PairsField()
    levels = PairsField()
    proofs = PairsField()
    kinds = OfferedKindSerializer(many=True)
    stages = PairsField()
    moves = moves.PhoneMoveSerializer(many=True)


def shown() -> dict[str, Any]:
    """One query."""
    return {
        "channels": _pairs(Channel.choices),
        "roles": _pairs(OfficerRole.choices),
        "fronts": _pairs(Front.choices),
        "levels": _pairs(Level.choices),
        "proofs": _pairs(Proof.choices),
        "kinds": OfferedKindSerializer(IssueKind.objects.all(), many=True).data,
        "stages": _pairs(Stage.choices),
        "moves": moves.shown(),
    }


def _pairs(choices: Iterable[tuple[str, Any]]) -> list[list[str]]:
    return [[value, str(label)] for value, label in choices]
