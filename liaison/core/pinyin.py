"""Search by the initials of a name, as people type it with a Latin keyboard."""

import unicodedata
from functools import lru_cache

from pypinyin import Style, lazy_pinyin
from pypinyin.core import Pinyin

_SPLITTER = Pinyin()


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """The pinyin initials of a name in lower case: ``青岛示例生物`` gives ``qdslsw``.

    Latin letters and digits stay, everything else goes. A character with several readings takes
    the reading of the word it stands in (重庆 is ``cq``, 银行 ``yh``), else its commonest one.
    """
    half = unicodedata.normalize("NFKC", name)
    return "".join(_of_word(word) for word in _SPLITTER.seg(half))


# Of a list of names every other word has been seen before: 机械, 有限公司.
@lru_cache(maxsize=16_384)
def _of_word(word: str) -> str:
    parts = lazy_pinyin([word], style=Style.FIRST_LETTER, errors="default")
    # A few syllables (嗯 ń) start with an accented letter, which no keyboard has.
    plain = unicodedata.normalize("NFD", "".join(parts)).lower()
    return "".join(c for c in plain if c.isascii() and c.isalnum())
