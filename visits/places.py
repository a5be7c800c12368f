"""Where visits and arrivals were made, as the API takes and shows it; and arrivals themselves."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from enterprises.models import Enterprise
from liaison.accounts.access import STAFF_ONLY
from liaison.accounts.models import User
from liaison.accounts.permissions import person
from liaison.core.api.errors import Problem
from liaison.core.api.fields import KnownFieldsOnly, MomentField, RowField
from liaison.core.api.filters import ON_EVERYTHING, must_be_known
from liaison.core.api.shown import ShownRow
from liaison.whereabouts.api import PositionSerializer
from liaison.whereabouts.keeping import LeftOut
from visits.actions import Position, check_in
from visits.models import CheckIn, Visit, VisitPosition
from visits.nearness import Nearness, may_see_where, near, where

IN_TEXT = serializers.DateTimeField()


class PlaceSerializer(ShownRow[VisitPosition]):
    """What is read of where a visit was made."""

    class Meta:
        model = VisitPosition
        fields = ("left_out", "distance", "far")


class NearSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(Nearness.choices)
    distance = serializers.IntegerField(
        allow_null=True,
        help_text="Metres to the enterprise; to 100 m once the coordinates are deleted.",
    )
    far = serializers.BooleanField()
    left_out = serializers.ChoiceField(
        LeftOut.choices,
        allow_blank=True,
        help_text="Why the position that you sent was not kept; of others always empty.",
    )


class WhereSerializer(NearSerializer):
    """With coordinates in WGS-84, as long as they are kept: for the officer and the chiefs."""

    longitude = serializers.FloatField(allow_null=True)
    latitude = serializers.FloatField(allow_null=True)
    accuracy = serializers.FloatField(allow_null=True, help_text="Metres.")
    system = serializers.CharField(help_text="In which they came.")
    taken_at = serializers.DateTimeField(allow_null=True)


def show_near(of: Visit | CheckIn, place: VisitPosition | None, user: User | None) -> Any:
    """As ``NearSerializer`` says; a row that shows a visit may stand for it."""
    said = near(place)
    mine = user is not None and of.officer.pk == user.pk
    return {
        "state": said.state.value,
        "distance": said.distance,
        "far": said.far,
        "left_out": place.left_out if place is not None and mine else "",
    }


def show_where(of: Visit | CheckIn, place: VisitPosition | None, user: User | None) -> Any:
    """As ``WhereSerializer`` says: the coordinates only if this person may see them."""
    point = where(place, timezone.now()) if user and may_see_where(user, of) else None
    seen = place if point else None
    return {
        **show_near(of, place, user),
        "longitude": point.lon if point else None,
        "latitude": point.lat if point else None,
        "accuracy": seen.accuracy if seen else None,
        "system": seen.system if seen else "",
        "taken_at": IN_TEXT.to_representation(seen.taken_at) if seen and seen.taken_at else None,
    }


def position_in(sent: dict[str, Any]) -> Position | None:
    """Take the position out of what a serializer holds."""
    given = sent.pop("position")
    return Position(**given) if given else None


class CheckInSerializer(KnownFieldsOnly):
    client_id = serializers.UUIDField(help_text="Made by you; see below.")
    enterprise = RowField(queryset=Enterprise.objects.select_related("unit"))
    at = MomentField(help_text="When you arrived.")
    position = PositionSerializer(required=False, allow_null=True, default=None)


class CheckInAnswer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    client_id = serializers.UUIDField()
    enterprise = serializers.IntegerField()
    at = serializers.DateTimeField()
    position = NearSerializer()


class OtherArrival(Problem):
    """This ``client_id`` was used for another arrival; nothing has been written."""

    check_in = serializers.IntegerField(help_text="Id of the arrival that has it.")


def check_in_as_sent(sent: Mapping[str, Any], *, by: User) -> CheckIn:
    """Record the arrival that a valid ``CheckInSerializer`` holds; raises what the verb does."""
    given = dict(sent)
    return check_in(given.pop("enterprise"), by=by, position=position_in(given), **given)


def show_check_in(arrival: CheckIn, user: User) -> Any:
    """As ``CheckInAnswer`` says, for this person."""
    return CheckInAnswer(
        {
            "id": arrival.pk,
            "client_id": arrival.client_id,
            "enterprise": arrival.enterprise_id,
            "at": arrival.happened_at,
            "position": show_near(arrival, arrival.positions.first(), user),
        }
    ).data


class CheckInView(APIView):
    """Arrivals."""

    access = STAFF_ONLY

    @extend_schema(
        operation_id="check_ins_create",
        request=CheckInSerializer,
        responses={
            201: CheckInAnswer,
            409: OpenApiResponse(OtherArrival, OtherArrival.__doc__ or ""),
        },
    )
    def post(self, request: Request) -> Response:
        """Say that you have arrived, before there is a visit to log. Safe to send again: the same
        ``client_id`` and content are one arrival; the position is not part of the content, and the
        first one sent holds."""
        must_be_known(request, ON_EVERYTHING)
        by = person(request)
        asked = CheckInSerializer(data=request.data, context={"user": by})
        asked.is_valid(raise_exception=True)
        arrival = check_in_as_sent(asked.validated_data, by=by)
        return Response(show_check_in(arrival, by), status=status.HTTP_201_CREATED)
