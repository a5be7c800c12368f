"""Months of rosters, pure. Which night a moment belongs to is said by ``patrols/nights.py``."""

import calendar
from datetime import date, timedelta

ONE = timedelta(days=1)


def month_of(day: date) -> date:
    """Its first day, by which a roster's month is named."""
    return day.replace(day=1)


def last_of(month: date) -> date:
    return month.replace(day=calendar.monthrange(month.year, month.month)[1])


def nights_of(month: date) -> list[date]:
    return [month.replace(day=n) for n in range(1, last_of(month).day + 1)]


def next_month(month: date) -> date:
    return last_of(month) + ONE


def month_before(month: date) -> date:
    return month_of(month - ONE)


def read_month(text: str) -> date | None:
    """``2026-03`` or a day of it; None for anything else."""
    try:
        return month_of(date.fromisoformat(text if len(text) > 7 else f"{text}-01"))
    except ValueError:
        return None
