"""The roster over the API: which enterprises are out on which night, and with whom. To read."""

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from rest_framework import serializers

from liaison.accounts.access import SIGNED_IN
from liaison.accounts.filters import UnitFilter
from liaison.accounts.permissions import person
from liaison.core.api.filters import FilterBackend, IdFilter, KnownParametersOnly
from liaison.core.api.shown import ShownRow
from liaison.core.api.views import ListAndDetail
from patrols.models import Duty, DutyGuard, DutyNight, Guard, PatrolTeam, Roster
from patrols.querysets import DutyNightQuerySet


class DutyNightFilterSet(django_filters.FilterSet):
    team = IdFilter(field_name="team", label="Id of the team.")
    enterprise = IdFilter(method="is_out", label="Id of an enterprise that is on duty.")
    roster = django_filters.MultipleChoiceFilter(
        field_name="roster__state", choices=Roster.State.choices, label="Of the month's roster."
    )
    since = django_filters.DateFilter(
        field_name="night_on", lookup_expr="gte", label="The first evening."
    )
    until = django_filters.DateFilter(
        field_name="night_on", lookup_expr="lte", label="The last evening."
    )
    unit = UnitFilter(
        field_name="team__unit", label="Code of the station, or of a bureau above stations."
    )

    class Meta:
        model = DutyNight
        fields: tuple[str, ...] = ()

    def is_out(self, rows: DutyNightQuerySet, _n: str, value: int) -> DutyNightQuerySet:
        return rows.filter(pk__in=Duty.objects.filter(enterprise=value).values("night"))


class TeamSerializer(ShownRow[PatrolTeam]):
    class Meta:
        model = PatrolTeam
        fields = ("id", "number", "name")
        read_only_fields = fields


class OutSerializer(ShownRow[Guard]):
    """Who goes: guards/ says more of them to whom they are."""

    class Meta:
        model = Guard
        fields = ("id", "name")
        read_only_fields = fields


class DutyGuardSerializer(ShownRow[DutyGuard]):
    guard = OutSerializer(read_only=True)

    class Meta:
        model = DutyGuard
        fields = ("guard",)
        read_only_fields = fields


class DutySerializer(ShownRow[Duty]):
    guards = DutyGuardSerializer(many=True, read_only=True)

    class Meta:
        model = Duty
        fields = ("id", "enterprise", "came_by", "guards")
        read_only_fields = fields


class DutyNightSerializer(ShownRow[DutyNight]):
    unit = serializers.CharField(source="team.unit.code", read_only=True)
    team = TeamSerializer(read_only=True)
    roster = serializers.ChoiceField(
        Roster.State.choices, source="roster.state", read_only=True, help_text="Whether it holds."
    )
    duties = DutySerializer(many=True, read_only=True)

    class Meta:
        model = DutyNight
        fields = ("id", "unit", "team", "night_on", "roster", "locked", "duties", "version")
        read_only_fields = fields
        extra_kwargs: Any = {
            "night_on": {"help_text": "The evening's date, whatever is walked after midnight."},
            "locked": {"help_text": "A new run of the roster leaves it so."},
        }


class DutyNightViewSet(ListAndDetail[DutyNight]):
    """Nights of the teams; a contact's own, once they are published."""

    access = SIGNED_IN
    lookup_value_regex = "[0-9]{1,18}"
    queryset = DutyNight.objects.none()
    serializer_class = DutyNightSerializer
    filterset_class = DutyNightFilterSet
    filter_backends = (FilterBackend, KnownParametersOnly)
    orders = {"night_on": ("night_on", "id")}
    default_order = ("night_on", "id")

    def get_queryset(self) -> QuerySet[DutyNight]:
        guards = Prefetch("guards", DutyGuard.objects.select_related("guard").order_by("guard_id"))
        duties = Duty.objects.prefetch_related(guards).order_by("enterprise_id")
        rows = DutyNight.objects.visible_to(person(self.request))
        return rows.select_related("team__unit", "roster").prefetch_related(
            Prefetch("duties", duties)
        )
