"""Reading what was sent, without letting it cost more than it may.

DRF reads a JSON or form body in one piece past Django's own limit, a body nested deeply enough ends
in a RecursionError, and half a surrogate pair can be neither stored nor shown in an answer.
"""

import codecs
import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from rest_framework import parsers, status
from rest_framework.exceptions import APIException, ParseError
from rest_framework.request import Request

# Boundaries and headers around the file itself.
MULTIPART_ROOM = 64 * 1024


class TooLarge(APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


class JSONBody(parsers.JSONParser):
    # Bytes; where a subclass does not say, as many as any request may have.
    limit: int | None = None

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        _must_be_readable(parser_context, self.limit or settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        try:
            data = super().parse(stream, media_type, parser_context)
            json.dumps(data, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ParseError("JSON parse error - nested too deeply") from error
        except UnicodeEncodeError as error:
            raise ParseError("JSON parse error - half a surrogate pair") from error
        return data


class FormBody(parsers.FormParser):
    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        _must_be_readable(parser_context, settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
        return super().parse(stream, media_type, parser_context)


class MultiPartBody(parsers.MultiPartParser):
    """Refused by its announced length, before a file larger than any we keep fills the disk."""

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        _must_be_readable(parser_context, settings.EVIDENCE_MAX_BYTES + MULTIPART_ROOM)
        return super().parse(stream, media_type, parser_context)


class BytesBody(parsers.BaseParser):
    """The bytes themselves, at most ``limit`` of them."""

    media_type = "application/octet-stream"
    limit: int

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        announced = _must_be_readable(parser_context, self.limit)
        data = stream.read()
        if len(data) != announced:
            raise ParseError("The body ends before its announced length.")
        return data


def _must_be_readable(parser_context: Mapping[str, Any] | None, limit: int) -> int:
    """Raises ParseError or TooLarge; else how many bytes there are."""
    context = parser_context or {}
    # Some codecs that Python knows yield what is no text, and JSON is UTF-8 by definition.
    if codecs.lookup(context["encoding"]).name not in ("utf-8", "ascii"):
        raise ParseError("The body must be UTF-8.")
    # The announced length is all that is ever read (WSGI), so it is the true one.
    request: Request = context["request"]
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > limit:
        raise TooLarge(f"At most {limit} bytes.")
    return length
