"""The OpenAPI description: every operation also says how else it can end than well."""

from typing import Any, Literal

from drf_spectacular.openapi import AutoSchema

from liaison.core.api.errors import DESCRIBED
from liaison.core.api.fields import KnownFieldsOnly


class Schema(AutoSchema):
    def _map_basic_serializer(
        self, serializer: Any, direction: Literal["request", "response"]
    ) -> dict[str, Any]:
        schema: dict[str, Any] = super()._map_basic_serializer(serializer, direction)
        if isinstance(serializer, KnownFieldsOnly):
            schema["additionalProperties"] = False
        return schema

    def _get_response_bodies(
        self, direction: Literal["request", "response"] = "response"
    ) -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        if direction == "response":
            for code in self._besides():
                described = self._get_response_for_code(DESCRIBED[code], code)
                bodies.setdefault(code, described)
        return dict(sorted(bodies.items()))

    def _besides(self) -> list[str]:
        codes = ["304", "400"] if self.method == "GET" else ["400"]
        if self.get_auth():
            codes += ["401", "403", "404"]
        if self.method != "GET":
            codes += ["413", "415", *(["422"] if self.get_auth() else [])]
        return codes
