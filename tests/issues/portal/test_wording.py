"""A title for what was written without one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from issues.wording import TITLE_MOST, digest_of, first_words


@given(st.text(max_size=300))
def test_a_title_is_one_short_line_of_what_was_written(text):
    title = first_words(text)
    assert len(title) <= TITLE_MOST + 1
    assert "\n" not in title
    assert title == title.strip()
    kept = "".join(title.removesuffix("…").split())
    assert kept in "".join(text.split())


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("东门外有人倾倒废料。已经三天了。", "东门外有人倾倒废料"),
        ("\n\n  大门坏了\n详见照片", "大门坏了"),
        ("，。！", ""),
        ("", ""),
        ("一" * 31, "一" * 30 + "…"),
        (
            "围墙东北角被车撞开一个口子，夜里有人进出，已经少了两捆电缆在仓库后面",
            "围墙东北角被车撞开一个口子，夜里有人进出…",
        ),
    ],
)
def test_it_ends_where_a_thought_ends(text, title):
    assert first_words(text) == title


def test_the_same_words_are_the_same_however_they_are_spaced():
    assert digest_of("help", "Ｌock 坏了") == digest_of("help", "lock坏了\n")
    assert digest_of("a", "b") != digest_of("ab", "")
