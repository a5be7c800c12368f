"""A plan for 2027 as it could be published; made up."""

from datetime import date, timedelta

from liaison.calendars.models import CalendarDay
from liaison.core.workdays import CalendarRow, DayKind


def days(first, number, name, kind=DayKind.HOLIDAY):
    return [CalendarRow(first + timedelta(n), kind, name) for n in range(number)]


PLAN_2027 = [
    *days(date(2027, 1, 1), 3, "New Year's Day"),
    *days(date(2027, 2, 5), 7, "Spring Festival"),
    *days(date(2027, 5, 1), 3, "Labour Day"),
    *days(date(2027, 10, 1), 7, "National Day"),
    # A Sunday that is worked.
    *days(date(2027, 2, 14), 1, "Spring Festival", DayKind.MAKEUP),
]
WORDS = {DayKind.HOLIDAY: "节假日", DayKind.MAKEUP: "调休上班", DayKind.NORMAL: "正常"}
CHINESE = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Labour Day": "劳动节",
    "National Day": "国庆节",
}


def as_csv(rows):
    lines = [f"{row.on},{WORDS[row.kind]},{CHINESE[row.name]}" for row in rows]
    return "\n".join(["日期,类型,名称", *lines]).encode()


def known_years():
    return sorted({on.year for on in CalendarDay.objects.values_list("on", flat=True)})
