"""Dates as they stand in spreadsheets."""

import re
import unicodedata
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

# Excel counts days so that 1 is 1900-01-01 but believes in a 1900-02-29; from 1900-03-01 on,
# counting from this day gives what Excel shows. Files from old Macs count from 1904.
_EXCEL_DAY_0 = date(1899, 12, 30)
_EXCEL_DAY_0_MAC = date(1904, 1, 1)
# A serial below this (1927) is far more likely a year, a count or an amount in the wrong column.
_SERIAL_MIN = 10_000
_YEAR_MIN, _YEAR_MAX = 1900, 2199
# The last with five digits (2173): 101231 is more likely 2010-12-31 than a day in 2177.
_SERIAL_MAX = 99_999

_TIME = (
    r"(?:上午|下午|中午|晚上|凌晨)?\s*\d{1,2}\s*[:时点]\s*(?:\d{1,2}\s*分?)?"
    r"(?::?\d{1,2}(?:\.\d+)?\s*秒?)?\s*(?:[AP]M)?"
)
_YMD = re.compile(
    r"(?P<year>\d{4}|\d{2})\s*[-./\\年]\s*(?P<month>\d{1,2})\s*[-./\\月]\s*(?P<day>\d{1,2})\s*[日号]?"
    r"(?:\s*\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?"
    rf"(?:[T\s]*{_TIME})?"
)
_COMPACT = re.compile(r"(?P<year>(?:19|20|21)\d{2})(?P<month>\d{2})(?P<day>\d{2})")
_ISO_WITH_OFFSET = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})"
)
_NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")


def parse_messy_date(value: object, *, mac_epoch: bool = False) -> date:
    """The date that a cell means.

    Takes date and datetime objects (aware ones by the clock on the wall), Excel serials as
    number or text, 20240305, and year-month-day with any usual separator, with or without a
    time or weekday: 2024.3.5, 2024年3月5日, 24/3/5, 二〇二四年三月五日. Years of two digits:
    69-99 are 19xx, 00-68 are 20xx. The order is always year, month, day; nothing else is guessed.

    Raises ``ValueError`` with a message for people.
    """
    if isinstance(value, datetime):
        return _within((timezone.localtime(value) if timezone.is_aware(value) else value).date())
    if isinstance(value, date):
        return _within(value)
    if isinstance(value, bool) or value is None:
        raise ValueError(_("This is not a date."))
    if isinstance(value, int | float):
        return _from_number(value, mac_epoch)
    return _from_text(str(value), mac_epoch)


def _within(found: date) -> date:
    if not _YEAR_MIN <= found.year <= _YEAR_MAX:
        raise ValueError(
            _("The year %(year)d cannot be right; write the date as 2026-03-05.")
            % {"year": found.year}
        )
    return found


def _from_number(value: int | float, mac_epoch: bool) -> date:
    if value == value and value not in (float("inf"), float("-inf")):
        whole = int(value)
        if _SERIAL_MIN <= whole <= _SERIAL_MAX:
            start = _EXCEL_DAY_0_MAC if mac_epoch else _EXCEL_DAY_0
            return start + timedelta(days=whole)
        if whole == value and (found := _COMPACT.fullmatch(str(whole))):
            return _from_parts(found)
    raise ValueError(
        _("The number %(number)s is not a date; write the date as 2026-03-05.")
        % {"number": f"{value:g}"}
    )


def _from_text(text: str, mac_epoch: bool) -> date:
    half = unicodedata.normalize("NFKC", text).strip().upper()
    if not half:
        raise ValueError(_("The date is missing."))
    if "年" in half:
        half = _from_chinese_numerals(half)
    if _ISO_WITH_OFFSET.fullmatch(half):
        # Midnight in China is still yesterday in UTC: the offset must not be dropped.
        try:
            return parse_messy_date(datetime.fromisoformat(half))
        except (ValueError, OverflowError) as error:
            raise _impossible(text) from error
    if re.fullmatch(r"\d{5}(\.\d+)?", half):
        return _from_number(float(half), mac_epoch)
    if found := _COMPACT.fullmatch(half) or _YMD.fullmatch(half):
        return _from_parts(found)
    raise ValueError(
        _("“%(text)s” is not a date; write year, month and day as 2026-03-05.")
        % {"text": text.strip()[:40]}
    )


def _from_parts(found: re.Match[str]) -> date:
    year, month, day = int(found["year"]), int(found["month"]), int(found["day"])
    if len(found["year"]) == 2:
        year += 1900 if year >= 69 else 2000
    try:
        return _within(date(year, month, day))
    except ValueError as error:
        raise _impossible(found[0]) from error


def _impossible(text: str) -> ValueError:
    return ValueError(
        _("“%(text)s” is not a day of the calendar; the order is year, month, day.")
        % {"text": text.strip()[:40]}
    )


def _from_chinese_numerals(text: str) -> str:
    """Turn 二〇二四年三月二十五日 into 2024年3月25日; anything else stays as it is."""

    def tens(found: re.Match[str]) -> str:
        before, after = found[1], found[2]
        return (before or "1") + (after or "0")

    digits = text.translate(_NUMERALS)
    digits = re.sub(r"廿", "2十", digits)
    digits = re.sub(r"卅", "3十", digits)
    # Only in front of a unit, so that the weekday 星期一 is left to the pattern.
    head, _sep, tail = re.sub(r"(\d?)十(\d?)(?=[月日号])", tens, digits).partition("日")
    weekday = text.partition("日")[2] if _sep else ""
    return f"{head}{_sep}{weekday or tail}"
