"""The one way in which reading a table fails as a whole."""

from django.utils.functional import Promise


class UnreadableSheet(Exception):  # noqa: N818 - named for what it is, as Refused is
    """The file cannot be read as a table; a fault in one row is never this.

    ``code`` is stable: ``empty``, ``no_headings``, ``encrypted``, ``wrong_type``, ``too_big``,
    ``damaged`` or ``encoding``; ``message`` is for people and says what to do.
    """

    def __init__(self, code: str, message: "str | Promise") -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message

    def __str__(self) -> str:
        return str(self.message)
