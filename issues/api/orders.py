"""What is sent to the bill: a new line, or a move of ``issues.workflow.MOVES``."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiExample, PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from enterprises.models import Enterprise
from issues.actions import Sent, ask, make_move, raise_issue, send_in
from issues.actions.engine import Proven
from issues.deadlines import MOST_DAYS
from issues.models import Issue, IssueKind, Level
from issues.workflow import MOVES, Field, Move, Proof
from liaison.accounts.models import User
from liaison.core.api.fields import DayField, IdField, KnownFieldsOnly, RowField
from liaison.core.refused import Refused
from liaison.evidence.fields import FILES_AT_ONCE, UploadedField


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "format": "uuid"},
            {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string", "format": "uuid"},
                    "proof": {"type": "string", "enum": Proof.values},
                },
                "additionalProperties": False,
            },
        ]
    }
)
class ProvenField(UploadedField):
    """An uploaded file: its id, or {"id", "proof"} to say what it proves."""

    said = ("proof",)
    default_error_messages = {"proof": _("A file can only prove what is listed.")}

    def to_internal_value(self, data: Any) -> Proven:
        evidence, given = self.read(data)
        if "proof" in given and given["proof"] not in Proof.values:
            self.fail("proof")
        return Proven(evidence, given.get("proof", ""))

    def to_representation(self, value: Proven) -> dict[str, str]:
        return {"id": str(value.evidence), "proof": value.proof}


def files_field() -> serializers.ListField:
    return serializers.ListField(
        child=ProvenField(),
        max_length=FILES_AT_ONCE,
        required=False,
        default=list,
        help_text="Uploads of your own. One that does not say what it proves takes the next "
        "proof wanted; a voice note takes none.",
    )


class KindField(serializers.SlugRelatedField[IssueKind]):
    """A kind by its code; see issue-kinds/."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("code", queryset=IssueKind.objects.all(), **kwargs)

    def to_internal_value(self, data: Any) -> IssueKind:
        if not isinstance(data, str) or "\0" in data:
            self.fail("invalid")
        kind: IssueKind = super().to_internal_value(data)
        return kind


class RaiseSerializer(KnownFieldsOnly):
    enterprise = RowField(queryset=Enterprise.objects.select_related("unit"))
    kind = KindField()
    title = serializers.CharField(max_length=120)
    text = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    level = serializers.ChoiceField(Level.choices, default=Level.ORDINARY)
    evidence = files_field()


class MoveBody(KnownFieldsOnly):
    """What every move is told: its name and, if it claims the line, the version seen."""

    of: Move

    def validate(self, given: dict[str, Any]) -> dict[str, Any]:
        # Read as partial: what else is missing the action says, after stage and right.
        if self.of.claims and given.get("version") is None:
            raise serializers.ValidationError({"version": [_("Say which version you saw.")]})
        return given


def _input(asked: Field) -> serializers.Field[Any, Any, Any, Any]:
    common: dict[str, Any] = {"required": asked.required, "help_text": asked.label}
    match asked.kind:
        case "date":
            return DayField(**common)
        case "money":
            return serializers.DecimalField(
                max_digits=14, decimal_places=2, min_value=0, allow_null=True, **common
            )
        case "flag":
            return serializers.BooleanField(**common)
        case "number":
            return serializers.IntegerField(min_value=1, max_value=MOST_DAYS, **common)
        case "officer":
            return IdField(**common)
    # A blank is something missing, which the action says in the same words as for the page.
    return serializers.CharField(max_length=asked.max_length, allow_blank=True, **common)


def _body_of(move: Move) -> type[MoveBody]:
    fields: dict[str, Any] = {
        "move": serializers.ChoiceField([move.name]),
        "version": serializers.IntegerField(
            min_value=1,
            max_value=2**31 - 1,
            required=move.claims,
            help_text="The version of the line that you saw.",
        ),
        **{asked.name: _input(asked) for asked in move.fields},
    }
    if move.files:
        fields["evidence"] = files_field()
    return type(f"{move.name.title()}MoveSerializer", (MoveBody,), {"of": move, **fields})


BODIES: dict[str, Any] = {name: _body_of(move) for name, move in MOVES.items()}
ANY_MOVE = PolymorphicProxySerializer(
    "Move", serializers=BODIES, resource_type_field_name="move", many=False
)

EXAMPLES = [
    OpenApiExample("accept", {"move": "accept", "version": 1}, request_only=True),
    OpenApiExample(
        "propose",
        {
            "move": "propose",
            "version": 3,
            "summary": "The passage is clear again.",
            "evidence": [
                {"id": "00000000-0000-4000-8000-000000000001", "proof": Proof.BEFORE},
                {"id": "00000000-0000-4000-8000-000000000002", "proof": Proof.AFTER},
            ],
        },
        request_only=True,
    ),
]


def read_move(data: Any) -> tuple[Move, dict[str, Any]]:
    """The move that was sent and its cleaned fields. Raises ValidationError, by field."""
    if not isinstance(data, Mapping):
        raise serializers.ValidationError([_("An object is expected.")])
    name = data.get("move")
    if not isinstance(name, str) or name not in MOVES:
        raise serializers.ValidationError(
            {"move": [_("Not among: %(names)s.") % {"names": ", ".join(MOVES)}]}
        )
    asked = BODIES[name](data=data, partial=True)
    asked.is_valid(raise_exception=True)
    return MOVES[name], dict(asked.validated_data)


def raise_as_sent(sent: Mapping[str, Any], *, by: User, raised_at: datetime | None = None) -> Issue:
    """Enter the line that a valid ``RaiseSerializer`` holds; raises what ``raise_issue`` does."""
    given = dict(sent)
    if by.is_contact:
        return _asked(given, by=by)
    return raise_issue(
        given.pop("enterprise"),
        by=by,
        source=Issue.Source.DESK,
        raised_at=raised_at,
        files=given.pop("evidence"),
        **given,
    )


def _asked(given: dict[str, Any], *, by: User) -> Issue:
    """A contact's own, counted as from the portal. What would be held there is refused here, where
    there is no form to keep it: 422 with the code "throttled"."""
    enterprise = given["enterprise"]
    if not by.contact_for.filter(enterprise=enterprise, left_on__isnull=True).exists():
        raise Refused("not_yours", _("This enterprise is not yours."), field="enterprise")
    with transaction.atomic():
        came = ask(
            enterprise,
            kind=given["kind"],
            title=given["title"],
            text=given["text"],
            level=given["level"],
            by=by,
            sent=Sent(uuid4(), ""),
            files=given["evidence"],
        )
        if not isinstance(came, Issue):
            raise Refused(
                "throttled",
                _("The desk must look at this first: send it by the enterprise's own page."),
            )
    return came


def move_as_sent(issue: Issue, data: Any, *, by: User) -> Issue:
    """Make the move that was sent. Raises ValidationError, by field, and what make_move() does."""
    move, given = read_move(data)
    asked: dict[str, Any] = {
        "by": by,
        "version": given.get("version"),
        "values": {one.name: given[one.name] for one in move.fields if one.name in given},
        "files": given.get("evidence", ()),
    }
    if by.is_contact:
        # Counted as from the portal.
        return send_in(issue, move.name, sent=Sent(uuid4(), ""), **asked)
    return make_move(issue, move.name, **asked)
