"""One shape for everything that goes wrong.

``code`` is stable and meant for programs, ``message`` for people, ``field`` names the input it is
about (empty when it is about none). A 400 lists all complaints in ``errors`` by field, nested ones
as ``findings.1.title``; 409 and 422 add what helps to mend it.
"""

from typing import Any

from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from drf_spectacular.utils import OpenApiResponse
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, NotFound, ParseError, ValidationError
from rest_framework.response import Response
from rest_framework.views import exception_handler

from liaison.core.api.bodies import TooLarge
from liaison.core.refused import Refused

WHOLE = "non_field_errors"


class Problem(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Stable, for programs.")
    message = serializers.CharField(help_text="For people.")
    field = serializers.CharField(
        allow_blank=True, help_text="The input it is about; empty when it is about none."
    )


class Invalid(Problem):
    errors: Any = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Every complaint by field; nested ones as findings.1.title.",
    )


class Unmet(Problem):
    """A rule of the trade forbids it; nothing has been written."""

    missing = serializers.ListField(
        child=serializers.CharField(),
        required=False,
        help_text="Fields and kinds of evidence that are still needed.",
    )


class Locked(Problem):
    retry_after = serializers.IntegerField(help_text="Seconds, as in the header Retry-After.")


DESCRIBED = {
    "304": OpenApiResponse(None, "Nothing has changed since the ETag sent as If-None-Match."),
    "400": OpenApiResponse(Invalid, "Not understood: a field, filter or body is wrong."),
    "401": OpenApiResponse(Problem, "No token, or one that is not valid."),
    "403": OpenApiResponse(
        Problem, "A password of your own is due, or a session without its CSRF token."
    ),
    "404": OpenApiResponse(Problem, "Not there, or not yours to see."),
    "413": OpenApiResponse(Problem, "Larger than the server takes."),
    "415": OpenApiResponse(Problem, "A content type that is not taken here."),
    "422": OpenApiResponse(Unmet, "Understood, and refused by a rule."),
}


def answer_errors(error: Exception, context: dict[str, Any]) -> Response | None:
    """Refused becomes 422, a Conflict 409 with the state as it is now; the rest is DRF's.

    A refusal that says ``retry_after`` is a 429. None leaves what is a mistake of ours to Django.
    """
    match error:
        case Refused():
            return _refused(error)
        case Http404():
            # Its text names our model; "not yours" and "not there" must read the same.
            error = NotFound()
        case RequestDataTooBig():
            error = TooLarge()
        case SuspiciousOperation():
            error = ParseError(str(error))
    response = exception_handler(error, context)
    if response is not None:
        response.data = _body(error, response.data)
    return response


def _refused(refused: Refused) -> Response:
    body = {
        "code": refused.code,
        "message": str(refused.message),
        "field": refused.field,
        **refused.details,
    }
    if wait := refused.details.get("retry_after"):
        headers = {"Retry-After": str(wait)}
        return Response(body, status=status.HTTP_429_TOO_MANY_REQUESTS, headers=headers)
    if refused.conflict:
        return Response(body, status=status.HTTP_409_CONFLICT)
    return Response(body, status=status.HTTP_422_UNPROCESSABLE_ENTITY)


def _body(error: Exception, data: Any) -> dict[str, Any]:
    if isinstance(error, ValidationError):
        errors = flat(data)
        name, complaints = next(iter(errors.items()))
        field = "" if name == WHOLE else name
        message = f"{field}: {complaints[0]}" if field else complaints[0]
        return {"code": "invalid", "message": message, "field": field, "errors": errors}
    code = getattr(error, "default_code", "error")
    if isinstance(error, APIException) and isinstance(error.get_codes(), str):
        code = error.get_codes()
    body: dict[str, Any] = {"code": code, "message": str(data.get("detail", "")), "field": ""}
    if getattr(error, "status_code", None) == status.HTTP_400_BAD_REQUEST:
        body["errors"] = {WHOLE: [body["message"]]}
    return body


def flat(detail: Any, path: str = "") -> dict[str, list[str]]:
    """DRF's nested complaints by path."""
    if isinstance(detail, dict):
        pairs = [(str(key), value) for key, value in detail.items()]
    elif any(isinstance(one, dict | list) for one in detail):
        pairs = [(str(n), value) for n, value in enumerate(detail)]
    else:
        return {path or WHOLE: [str(one) for one in detail]} if detail else {}
    found: dict[str, list[str]] = {}
    for key, value in pairs:
        # A complaint about a row as a whole is named after the row.
        below = path if path and key == WHOLE else f"{path}.{key}" if path else key
        found |= flat(value if isinstance(value, dict | list) else [value], below)
    return found
