"""The moves that can be made on a phone, and which of them a line allows, now and after others."""

from copy import copy
from typing import Any

from rest_framework import serializers

from issues.models import Issue
from issues.roles import Known, available_moves
from issues.workflow import MOVES, OPEN, Move, Stage
from liaison.accounts.models import User

# What a phone has no list to choose from for.
NOT_ON_A_PHONE = frozenset({"officer"})


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
    to = serializers.ChoiceField(
        Stage.choices, allow_blank=True, help_text="Where it leads; empty: the stage stays."
    )
    fields: Any = PhoneMoveFieldSerializer(many=True)
    evidence = serializers.BooleanField(help_text="Whether it takes files.")
    claims = serializers.BooleanField(
        help_text="Whether it takes the version that was seen, and leaves the next one behind."
    )


def shown() -> list[dict[str, Any]]:
    """All of them, whoever may make them; no query."""
    return [_told(move) for move in MOVES.values() if _fits_a_phone(move)]


def by_stage(user: User, issue: Issue, known: Known) -> dict[str, list[str]]:
    """The names of the moves that this person may make on the line as it is, and on what it will
    be after one of them: without a network several are made in a row. No query for a line that
    was read ``for_moves``."""
    found: dict[str, list[str]] = {}
    waiting = [issue.stage]
    while waiting:
        stage = waiting.pop()
        if stage in found:
            continue
        as_then = copy(issue)
        as_then.stage = stage
        moves = [one for one in available_moves(user, as_then, known) if _fits_a_phone(one)]
        found[stage] = [one.name for one in moves]
        waiting += [one.target for one in moves if one.target in OPEN]
    return found


def _fits_a_phone(move: Move) -> bool:
    return not any(field.kind in NOT_ON_A_PHONE for field in move.fields)


def _told(move: Move) -> dict[str, Any]:
    return {
        "move": move.name,
        "label": str(move.label),
        "tone": move.tone,
        "to": move.target or "",
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
