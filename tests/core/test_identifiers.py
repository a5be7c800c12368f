import csv
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.core.identifiers import (
    check_credit_code,
    check_resident_id,
    mask_phone,
    normalise_credit_code,
    normalise_phone,
    normalise_resident_id,
)

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
# Large companies' public codes.
PUBLIC_CODES = [
    "91371300328348377N",
    "91210800725501566A",
    "91440300MA5D92547C",
    "913201137541039705",
    "9132050578766626X2",
]
COLLECTION = (
    Path(os.environ.get("SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
    / "codes"
    / "credit_codes.csv"
)


def collected_codes():
    if not COLLECTION.exists():
        pytest.skip("the shared collection of credit codes is not on this machine")
    with COLLECTION.open(encoding="utf-8") as file:
        return [row["credit_code"] for row in csv.DictReader(file)]


def credit_fault(code):
    fault = check_credit_code(code)
    assert fault is not None
    return fault


def resident_fault(number):
    fault = check_resident_id(number)
    assert fault is not None
    return fault


def assert_every_slip_is_told(code):
    assert check_credit_code(code) is None
    for index, right in enumerate(code):
        for wrong in ALPHABET:
            if wrong == right:
                continue
            fault = credit_fault(code[:index] + wrong + code[index + 1 :])
            assert fault.position in range(1, 19)
            if fault.code == "character":
                assert (fault.position, fault.expected) == (index + 1, right)
            if index == 17:
                assert (fault.position, fault.expected) == (18, right)


class TestCreditCode:
    @pytest.mark.parametrize("code", PUBLIC_CODES)
    def test_every_single_slip_is_told(self, code):
        assert_every_slip_is_told(code)

    def test_collected_codes(self):
        for code in collected_codes():
            assert_every_slip_is_told(code)

    @pytest.mark.parametrize("letter", "IOSVZ")
    @pytest.mark.parametrize("index", [0, 1, 8, 12, 17])
    def test_letters_never_used_are_told_with_the_right_one(self, letter, index):
        code = PUBLIC_CODES[0]
        fault = credit_fault(code[:index] + letter + code[index + 1 :])
        assert (fault.code, fault.position, fault.expected) == ("character", index + 1, code[index])
        assert letter in str(fault.message)
        assert str(index + 1) in str(fault.message)

    @given(st.sampled_from(PUBLIC_CODES), st.integers(0, 16))
    def test_swapped_neighbours_are_told(self, code, index):
        swapped = code[:index] + code[index + 1] + code[index] + code[index + 2 :]
        assert (check_credit_code(swapped) is None) == (swapped == code)

    @pytest.mark.parametrize("code", ["", "9137", PUBLIC_CODES[0] + "1"])
    def test_wrong_length(self, code):
        assert credit_fault(code).code == "length"

    def test_normalising(self):
        messy = " ９１３７１３００-3283 48377ｎ\u3000\u200b"
        assert normalise_credit_code(messy) == PUBLIC_CODES[0]

    @given(st.text())
    def test_any_text_gets_an_answer(self, text):
        code = normalise_credit_code(text)
        assert normalise_credit_code(code) == code
        check_credit_code(code)


def resident_id(first):
    """Append the check digit by the standard's other wording: the weighted sum is 1 mod 11."""
    for last in "0123456789X":
        total = sum(
            (10 if c == "X" else int(c)) * 2 ** (17 - i) for i, c in enumerate(first + last)
        )
        if total % 11 == 1:
            return first + last
    raise AssertionError


class TestResidentId:
    def test_the_standards_own_examples(self):
        assert check_resident_id("11010519491231002X") is None
        assert check_resident_id("440524188001010014") is None

    @given(st.dates(), st.integers(0, 999), st.integers(0, 16), st.integers(0, 9))
    def test_every_single_slip_is_told(self, born, order, index, wrong):
        number = resident_id(f"370285{born:%Y%m%d}".ljust(14, "0")[:14] + f"{order:03}")
        if born.year >= 1000:
            assert check_resident_id(number) is None
            slipped = number[:index] + str(wrong) + number[index + 1 :]
            fault = check_resident_id(slipped)
            assert (fault is None) == (slipped == number)

    def test_where_and_what(self):
        fault = resident_fault("110105194912310021")
        assert (fault.code, fault.position, fault.expected) == ("check_digit", 18, "X")
        assert resident_fault("11010519491331002X").code == "birth_date"
        assert resident_fault("1101051949123100X2").position == 17
        assert resident_fault("110105491231002").code == "length"

    def test_the_number_is_not_repeated_in_the_message(self):
        assert "1949" not in str(check_resident_id("110105194912310021"))

    def test_normalising(self):
        assert normalise_resident_id("１１０１０５ 19491231 002x ") == "11010519491231002X"


class TestPhone:
    @pytest.mark.parametrize(
        ("text", "stored"),
        [
            ("13815215521", "13815215521"),
            ("+86 138 1521 5521", "13815215521"),
            ("0086-13815215521", "13815215521"),
            ("86 13815215521", "13815215521"),
            ("１３８－１５２１－５５２１", "13815215521"),
            ("0532-88406110", "0532-88406110"),
            ("(0532)8840 6110", "0532-88406110"),
            ("（0532）88406110", "0532-88406110"),
            ("053288406110", "0532-88406110"),
            ("+86 532 88406110", "0532-88406110"),
            ("+86 (0)532 8840 6110", "0532-88406110"),
            ("0532-88406110转801", "0532-88406110-801"),
            ("0532-88406110-801", "0532-88406110-801"),
            ("010 62345678", "010-62345678"),
            ("88406110", "88406110"),
            ("4008208820", "400-820-8820"),
            ("110", "110"),
        ],
    )
    def test_forms_in_use(self, text, stored):
        assert normalise_phone(text) == stored
        assert normalise_phone(stored) == stored

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "无",
            "1381521552",
            "138152155211",
            "12815215521",
            "13815215521/13915215521",
            "张三13815215521",
        ],
    )
    def test_what_is_no_phone_is_refused_in_words(self, text):
        with pytest.raises(ValueError, match=r"\w"):
            normalise_phone(text)

    @pytest.mark.parametrize(
        ("phone", "masked"),
        [
            ("13812345521", "138 **** 5521"),
            ("+86 138-1234-5521", "138 **** 5521"),
            ("0532-88406110", "0532 **** 6110"),
            ("88406110", "**** 6110"),
            ("not a phone 123", "****"),
            ("", ""),
        ],
    )
    def test_masking(self, phone, masked):
        assert mask_phone(phone) == masked

    @given(st.from_regex(r"1[3-9]\d{9}", fullmatch=True).filter(str.isascii))
    def test_mask_hides_the_middle(self, phone):
        assert mask_phone(phone) == f"{phone[:3]} **** {phone[7:]}"

    @given(st.text(alphabet="0123456789+-() 转xX－０１"))
    def test_normalising_twice_is_normalising_once(self, text):
        try:
            stored = normalise_phone(text)
        except ValueError:
            return
        assert normalise_phone(stored) == stored
