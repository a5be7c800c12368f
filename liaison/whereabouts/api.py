"""One's own shift and consent over the API."""

from typing import Any

from django.conf import settings
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from liaison.accounts.access import Rule
from liaison.accounts.models import STATION_STAFF, User
from liaison.accounts.permissions import person
from liaison.core.api.fields import KnownFieldsOnly, MomentField, SaidField
from liaison.core.api.filters import ON_EVERYTHING, must_be_known
from liaison.core.coordinates import CoordinateSystem
from liaison.whereabouts.actions import begin_shift, end_shift, give_consent, withdraw_consent
from liaison.whereabouts.models import PositionConsent, Shift
from liaison.whereabouts.position import COARSEST

WHO_GOES_OUT = Rule(frozenset(STATION_STAFF))
# What phones can be asked for.
SYSTEMS = (CoordinateSystem.WGS84, CoordinateSystem.GCJ02, CoordinateSystem.BD09)


class PositionSerializer(KnownFieldsOnly):
    """Where the phone was. Kept only with your consent and on shift; never a reason to refuse."""

    longitude = serializers.FloatField(min_value=-180, max_value=180)
    latitude = serializers.FloatField(min_value=-90, max_value=90)
    accuracy = serializers.FloatField(min_value=0, max_value=COARSEST, help_text="Metres.")
    taken_at = MomentField(help_text="When it was measured, by the phone's clock.")
    system = serializers.ChoiceField(
        [(one.value, one.label) for one in SYSTEMS],
        default=CoordinateSystem.WGS84,
        help_text="In which the two numbers were read: browsers wgs84, WeChat also gcj02.",
    )


class OnShift(KnownFieldsOnly):
    on_shift = SaidField()


class ShiftAnswer(serializers.Serializer[Any]):
    on_shift = serializers.BooleanField()
    started_at = serializers.DateTimeField(allow_null=True)
    ends_by = serializers.DateTimeField(
        allow_null=True, help_text="It ends by itself then, if nobody ends it before."
    )


class ConsentGiven(KnownFieldsOnly):
    given = SaidField()


class ConsentAnswer(serializers.Serializer[Any]):
    given = serializers.BooleanField()
    at = serializers.DateTimeField(allow_null=True, help_text="Of your last word; null if none.")
    keep_days = serializers.IntegerField(help_text="After so many days coordinates are deleted.")


class ShiftView(APIView):
    """Whether you are on shift."""

    access = WHO_GOES_OUT

    @extend_schema(operation_id="shift_retrieve", responses=ShiftAnswer)
    def get(self, request: Request) -> Response:
        """A position is kept only when it was measured on shift."""
        must_be_known(request, ON_EVERYTHING)
        return Response(self._answer(person(request)))

    @extend_schema(operation_id="shift_set", request=OnShift, responses=ShiftAnswer)
    def post(self, request: Request) -> Response:
        """Begin or end your shift. Safe to send again: it says how it is to be."""
        must_be_known(request, ON_EVERYTHING)
        asked = OnShift(data=request.data)
        asked.is_valid(raise_exception=True)
        by = person(request)
        if asked.validated_data["on_shift"]:
            begin_shift(by=by)
        else:
            end_shift(by=by)
        return Response(self._answer(by))

    @staticmethod
    def _answer(user: User) -> dict[str, Any]:
        shift = Shift.objects.visible_to(user).unended().first()
        if shift is None or not shift.is_on(timezone.now()):
            return ShiftAnswer({"on_shift": False, "started_at": None, "ends_by": None}).data
        return ShiftAnswer(
            {"on_shift": True, "started_at": shift.started_at, "ends_by": shift.ends_by}
        ).data


class PositionConsentView(APIView):
    """Whether your position may be kept."""

    access = WHO_GOES_OUT

    @extend_schema(operation_id="position_consent_retrieve", responses=ConsentAnswer)
    def get(self, request: Request) -> Response:
        """Your last word; without one nothing is kept."""
        must_be_known(request, ON_EVERYTHING)
        return Response(self._answer(person(request)))

    @extend_schema(
        operation_id="position_consent_set", request=ConsentGiven, responses=ConsentAnswer
    )
    def post(self, request: Request) -> Response:
        """Agree, or take it back: then the coordinates that are kept of you are deleted at once.
        Safe to send again."""
        must_be_known(request, ON_EVERYTHING)
        asked = ConsentGiven(data=request.data)
        asked.is_valid(raise_exception=True)
        by = person(request)
        if asked.validated_data["given"]:
            give_consent(by=by)
        else:
            withdraw_consent(by=by)
        return Response(self._answer(by))

    @staticmethod
    def _answer(user: User) -> dict[str, Any]:
        word = PositionConsent.objects.current(user)
        return ConsentAnswer(
            {
                "given": word is not None and word.given,
                "at": word.at if word else None,
                "keep_days": settings.POSITION_KEEP_DAYS,
            }
        ).data
