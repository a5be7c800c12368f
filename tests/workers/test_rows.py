"""What is wrong with a row by itself."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.workers import person, resident_id
from workers.checking.rows import age_on, photo_key, read_line

TODAY = date(2026, 11, 30)


def complaints(**values):
    line = read_line(2, person(**values), today=TODAY)
    return {one["field"]: one["refuses"] for one in line.messages}


def test_a_row_without_fault_says_nothing():
    line = read_line(2, person(7), today=TODAY)
    assert line.messages == []
    assert (line.name, line.phone, line.entry_on) == ("王示示", "13900000007", date(2026, 3, 5))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "甲"),
        ("name", "甲乙3"),
        ("name", "甲" * 41),
        ("id_number", ""),
        ("id_number", "1234"),
        ("id_number", 990000199001010010.0),
        ("id_number", resident_id(serial=1)[:17] + "A"),
        ("id_number", resident_id(date(1899, 1, 1))),
        ("id_number", resident_id(date(2027, 1, 1))),
        ("phone", "12"),
        ("phone", "不详"),
        ("entry_on", "去年"),
        ("entry_on", "2027-03-01"),
        ("job", "x" * 61),
        ("residence", "x" * 201),
    ],
)
def test_what_is_wrong_is_refused_beside_its_field(field, value):
    assert complaints(**{field: value}) == {field: True}


@pytest.mark.parametrize("field", ["phone", "entry_on"])
def test_what_is_only_missing_is_remarked(field):
    assert complaints(**{field: ""}) == {field: False}


@pytest.mark.parametrize(
    ("born", "refused"),
    [
        (date(2010, 12, 1), True),  # 16 tomorrow
        (date(2010, 11, 30), False),  # 16 today
        (date(2008, 12, 1), False),  # 18 tomorrow
    ],
)
def test_under_16_is_refused_and_under_18_remarked(born, refused):
    line = read_line(2, person(id_number=resident_id(born), entry_on="2026-11-30"), today=TODAY)
    assert [one["refuses"] for one in line.messages if one["field"] == "id_number"] == [refused]
    assert line.is_juvenile is not refused


def test_of_age_nothing_is_said():
    assert complaints(id_number=resident_id(date(2008, 11, 30))) == {}


def test_nobody_entered_before_they_were_16():
    assert complaints(id_number=resident_id(date(2000, 1, 1)), entry_on="2015-12-31") == {
        "entry_on": True
    }


def test_names_of_many_kinds_are_names():
    for name in ("买买提·吐尔逊", "阿依 古丽", "JOHN SMITH", "𠮷田甲"):
        assert complaints(name=name) == {}


@given(st.integers(0, 16), st.integers(0, 9))
def test_no_message_repeats_the_number(place, digit):
    number = resident_id(serial=5)
    wrong = number[:place] + str(digit) + number[place + 1 :]
    line = read_line(2, person(id_number=wrong), today=TODAY)
    for said in line.messages:
        assert wrong not in said["message"]
        assert wrong[:10] not in said["message"]


@given(st.dates(date(1930, 1, 1), date(2020, 1, 1)), st.integers(0, 90))
def test_ages_count_birthdays(born, years):
    try:
        birthday = born.replace(year=born.year + years)
    except ValueError:
        birthday = date(born.year + years, 3, 1)
    assert age_on(born, birthday) == years
    assert age_on(born, date.fromordinal(birthday.toordinal() - 1)) == years - 1


@pytest.mark.parametrize(
    "filename",
    [
        "37010119.jpg",
        "照片/37010119.JPEG",
        "a\\b\\37010119.png",
        " ３７０１０１１９ .jpg",
        "37010119",
    ],
)
def test_a_photo_is_known_by_its_name_alone(filename):
    assert photo_key(filename) == "37010119"
