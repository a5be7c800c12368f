"""Naming uploads in a body of the API."""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

FILES_AT_ONCE = 20


@extend_schema_field(
    {
        "oneOf": [
            {"type": "string", "format": "uuid"},
            {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "string", "format": "uuid"}},
                "additionalProperties": False,
            },
        ]
    }
)
class UploadedField(serializers.Field[Any, Any, Any, Any]):
    """An uploaded file: its id, or {"id"}. ``said`` is what else is said of it there."""

    said: tuple[str, ...] = ()
    default_error_messages = {"id": _("Not the id of an uploaded file.")}

    def read(self, data: Any) -> tuple[UUID, dict[str, Any]]:
        """The id, and what else was said. Raises ValidationError."""
        given = dict(data) if isinstance(data, dict) else {"id": data}
        if unknown := given.keys() - {"id", *self.said}:
            raise serializers.ValidationError(
                {str(min(unknown, key=str)): [_("There is no such field.")]}
            )
        try:
            return UUID(str(given.pop("id", None))), given
        except ValueError:
            self.fail("id")

    def to_internal_value(self, data: Any) -> Any:
        return self.read(data)[0]

    def to_representation(self, value: Any) -> Any:
        return str(value)
