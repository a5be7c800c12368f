"""Numbers that must not be read where they were written by mistake."""

import pytest

from liaison.core.identifiers import mask_resident_id, without_numbers


def test_a_number_shows_its_ends():
    assert mask_resident_id("370202199001011234") == "3702**********1234"
    assert mask_resident_id("12345") == "*****"
    assert mask_resident_id("") == ""


@pytest.mark.parametrize(
    "text",
    [
        "370202199001011234",
        "核对 370202199001011234 的凭证",
        "370202 19900101 1234",
        "370202-19900101-1234",
        "３７０２０２１９９００１０１１２３４",
        "37020219900101123X.jpg",
        "370202900101123",
    ],
)
def test_a_number_in_a_text_is_masked(text):
    said = without_numbers(text)
    assert "19900101" not in said
    assert "900101" not in said.replace("*", "")
    assert "*" in said


@pytest.mark.parametrize("text", ["丢失钱包，3月5日", "13800000000 来电", "名单 2026-03-05.xlsx"])
def test_other_text_stays(text):
    assert without_numbers(text) == text
