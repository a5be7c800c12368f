"""What a row of a list of guards means."""

from datetime import date, datetime, timedelta, timezone

import pytest

from liaison.core.sheets import Row, UnreadableSheet
from patrols.importing.rows import clean_row, read_guards

CHINA = timezone(timedelta(hours=8))


def cleaned(**cells):
    values = {"enterprise": "示例食品有限公司", "name": "示例甲", **cells}
    return clean_row(Row(2, values, {}))


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2027-03-05", "2027-03-05"),
        ("2027.3.5", "2027-03-05"),
        ("2027年3月5日", "2027-03-05"),
        ("二〇二七年三月五日", "2027-03-05"),
        ("2024.3.5至2027.3.5", "2027-03-05"),
        ("2024年3月5日--2027年3月5日", "2027-03-05"),
        (46451, "2027-03-05"),
        (date(2027, 3, 5), "2027-03-05"),
        (datetime(2027, 3, 5, 12, tzinfo=CHINA), "2027-03-05"),
    ],
)
def test_until_in_every_form_that_people_write(cell, day):
    row = cleaned(certificate="示证1", certificate_until=cell)
    assert row.facts["certificate_until"] == day
    assert not row.refused


@pytest.mark.parametrize(
    ("cells", "about"),
    [
        ({"enterprise": None}, "enterprise"),
        ({"name": "无"}, "name"),
        ({"certificate_until": "明年"}, "certificate_until"),
        ({"certificate_until": "长期"}, "certificate_until"),
        ({"phone": "12"}, "phone"),
        ({"employer": "兼职"}, "employer"),
        ({"certificate": 1.10101199001e17}, "certificate"),
        ({"name": "例" * 41}, "name"),
    ],
)
def test_what_cannot_be_understood_is_refused_by_column(cells, about):
    row = cleaned(**cells)
    assert [one["field"] for one in row.messages if one["refuses"]] == [about]


def test_words_for_the_employer():
    assert cleaned(employer="自行招用").facts["employer"] == "self_recruited"
    assert cleaned(employer=" 保安公司 派驻").facts["employer"] == "guard_company"
    assert cleaned(company="示例保安").facts["employer"] == "guard_company"
    own = cleaned(employer="自招", company="示例保安")
    assert "company" not in own.facts
    assert own.messages
    assert not own.refused


def test_numbers_as_excel_has_them():
    assert cleaned(certificate=3702001234567.0).facts["certificate"] == "3702001234567"
    assert cleaned(certificate=" 鲁 ａ-12 ").facts["certificate"] == "鲁A-12"
    assert cleaned(phone=13800000001.0).facts["phone"] == "13800000001"


def test_a_file_under_other_headings_with_a_title_row():
    lines = (
        "某派出所保安员台账,,,,",
        "所属单位,保安姓名,证书编号,到期日期,身高",
        "示例食品,示例甲,示1,2027/3/5,170",
    )
    content = "\n".join(lines).encode("gb18030")
    rows, notes = read_guards(content, "名单.csv")
    assert [(one.number, one.enterprise, one.facts) for one in rows] == [
        (
            3,
            "示例食品",
            {"name": "示例甲", "certificate": "示1", "certificate_until": "2027-03-05"},
        )
    ]
    assert "身高" in notes[0]


def test_a_file_without_the_columns_that_are_needed():
    with pytest.raises(UnreadableSheet):
        read_guards("姓名,电话\n示例甲,13800000001\n".encode())
