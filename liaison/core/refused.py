"""The one way in which an action says no."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise


class Refused(Exception):  # noqa: N818 - named for what it says, not for what it is
    """A rule of the trade forbids what was asked; nothing has been written.

    Pages show ``message`` and keep what was typed, the API answers 422 (409 for a
    :class:`Conflict`) with ``code`` and ``message``, the phone's outbox keeps the item with both.

    ``code`` is stable and meant for programs, ``message`` for people. ``field`` names the input
    it is about, ``details`` carries what helps to mend it (what is missing, what it is now).
    """

    conflict = False

    def __init__(
        self,
        code: str,
        message: "str | Promise",
        *,
        field: str = "",
        details: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.field = field
        self.details = dict(details or {})

    def __str__(self) -> str:
        return str(self.message)


class Conflict(Refused):
    """Somebody else got there first: ``details`` holds the state as it is now."""

    conflict = True
