"""Cell text: one spelling for what looks the same, and what must not be taken for a formula."""

import re
import unicodedata
from functools import lru_cache

from django.utils.translation import gettext_lazy as _

# Excel, WPS and LibreOffice compute a cell that begins with one of these; a full-width one is
# made half-width by input methods and by some programs on opening.
_FORMULA_STARTS = "=+\\-@\t\r\n＝＋－＠"
_DANGEROUS = re.compile(rf"^'*\s*[{_FORMULA_STARTS}]")
_NEUTRALISED = re.compile(rf"^'+\s*[{_FORMULA_STARTS}]")
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

_YES = frozenset("是有对真已√✓✔☑yvt1") | {"yes", "true"}
_NO = frozenset("否无没未错假×✗✘☒xnf0-/") | {"no", "false", "没有", "不是"}


# The texts of one row are asked for many times: as a cell, as an identity, as a word.
@lru_cache(maxsize=4096)
def normalise_text(text: str) -> str:
    """Half-width (NFKC), trimmed, every run of blanks or line breaks one space.

    For names, codes and whatever is compared. Not for prose: it also makes ，（） half-width.
    """
    half = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    # NFKC leaves invisible marks and turns some characters into blanks, hence the order.
    return " ".join(_INVISIBLE.sub("", half).split())


def parse_yes_no(value: object) -> bool | None:
    """Whether a cell says yes (是, 有, √, Y, 1...) or no (否, 无, ×, N, 0...); None when empty.

    Raises ``ValueError`` for anything else: an unknown word is not a no.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    word = normalise_text(str(value)).lower()
    if not word:
        return None
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise ValueError(_("“%(text)s” is neither yes nor no.") % {"text": word[:40]})


def neutralise(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would compute; ``restore`` takes it off."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def restore(text: str) -> str:
    """Text as it was before ``neutralise``, without blanks around it and invisible characters."""
    plain = _INVISIBLE.sub("", text).strip()
    return plain[1:].strip() if _NEUTRALISED.match(plain) else plain
