"""What a guard's phone may send and what it looks like; no rule of its own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from rest_framework import serializers

from liaison.core.coordinates import Point
from liaison.whereabouts.position import COARSEST, DIGITS
from patrols.flags import Limits, believed, is_skewed
from patrols.models import PatrolIncident

# Operations in one sending, and pictures with one incident.
AT_ONCE = 50
PHOTOS = 6


@dataclass(frozen=True)
class Sent:
    client_id: UUID
    kind: str
    made_at: datetime
    body: dict[str, Any]


@dataclass(frozen=True)
class Stamp:
    """When it was: ``made_at`` by the phone, ``at`` as far as that is believed."""

    client_id: UUID
    made_at: datetime
    at: datetime
    received_at: datetime
    skewed: bool

    @classmethod
    def of(cls, sent: Sent, sent_at: datetime, received_at: datetime) -> "Stamp":
        at = believed(sent.made_at, sent_at, received_at)
        skewed = is_skewed(sent.made_at, sent_at, received_at, limits())
        return cls(sent.client_id, sent.made_at, at, received_at, skewed)


def limits() -> Limits:
    """The settings of this installation."""
    return Limits(
        far=settings.PATROL_FAR_METRES,
        speed=settings.PATROL_MOST_KMH,
        skew=settings.PATROL_CLOCK_SKEW_SECONDS,
        repeat=settings.PATROL_REPEAT_MINUTES * 60,
    )


class OperationIn(serializers.Serializer[Any]):
    client_id = serializers.UUIDField()
    kind = serializers.CharField(max_length=12)
    made_at = serializers.DateTimeField()
    body = serializers.DictField(default=dict)


class BatchIn(serializers.Serializer[Any]):
    sent_at = serializers.DateTimeField()
    operations = OperationIn(many=True, max_length=AT_ONCE, allow_empty=False)  # type: ignore[call-arg]


class _Placed(serializers.Serializer[Any]):
    """WGS-84 as browsers measure it; none is no reason to refuse."""

    longitude = serializers.FloatField(min_value=-180, max_value=180, default=None)
    latitude = serializers.FloatField(min_value=-90, max_value=90, default=None)
    accuracy = serializers.FloatField(min_value=0, max_value=COARSEST, default=0)
    run = serializers.IntegerField(default=None)


class RunIn(serializers.Serializer[Any]):
    run = serializers.IntegerField()


class CheckInIn(_Placed):
    code = serializers.CharField(max_length=80, default="")
    checkpoint = serializers.IntegerField(default=None)


class IncidentIn(_Placed):
    kind = serializers.ChoiceField(PatrolIncident.Kind.choices, default=PatrolIncident.Kind.OTHER)
    sos = serializers.BooleanField(default=False)
    text = serializers.CharField(max_length=2000, default="", allow_blank=True)
    photos = serializers.ListField(child=serializers.UUIDField(), max_length=PHOTOS, default=list)


BODIES: dict[str, type[serializers.Serializer[Any]]] = {
    "start": RunIn,
    "check_in": CheckInIn,
    "incident": IncidentIn,
    "end": RunIn,
}


def point_in(body: dict[str, Any]) -> Point | None:
    """No finer than it was measured."""
    if body["longitude"] is None or body["latitude"] is None:
        return None
    return Point(round(body["longitude"], DIGITS), round(body["latitude"], DIGITS))
