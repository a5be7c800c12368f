"""Open lines of the bill that concern the person, and what the person may do to each."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, Q
from django.template import Context
from django.template.loader import get_template
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from enterprises.models import Enterprise
from enterprises.querysets import acts_as
from issues.actions.engine import missing_proofs
from issues.models import Event, Issue, Level
from issues.roles import Known, known_of
from issues.why import which_clock
from issues.workflow import Proof, Stage
from liaison.accounts.models import User
from liaison.core.api.shown import ShownRow
from liaison.mobile.data.labels import LabelField
from liaison.mobile.data.moves import by_stage

MOST_LINES = 300
EVENTS = 5
NAMES_BY_STAGE = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
# The words in which the page of a line says what was done.
DEED = "issues/_deed.html"


class HandlerSerializer(ShownRow[User]):
    class Meta:
        model = User
        fields = ("id", "name")
        read_only_fields = fields


class LineEventSerializer(ShownRow[Event]):
    actor = serializers.SerializerMethodField()
    label: Any = serializers.SerializerMethodField(help_text="What the actor did, in words.")
    stage_label = LabelField("to_stage", Stage)

    class Meta:
        model = Event
        fields = ("at", "actor", "label", "text", "stage_label")
        read_only_fields = fields

    def get_actor(self, event: Event) -> str:
        return event.actor_name or _("System")

    def get_label(self, event: Event) -> str:
        deed: Any = get_template(DEED)
        # It is text for a program, which makes no HTML of it.
        said: str = deed.template.render(Context({"event": event}, autoescape=False))
        return said.strip()


class PhoneLineSerializer(ShownRow[Issue]):
    """An open line that the person handles, has raised, or that is of an own enterprise."""

    kind: Any = serializers.SlugRelatedField("code", read_only=True)
    kind_label = serializers.CharField(source="kind.__str__", help_text="Labels are for people.")
    level_label = LabelField("level", Level)
    stage_label = LabelField("stage", Stage)
    enterprise_name = serializers.CharField(source="enterprise.name")
    handler = HandlerSerializer(allow_null=True)
    mine = serializers.SerializerMethodField(help_text="I handle it, or act for who does.")
    clock_label = serializers.SerializerMethodField(help_text="What next_due_at is for.")
    overdue = serializers.BooleanField(source="is_late")
    proofs_missing = serializers.SerializerMethodField(help_text="Before close-out.")
    moves = serializers.SerializerMethodField(
        help_text="By stage: what the person may do to it as it is, and after each of these."
    )
    events = LineEventSerializer(
        source="last_events", many=True, help_text=f"The last {EVENTS}, the newest first."
    )

    class Meta:
        model = Issue
        fields = (
            "id",
            "number",
            "title",
            "text",
            "kind",
            "kind_label",
            "level",
            "level_label",
            "stage",
            "stage_label",
            "version",
            "enterprise",
            "enterprise_name",
            "handler",
            "mine",
            "raised_at",
            "respond_due_at",
            "resolve_due_at",
            "next_due_at",
            "clock_label",
            "overdue",
            "proofs_missing",
            "moves",
            "events",
        )
        read_only_fields = fields

    def get_mine(self, issue: Issue) -> bool:
        known: Known = self.context["known"]
        return issue.pk in known.handled

    def get_clock_label(self, issue: Issue) -> str:
        return which_clock(issue)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Proof.choices)))
    def get_proofs_missing(self, issue: Issue) -> list[str]:
        return missing_proofs(issue, (), attached=issue.attachments.all())

    @extend_schema_field(NAMES_BY_STAGE)
    def get_moves(self, issue: Issue) -> dict[str, list[str]]:
        return by_stage(self.context["user"], issue, self.context["known"])


def shown(user: User, own: Iterable[Enterprise]) -> Any:
    """At most MOST_LINES, what is due first at the top. Six queries; ``own`` are the enterprises
    that the person looks after."""
    events = Event.objects.all().shown_to(user).order_by("-at", "-pk")[:EVENTS]
    rows = (
        Issue.objects.visible_to(user)
        .open()
        .filter(
            Q(acts_as("handler", user))
            | Q(raised_by=user)
            | Q(enterprise__in=[one.pk for one in own])
        )
        .for_moves(user)
        .prefetch_related(Prefetch("events", events, to_attr="last_events"))
        .order_by("next_due_at", "pk")[:MOST_LINES]
    )
    lines = list(rows)
    context = {"user": user, "known": known_of(lines)}
    return PhoneLineSerializer(lines, many=True, context=context).data
