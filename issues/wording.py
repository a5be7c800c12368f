"""What people write in one box, as a line of the bill wants it. Pure."""

import hashlib
import re
import unicodedata

TITLE_MOST = 30
# Where a thought ends, in either script.
_ENDS = re.compile(r"[。！？!?；;\n\r]")
_PAUSES = "，、,：: "


def first_words(text: str) -> str:
    """A title for what was written without one: the first sentence, cut where it pauses if it is
    long; empty where nothing was written."""
    for sentence in _ENDS.split(text):
        words = " ".join(sentence.split()).strip(_PAUSES)
        if not words:
            continue
        if len(words) <= TITLE_MOST:
            return words
        cut = words[:TITLE_MOST]
        pause = max(cut.rfind(one) for one in _PAUSES)
        return (cut[:pause].rstrip(_PAUSES) if pause >= TITLE_MOST // 3 else cut) + "…"
    return ""


def digest_of(*parts: str) -> str:
    """The same for the same words, however spaced, in whatever width of letters."""
    said = ("".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in parts)
    return hashlib.sha256("\0".join(said).encode()).hexdigest()
