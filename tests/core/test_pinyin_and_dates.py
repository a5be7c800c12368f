from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liaison.core.dates import parse_messy_date
from liaison.core.pinyin import initials

FIFTH = date(2024, 3, 5)
days = st.dates(date(1930, 1, 1), date(2173, 1, 1))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("青岛示例生物", "qdslsw"),
        ("重庆银行（莱西）A1·分行", "cqyhlxa1fh"),
        ("ＡＢＣ 新材料", "abcxcl"),
        ("厦门长城", "xmcc"),
        ("", ""),
        ("（）·", ""),
    ],
)
def test_initials(name, expected):
    assert initials(name) == expected


@given(st.text())
def test_initials_can_be_typed(name):
    typed = initials(name)
    assert typed == "" or (typed.isascii() and typed.isalnum() and typed == typed.lower())


@pytest.mark.parametrize(
    "value",
    [
        "2024.3.5",
        "2024年3月5日",
        "24/3/5",
        "24年3月5号",
        "2024-03-05 00:00:00",
        "2024-03-05T08:30",
        "2024/03/05",
        "２０２４．３．５",
        " 2024 年 3 月 5 日 ",
        "2024年3月5日（星期二）",
        "2024年3月5日 下午2时30分",
        "二〇二四年三月五日",
        "20240305",
        20240305,
        "45356",
        45356,
        45356.75,
        FIFTH,
        datetime(2024, 3, 5, 23, 59),  # noqa: DTZ001 - spreadsheets hold naive ones
        datetime(2024, 3, 4, 16, 30, tzinfo=UTC),
        "2024-03-04T16:30:00Z",
        "2024-03-05T00:30:00+08:00",
    ],
)
def test_one_day_in_many_spellings(value):
    assert parse_messy_date(value) == FIFTH


@pytest.mark.parametrize(
    "value",
    [
        "",
        None,
        True,
        "5/3/2024",
        "3/5/24",
        "3月5日",
        "2024.3",
        "240305",
        101231,
        2024.3,
        2024,
        1e18,
        float("nan"),
        float("inf"),
        "2024-02-30",
        "24/13/5",
        "2024.3.5-2024.3.8",
        "1024-03-05",
        date(1024, 3, 5),
        "尽快",
        "2024-99-05T00:00:00Z",
    ],
)
def test_what_cannot_be_known_is_refused_in_words(value):
    with pytest.raises(ValueError, match=r"\w"):
        parse_messy_date(value)


@given(
    days,
    st.sampled_from(
        [
            "{0.year}-{0.month}-{0.day}",
            "{0.year}.{0.month:02}.{0.day:02}",
            "{0.year}年{0.month}月{0.day}日",
            "{0.year}{0.month:02}{0.day:02}",
        ]
    ),
)
def test_every_day_in_text(day, pattern):
    assert parse_messy_date(pattern.format(day)) == day


@given(days, st.floats(0, 0.999))
def test_every_day_as_excel_serial(day, fraction):
    serial = (day - date(1899, 12, 30)).days
    assert parse_messy_date(serial + fraction) == day
    assert parse_messy_date(str(serial)) == day
    if serial - 1462 >= 10_000:
        assert parse_messy_date(serial - 1462, mac_epoch=True) == day


@given(st.dates(date(1969, 1, 1), date(2068, 12, 31)))
def test_two_digit_years(day):
    assert parse_messy_date(f"{day:%y}/{day.month}/{day.day}") == day


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)))
def test_chinese_numerals(day):
    digits = "〇一二三四五六七八九"

    def spelled(n):
        tens, ones = divmod(n, 10)
        ten = "" if not tens else "十" if tens == 1 else digits[tens] + "十"
        return ten + (digits[ones] if ones else "")

    year = "".join(digits[int(c)] for c in str(day.year))
    assert parse_messy_date(f"{year}年{spelled(day.month)}月{spelled(day.day)}日") == day


@given(st.text())
def test_any_text_gives_a_date_or_a_message(text):
    try:
        found = parse_messy_date(text)
    except ValueError:
        return
    assert date(1900, 1, 1) <= found < date(2200, 1, 1)
