import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.core.sheets import normalise_text, parse_yes_no
from liaison.core.sheets.text import neutralise, restore

DANGEROUS = "=+-@\t\r\n＝＋－＠"
visible = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs"])).map(str.strip)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("　青岛　示例（集团）有限公司 ", "青岛 示例(集团)有限公司"),
        ("ＡＢＣ\n１２３", "ABC 123"),
        ("\ufeff莱西\u200b", "莱西"),
        ("", ""),
    ],
)
def test_normalise_text(text, expected):
    assert normalise_text(text) == expected


@given(st.text())
def test_normalising_twice_is_normalising_once(text):
    once = normalise_text(text)
    assert normalise_text(once) == once
    assert once == once.strip()


@pytest.mark.parametrize("word", ["是", " 有 ", "√", "Y", "ｙ", "Yes", True, 1, 1.0, "1"])
def test_yes(word):
    assert parse_yes_no(word) is True


@pytest.mark.parametrize("word", ["否", "无", "×", "N", "no", False, 0, "0", "没有"])
def test_no(word):
    assert parse_yes_no(word) is False


def test_neither_yes_nor_no():
    assert parse_yes_no(None) is None
    assert parse_yes_no("　") is None
    with pytest.raises(ValueError, match="也许"):
        parse_yes_no("也许")


@given(visible)
def test_neutralised_text_comes_back(text):
    assert restore(neutralise(text)) == text


@given(st.sampled_from(DANGEROUS), st.text(), st.sampled_from(["", " ", "　", "'", "''"]))
def test_nothing_dangerous_stays(start, rest, before):
    written = neutralise(before + start + rest)
    assert written[0] == "'"
    assert written.lstrip("'") != written


@given(visible.filter(lambda text: text.lstrip("'")[:1].isalnum()))
def test_plain_text_is_left_alone(text):
    assert neutralise(text) == text
