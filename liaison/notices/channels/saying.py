"""What is said outside of the house, in the site's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liaison.notices.models import Notice

# Of several in one message; the inbox has them all.
NAMED = 20


@dataclass(frozen=True)
class Piece:
    """One notice as it may leave: of a confidential one only that there is one."""

    title: str
    text: str
    url: str


def piece_of(notice: Notice) -> Piece:
    if notice.confidential:
        said = _("What it says can be read after signing in.")
        return Piece(_("You have a confidential notice"), said, address("/notices/"))
    return Piece(notice.title, notice.text, address(notice.leads_to))


def address(path: str) -> str:
    """Where it is found, if this server knows how people reach it."""
    return urljoin(settings.SITE_URL, path) if settings.SITE_URL else ""


def subject_of(pieces: Sequence[Piece]) -> str:
    """One line for all of them."""
    if len(pieces) == 1:
        return pieces[0].title
    n = len(pieces)
    said = ngettext("%(n)d new notice: %(first)s", "%(n)d new notices: %(first)s", n)
    return said % {"n": n, "first": pieces[0].title}


def body_of(pieces: Sequence[Piece]) -> str:
    """All of them at length, for those who read at a desk."""
    named = [
        "\n".join(part for part in (piece.title, piece.text, piece.url) if part)
        for piece in pieces[:NAMED]
    ]
    return "\n\n".join([*named, *_more(pieces)])


def lines_of(pieces: Sequence[Piece]) -> str:
    """Short, for a group that others read too: one at length, of several the titles."""
    if len(pieces) == 1:
        piece = pieces[0]
        return "\n".join(part for part in (piece.title, piece.text, piece.url) if part)
    titles = [f"{n}. {piece.title}" for n, piece in enumerate(pieces[:NAMED], 1)]
    inbox = address("/notices/")
    return "\n".join([*titles, *_more(pieces), *([inbox] if inbox else [])])


def _more(pieces: Sequence[Piece]) -> list[str]:
    more = len(pieces) - NAMED
    return [_("and %(n)d more") % {"n": more}] if more > 0 else []


def cut(text: str, size: int) -> str:
    """At most so many bytes, as the robots count; the end is marked."""
    raw = text.encode()
    if len(raw) <= size:
        return text
    return raw[: size - 3].decode(errors="ignore") + "\N{HORIZONTAL ELLIPSIS}"
