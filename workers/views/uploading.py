"""Files that lie nowhere but in memory while they are looked at.

Django puts what is larger than 2.5 MB into a temporary file, where a list of people would lie in
clear; a list and an archive of photos are small enough to be held.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt, csrf_protect

from liaison.core.sheets import MAX_BYTES

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class InMemory(MemoryFileUploadHandler):
    """Holds the files of a form; of a request that is too big none is kept."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803  as Django names it
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        self.activated = content_length <= settings.WORKERS_ARCHIVE_BYTES + MAX_BYTES + 1_048_576
        if not self.activated and self.request is not None:
            self.request.META["liaison.too_big"] = True

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return super().receive_data_chunk(raw_data, start) if self.activated else None


def was_too_big(request: HttpRequest) -> bool:
    """Whether what was sent is more than the largest form may be."""
    return bool(request.META.get("liaison.too_big"))


def in_memory(view: View) -> View:
    """A view whose files come in memory. The form's token is checked after, not before, this."""
    protected = csrf_protect(view)

    @wraps(view)
    def held(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        request.upload_handlers = [InMemory(request)]
        return protected(request, *args, **kwargs)

    return csrf_exempt(held)  # type: ignore[return-value]
