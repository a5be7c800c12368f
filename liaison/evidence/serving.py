"""Handing a stored file out. Who may have it is decided before this is called."""

import logging

from django.http import FileResponse, Http404

from liaison.evidence.models import Evidence

logger = logging.getLogger(__name__)


def serve(evidence: Evidence, *, name: str) -> FileResponse:
    """The file under this name and our suffix; a picture to look at, all else as a download.

    Raises Http404 when the file is gone from the disk, which is told in the log: the row says that
    it should be there.
    """
    try:
        file = evidence.file.open("rb")
    except FileNotFoundError as error:
        logger.exception("the file of evidence %s is missing", evidence.pk)
        raise Http404 from error
    return FileResponse(
        file,
        as_attachment=not evidence.is_image,
        filename=f"{name}{evidence.suffix}",
        content_type=evidence.content_type,
        headers={
            # The browser must not find another type in it, nor a shared cache keep it.
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=3600",
        },
    )
