"""The plan of one's own day over the API."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from enterprises.models import Grade
from liaison.accounts.access import Rule
from liaison.accounts.models import MAY_ANSWER, User
from liaison.accounts.permissions import person
from liaison.core.api.fields import KnownFieldsOnly
from liaison.core.api.filters import ON_EVERYTHING, must_be_known
from liaison.core.coordinates import CoordinateSystem, Point, to_wgs84
from visits.actions import plan_day
from visits.day_plans.showing import show
from visits.models import DayPlan
from visits.planning.weights import WEIGHTS


class WhereSerializer(KnownFieldsOnly):
    """Where the officer is; nothing at all, or both numbers."""

    longitude = serializers.FloatField(required=False, min_value=-180, max_value=180)
    latitude = serializers.FloatField(required=False, min_value=-90, max_value=90)
    coordinates = serializers.ChoiceField(
        CoordinateSystem.choices,
        default=CoordinateSystem.WGS84,
        help_text="The system they were read in. WeChat and Amap give gcj02.",
    )

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        """With ``start``, in WGS-84."""
        numbers = [given[name] for name in ("longitude", "latitude") if name in given]
        if len(numbers) == 1:
            missing = "latitude" if "longitude" in given else "longitude"
            raise serializers.ValidationError({missing: [_("Give both numbers, or none.")]})
        try:
            start = to_wgs84(Point(*numbers), given["coordinates"]) if numbers else None
        except ValueError as error:
            # Not a number at all, which no bounds catch, or out of the world once converted.
            raise serializers.ValidationError({"longitude": [str(error)]}) from error
        return {"start": start}


class ReasonSerializer(serializers.Serializer[Any]):
    code = serializers.ChoiceField([*WEIGHTS, "no_place"], help_text="Stable, for programs.")
    points = serializers.IntegerField(help_text="What it adds to the score; may be below zero.")
    sentence = serializers.CharField(help_text="For people, as it stands now.")


class CalledOnSerializer(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    address = serializers.CharField(allow_blank=True)
    grade = serializers.ChoiceField(Grade.choices)
    longitude = serializers.FloatField(allow_null=True)
    latitude = serializers.FloatField(allow_null=True)


class CallSerializer(serializers.Serializer[Any]):
    enterprise = CalledOnSerializer()
    position = serializers.IntegerField(help_text="In walking order, from 1.")
    score = serializers.IntegerField()
    reasons = ReasonSerializer(many=True)
    leg = serializers.IntegerField(
        allow_null=True,
        help_text="Metres of road from the call before (of the first: from the start), as the "
        "crow flies times a factor. Null where the place is not known.",
    )


class StartSerializer(serializers.Serializer[Any]):
    starts_from = serializers.ChoiceField(DayPlan.StartsFrom.choices)
    longitude = serializers.FloatField(allow_null=True)
    latitude = serializers.FloatField(allow_null=True)


class DayPlanSerializer(serializers.Serializer[Any]):
    day = serializers.DateField()
    made_at = serializers.DateTimeField(
        allow_null=True, help_text="Null while there is none: POST makes it."
    )
    being_made = serializers.BooleanField(
        help_text="Something urgent has come in or you asked: ask again in a moment."
    )
    start = StartSerializer()
    walk = serializers.IntegerField(help_text="Metres of road through the calls that are left.")
    done = serializers.IntegerField(help_text="Calls of this plan that have been made.")
    calls = CallSerializer(many=True)


WHERE = [
    OpenApiParameter("longitude", float, description="Where you are; with latitude."),
    OpenApiParameter("latitude", float),
    OpenApiParameter("coordinates", str, enum=CoordinateSystem.values),
]


class DayPlanView(APIView):
    """Where to go today, in which order, and why."""

    access = Rule(frozenset(MAY_ANSWER))

    @extend_schema(operation_id="day_plan_retrieve", parameters=WHERE, responses=DayPlanSerializer)
    def get(self, request: Request) -> Response:
        """Your plan of today, without what has been done since. With a position the calls left are
        ordered from there; nothing is kept of it."""
        given = {
            name: values[0] if len(values) == 1 else values
            for name, values in request.query_params.lists()
            if name not in ON_EVERYTHING
        }
        asked = WhereSerializer(data=given)
        asked.is_valid(raise_exception=True)
        return Response(_answer(person(request), asked.validated_data["start"]))

    @extend_schema(
        operation_id="day_plan_create",
        request=WhereSerializer,
        responses={
            200: DayPlanSerializer,
            202: OpenApiResponse(
                DayPlanSerializer, "It takes a moment longer: this is what there was."
            ),
        },
    )
    def post(self, request: Request) -> Response:
        """Plan today anew, from where you are if you say so. The position is kept until midnight,
        so that what comes in can be planned from there."""
        must_be_known(request, ON_EVERYTHING)
        asked = WhereSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        user = person(request)
        plan = plan_day(user, timezone.localdate(), by=user, start=asked.validated_data["start"])
        later = plan.is_being_made()
        return Response(
            _answer(user, None), status=status.HTTP_202_ACCEPTED if later else status.HTTP_200_OK
        )


def _answer(user: User, start: Point | None) -> Mapping[str, Any]:
    return DayPlanSerializer(show(user, timezone.localdate(), start=start)).data
