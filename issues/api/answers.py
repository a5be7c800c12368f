"""How lines, events and kinds are shown."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from enterprises.models import Enterprise
from issues.actions.engine import missing_proofs
from issues.models import Attachment, Event, Issue, IssueKind, Rating
from issues.roles import available_moves
from issues.why import explain
from issues.workflow import MOVES, CloseRule, Proof, Stage
from liaison.accounts.api import PersonSerializer
from liaison.accounts.permissions import person
from liaison.core.api.errors import Problem
from liaison.core.api.shown import ShownRow


class KindSerializer(ShownRow[IssueKind]):
    name = serializers.CharField(source="__str__", read_only=True)
    proofs = serializers.ListField(
        child=serializers.ChoiceField(Proof.choices),
        read_only=True,
        help_text="Evidence wanted before close-out.",
    )

    class Meta:
        model = IssueKind
        fields: tuple[str, ...] = (
            "code",
            "name",
            "close_rule",
            "proofs",
            "asks_loss",
            "sensitive",
            "round_the_clock",
        )
        read_only_fields = fields


class EnterpriseNameSerializer(ShownRow[Enterprise]):
    class Meta:
        model = Enterprise
        fields = ("id", "name")
        read_only_fields = fields


class IssueSerializer(ShownRow[Issue]):
    kind: Any = serializers.SlugRelatedField("code", read_only=True)
    unit: Any = serializers.SlugRelatedField("code", read_only=True)
    enterprise = EnterpriseNameSerializer(read_only=True)
    handler = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Issue
        fields: tuple[str, ...] = (
            "id",
            "number",
            "title",
            "kind",
            "level",
            "source",
            "stage",
            "version",
            "unit",
            "enterprise",
            "handler",
            "raised_at",
            "respond_due_at",
            "resolve_due_at",
            "next_due_at",
            "closed_at",
        )
        read_only_fields = fields


class AskedSerializer(serializers.Serializer[Any]):
    """A field that a move asks for."""

    name = serializers.CharField()
    label: Any = serializers.CharField(help_text="For people, in their language.")
    kind = serializers.ChoiceField(["text", "date", "officer", "money", "flag", "number"])
    required: Any = serializers.BooleanField()


class AvailableMoveSerializer(serializers.Serializer[Any]):
    move = serializers.ChoiceField(list(MOVES), source="name")
    label: Any = serializers.CharField(help_text="For people, in their language.")
    fields: Any = AskedSerializer(many=True)
    evidence = serializers.BooleanField(source="files", help_text="Whether it takes files.")


class RatingSerializer(ShownRow[Rating]):
    """How content the enterprise is with the close-out that stands."""

    label: Any = serializers.CharField(
        source="get_step_display", read_only=True, help_text="For people, in their language."
    )

    class Meta:
        model = Rating
        fields = ("step", "label", "words", "way", "said_by", "at")
        read_only_fields = fields


class IssueDetailSerializer(IssueSerializer):
    close_rule = serializers.ChoiceField(CloseRule.choices, read_only=True)
    available_moves = serializers.SerializerMethodField(
        help_text="What you may do to the line as it is now."
    )
    evidence_wanted = serializers.SerializerMethodField(
        help_text="What close-out still needs to be proven."
    )
    rating = serializers.SerializerMethodField(
        help_text="Of the close-out that stands: 5, very satisfied, to 1; null while not rated."
    )
    why_due = serializers.SerializerMethodField(
        help_text="How the resolve deadline comes about, for people, in their language."
    )

    class Meta(IssueSerializer.Meta):
        fields = (
            *IssueSerializer.Meta.fields,
            "text",
            "close_rule",
            "due_uncertain",
            "why_due",
            "loss_recovered",
            "available_moves",
            "evidence_wanted",
            "rating",
        )
        read_only_fields = fields

    @extend_schema_field(RatingSerializer(allow_null=True))
    def get_rating(self, issue: Issue) -> Any:
        rating = issue.rating_in_force
        return RatingSerializer(rating).data if rating else None

    @extend_schema_field(AvailableMoveSerializer(many=True))
    def get_available_moves(self, issue: Issue) -> Any:
        moves = available_moves(person(self.context["request"]), issue)
        return AvailableMoveSerializer(moves, many=True).data

    def get_why_due(self, issue: Issue) -> list[str]:
        return explain(issue)

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(Proof.choices)))
    def get_evidence_wanted(self, issue: Issue) -> list[str]:
        return missing_proofs(issue, ())


def shown(issue: Issue, request: Request) -> dict[str, Any]:
    """The line as it is now, with what whoever asks may do to it. Not through ``visible_to``:
    whoever has just acted sees the outcome, even if it was to give the line away."""
    fresh = Issue.objects.for_detail().get(pk=issue.pk)
    return IssueDetailSerializer(fresh, context={"request": request}).data


class AttachmentSerializer(ShownRow[Attachment]):
    id = serializers.UUIDField(source="evidence_id", read_only=True)

    class Meta:
        model = Attachment
        fields = ("id", "proof")
        read_only_fields = fields


class EventSerializer(ShownRow[Event]):
    actor = serializers.CharField(
        source="actor_name", help_text="As the person was called then; empty for the system."
    )
    move = serializers.CharField(help_text="“raise”, or the name of a move.")
    from_stage = serializers.ChoiceField(
        Stage.choices, allow_blank=True, read_only=True, help_text="Empty when it was raised."
    )
    values = serializers.DictField(help_text="What the move was told, as it was then.")
    files = AttachmentSerializer(source="attachments", many=True, read_only=True)

    class Meta:
        model = Event
        fields = (
            "id",
            "at",
            "actor",
            "move",
            "from_stage",
            "to_stage",
            "public",
            "text",
            "values",
            "files",
        )
        read_only_fields = fields


class Stale(Problem):
    """Somebody else was first, or the line is in another stage: how it stands now."""

    stage = serializers.CharField()
    version = serializers.IntegerField()
