"""Whole: the enterprises that the person looks after. In short: the station's others."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import F, OuterRef, Prefetch, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework import serializers

from enterprises.deadlines import due_first
from enterprises.models import Assignment, Contact, Enterprise, GateCode, Grade, Stage, Tier
from enterprises.querysets import acts_as
from liaison.accounts.models import User
from liaison.core.api.shown import ShownRow
from liaison.mobile.data.labels import LabelField
from visits.models import Channel, Promise, Visit

VISITS = 3
# Of the others. A station has some hundred; a phone is not to be filled by a mistake.
MOST_OTHERS = 1000
RESPONSIBLE, DEPUTY, ACTING = "responsible", "deputy", "acting"
# Who is several of these at an enterprise is the first of them.
PARTS = (RESPONSIBLE, ACTING, DEPUTY)


class OtherEnterpriseSerializer(ShownRow[Enterprise]):
    """An enterprise of the station that somebody else looks after."""

    mine = serializers.SerializerMethodField()

    class Meta:
        model = Enterprise
        fields: tuple[str, ...] = (
            "id",
            "name",
            "initials",
            "address",
            "longitude",
            "latitude",
            "mine",
        )
        read_only_fields = fields
        extra_kwargs = {"longitude": {"help_text": "WGS-84, as the latitude."}}

    def get_mine(self, enterprise: Enterprise) -> bool:
        return False


class OwnContactSerializer(ShownRow[Contact]):
    in_charge = serializers.BooleanField(source="is_primary", help_text="The first to call.")

    class Meta:
        model = Contact
        fields = ("id", "name", "position", "phone", "in_charge")
        read_only_fields = fields


class OwnVisitSerializer(ShownRow[Visit]):
    channel_label = LabelField("channel", Channel)
    officer = serializers.CharField(source="officer.name")

    class Meta:
        model = Visit
        fields = ("id", "channel_label", "happened_at", "officer", "summary")
        read_only_fields = fields


class OwnPromiseSerializer(ShownRow[Promise]):
    class Meta:
        model = Promise
        fields = ("id", "text", "due_on")
        read_only_fields = fields


class OwnEnterpriseSerializer(OtherEnterpriseSerializer):
    """An enterprise that the person answers for, is deputy at, or has while acting for another."""

    part = serializers.ChoiceField(PARTS)
    part_label = serializers.SerializerMethodField(help_text="Labels are for people.")
    kind_label = LabelField("kind", Enterprise.Kind)
    grade_label = LabelField("grade", Grade)
    tier_label = LabelField("tier", Tier)
    stage_label = LabelField("stage", Stage)
    gate = serializers.CharField(help_text="The code of the card that holds; empty for none.")
    due_on = serializers.DateField(allow_null=True, help_text="When it is next to be reached.")
    overdue = serializers.SerializerMethodField()
    why_due = serializers.CharField(allow_blank=True, help_text="For people.")
    contacts = OwnContactSerializer(source="present_contacts", many=True)
    visits = OwnVisitSerializer(
        source="last_visits", many=True, help_text=f"The last {VISITS}, the newest first."
    )
    promises = OwnPromiseSerializer(
        source="open_promises", many=True, help_text="Not kept yet, by whomever they were made."
    )

    class Meta(OtherEnterpriseSerializer.Meta):
        fields = (
            *OtherEnterpriseSerializer.Meta.fields,
            "part",
            "part_label",
            "kind_label",
            "grade",
            "grade_label",
            "tier_label",
            "stage_label",
            "gate",
            "due_on",
            "overdue",
            "why_due",
            "contacts",
            "visits",
            "promises",
        )
        read_only_fields = fields

    def get_mine(self, enterprise: Enterprise) -> bool:
        return True

    def get_part_label(self, enterprise: Any) -> str:
        if enterprise.part == ACTING:
            return _("Acting officer")
        return str(Assignment.Role(enterprise.part).label)

    def get_overdue(self, enterprise: Any) -> bool:
        return enterprise.due_on is not None and enterprise.due_on < self.context["today"]


def own_of(user: User) -> list[Enterprise]:
    """The live ones that the person looks after today, what is due first at the top, with what is
    shown of them. Four queries."""
    own = {one.pk: one for one in _answered_by(user)}
    promises = _promises(user, own)
    for enterprise in own.values():
        _prepare(enterprise, promises)
    return sorted(own.values(), key=_by_day)


def others_of(user: User, own: list[Enterprise]) -> list[Enterprise]:
    """The station's other live ones, by name."""
    others = Enterprise.objects.visible_to(user).live().exclude(pk__in=[one.pk for one in own])
    columns = ("name", "initials", "address", "longitude", "latitude")
    return list(others.only(*columns).order_by("name", "pk")[:MOST_OTHERS])


def shown(user: User, own: list[Enterprise]) -> list[dict[str, Any]]:
    """Both kinds of row, the own ones first."""
    context = {"today": timezone.localdate()}
    mine = OwnEnterpriseSerializer(own, many=True, context=context).data
    others = OtherEnterpriseSerializer(others_of(user, own), many=True).data
    return [*mine, *others]


def _answered_by(user: User) -> list[Enterprise]:
    """Without what other tables have of them, but for contacts and visits."""
    holding = GateCode.objects.all().holding().filter(enterprise=OuterRef("enterprise"))
    acting_for = Q(acts_as("officer", user), role=RESPONSIBLE)
    visits = Visit.objects.visible_to(user).select_related("officer")
    places = (
        Assignment.objects.all()
        .open()
        .filter(Q(officer=user) | acting_for)
        .filter(enterprise__in=Enterprise.objects.visible_to(user).live())
        .select_related("enterprise__cadence")
        .annotate(gate=Subquery(holding.values("code")[:1]))
        .prefetch_related(
            Prefetch(
                "enterprise__contacts",
                Contact.objects.all().present().order_by("-is_primary", "name", "pk"),
                to_attr="present_contacts",
            ),
            Prefetch(
                "enterprise__visits",
                visits.order_by("-happened_at", "-pk")[:VISITS],
                to_attr="last_visits",
            ),
        )
    )
    found = {}
    # The part that counts comes last, and stays.
    for place in sorted(places, key=lambda one: -PARTS.index(_part(one, user))):
        enterprise: Any = place.enterprise
        enterprise.part, enterprise.gate = _part(place, user), place.gate or ""
        found[enterprise.pk] = enterprise
    return list(found.values())


def _part(place: Assignment, user: User) -> str:
    return place.role if place.officer_id == user.pk else ACTING


def _promises(user: User, own: Mapping[int, Enterprise]) -> Mapping[int, list[Promise]]:
    rows = (
        Promise.objects.visible_to(user)
        .open()
        .filter(visit__enterprise__in=list(own))
        .annotate(made_to=F("visit__enterprise"))
        .order_by(F("due_on").asc(nulls_last=True), "pk")
    )
    found: dict[int, list[Promise]] = defaultdict(list)
    for one in rows:
        found[one.made_to].append(one)
    return found


def _prepare(enterprise: Any, promises: Mapping[int, list[Promise]]) -> None:
    enterprise.open_promises = promises.get(enterprise.pk, [])
    cadence = getattr(enterprise, "cadence", None)
    enterprise.due_on, enterprise.why_due = due_first(cadence) if cadence else (None, "")


def _by_day(enterprise: Any) -> tuple[date, str, int]:
    return enterprise.due_on or date.max, enterprise.name, enterprise.pk
