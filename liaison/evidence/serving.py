"""Handing a stored file out. Who may have it is decided before this is called."""

import io
import logging
import re
from typing import Any

from django.http import FileResponse, Http404, HttpRequest
from rest_framework.request import Request

from liaison.evidence.models import Evidence

logger = logging.getLogger(__name__)

_RANGE = re.compile(r"bytes=(\d{0,12})-(\d{0,12})")


def serve(request: HttpRequest | Request, evidence: Evidence, *, name: str) -> FileResponse:
    """The file under this name and our suffix; a picture to look at, a recording to listen to, all
    else as a download.

    Safari plays nothing that it cannot ask for in parts, so one range of bytes is answered with a
    206, or a 416 where the file has no such bytes. Raises Http404 when the file is gone from the
    disk, which is told in the log: the row says that it should be there.
    """
    try:
        file = evidence.file.open("rb")
    except FileNotFoundError as error:
        logger.exception("the file of evidence %s is missing", evidence.pk)
        raise Http404 from error
    content, status, headers = _part(request, file, evidence.file.size)
    return FileResponse(
        content,
        as_attachment=not (evidence.is_image or evidence.is_recording),
        filename=f"{name}{evidence.suffix}",
        content_type=evidence.content_type,
        status=status,
        headers={
            **headers,
            # The browser must not find another type in it, nor a shared cache keep it.
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=3600",
        },
    )


def _part(request: HttpRequest | Request, file: Any, size: int) -> tuple[Any, int, dict[str, str]]:
    """What of the file was asked for, with status and headers. Several ranges at once, or one under
    a condition, may be answered with the whole, and are."""
    everything: dict[str, str] = {"Accept-Ranges": "bytes"}
    asked = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if asked is None or not any(asked.groups()) or "If-Range" in request.headers:
        return file, 200, everything
    first, last = asked.groups()
    if first:
        start, end = int(first), min(int(last), size - 1) if last else size - 1
    else:
        start, end = max(0, size - int(last)), size - 1
    if first and last and int(last) < start:
        return file, 200, everything
    if start >= size:
        file.close()
        return io.BytesIO(), 416, {"Content-Range": f"bytes */{size}"}
    with file:
        file.seek(start)
        # A file is a few megabytes at most.
        part = io.BytesIO(file.read(end - start + 1))
    return part, 206, {**everything, "Content-Range": f"bytes {start}-{end}/{size}"}
