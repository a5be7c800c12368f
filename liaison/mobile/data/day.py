"""The person's own day: the plan of it, and whether positions are kept."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils import timezone
from rest_framework import serializers

from liaison.accounts.models import MAY_ANSWER, User
from liaison.whereabouts.models import PositionConsent, Shift
from visits.day_plans.showing import show
from visits.plan_api import DayPlanSerializer


class PositionKeepingSerializer(serializers.Serializer[Any]):
    consent = serializers.BooleanField()
    on_shift = serializers.BooleanField()
    ends_by = serializers.DateTimeField(allow_null=True, help_text="The shift, by itself.")


def plan(user: User, day: date) -> Mapping[str, Any] | None:
    """As ``GET /api/v1/day-plan/``; None for who has none. Two queries."""
    return DayPlanSerializer(show(user, day)).data if user.kind in MAY_ANSWER else None


def keeping(user: User) -> Mapping[str, Any]:
    """Whether positions of the person would be kept now. Two queries."""
    word = PositionConsent.objects.current(user)
    shift = Shift.objects.visible_to(user).unended().first()
    on_shift = shift is not None and shift.is_on(timezone.now())
    return PositionKeepingSerializer(
        {
            "consent": word is not None and word.given,
            "on_shift": on_shift,
            "ends_by": shift.ends_by if shift and on_shift else None,
        }
    ).data
