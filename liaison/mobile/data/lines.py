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
from issues.roles import Known, available_moves, known_of
from issues.why import which_clock
from issues.workflow import Move, Proof, Stage
from liaison.accounts.models import User
from liaison.core.api.shown import ShownRow
from liaison.mobile.data.labels import LabelField

MOST_LINES = 300
EVENTS = 5
# What a phone has no list to choose from for.
NOT_ON_A_PHONE = frozenset({"officer"})
# The words in which the page of a line says what was done.
DEED = "issues/_deed.html"


class HandlerSerializer(ShownRow[User]):
    class Meta:
        model = User
        fields = ("id", "name")
        read_only_fields = fields


class PhoneMoveFieldSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    label: Any = serializers.CharField()
    kind = serializers.ChoiceField(["text", "date", "money", "flag", "number"])
    required: Any = serializers.BooleanField()
    max_length = serializers.IntegerField(help_text="Of a text.")


class PhoneMoveSerializer(serializers.Serializer[Any]):
    """A move that can be made on a phone."""

    move = serializers.CharField(help_text="As it is sent.")
    label: Any = serializers.CharField()
    tone = serializers.CharField(allow_blank=True, help_text="“danger”, or nothing.")
    fields: Any = PhoneMoveFieldSerializer(many=True)
    evidence = serializers.BooleanField(help_text="Whether it takes files.")
    claims = serializers.BooleanField(help_text="Whether it takes the version that was seen.")


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
        help_text="What the person may do to it as it is, and can do on a phone."
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

    @extend_schema_field(PhoneMoveSerializer(many=True))
    def get_moves(self, issue: Issue) -> list[dict[str, Any]]:
        moves = available_moves(self.context["user"], issue, self.context["known"])
        return [_move(one) for one in moves if _fits_a_phone(one)]


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


def _fits_a_phone(move: Move) -> bool:
    return not any(field.kind in NOT_ON_A_PHONE for field in move.fields)


def _move(move: Move) -> dict[str, Any]:
    return {
        "move": move.name,
        "label": str(move.label),
        "tone": move.tone,
        "fields": [
            {
                "name": field.name,
                "label": str(field.label),
                "kind": field.kind,
                "required": field.required,
                "max_length": field.max_length,
            }
            for field in move.fields
        ],
        "evidence": move.files,
        "claims": move.claims,
    }
