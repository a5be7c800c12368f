"""Deadlines in the words people use: "Overdue by 6 days", "Today 17:30", "Tomorrow 12:00"."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Said:
    """``tone`` is "over", "soon" or "", ``exact`` the whole date for those who ask."""

    text: str
    tone: str
    exact: str


def moment(due_at: datetime, now: datetime) -> Said:
    """How a deadline stands now, in the current time zone. The midnight that ends a day is that
    day's 24:00: whoever waits until the 29th does not wait until the 30th."""
    zone = timezone.get_current_timezone()
    local_now, local = now.astimezone(zone), due_at.astimezone(zone)
    falls_on = (due_at - INSTANT).astimezone(zone).date()
    clock = "24:00" if local.date() > falls_on else f"{local.hour:02}:{local.minute:02}"
    exact = f"{falls_on} {clock}"
    if due_at < now:
        return Said(_overdue(now - due_at), "over", exact)
    ahead = (falls_on - local_now.date()).days
    if ahead <= 0:
        return Said(_("Today %(time)s") % {"time": clock}, "soon", exact)
    if ahead == 1:
        return Said(_("Tomorrow %(time)s") % {"time": clock}, "soon", exact)
    return Said(_calendar(falls_on, local_now.date()), "", exact)


def day(due: date, today: date) -> Said:
    """How a date stands today; the day itself is still in time."""
    exact = due.isoformat()
    if due < today:
        return Said(_days((today - due).days), "over", exact)
    if due == today:
        return Said(_("Today"), "soon", exact)
    if due == today + DAY:
        return Said(_("Tomorrow"), "soon", exact)
    return Said(_calendar(due, today), "", exact)


def start_of(day: date) -> datetime:
    """The midnight in China with which a day begins."""
    return timezone.make_aware(datetime.combine(day, time.min))


def burnt(start: datetime, due_at: datetime, now: datetime) -> int:
    """How much of the time given has gone, in percent from 0 to 100."""
    if due_at <= start:
        return 100
    return max(0, min(100, round(100 * ((now - start) / (due_at - start)))))


def _overdue(late: timedelta) -> str:
    if late >= DAY:
        return _days(late.days)
    if late >= HOUR:
        hours = int(late / HOUR)
        return ngettext("Overdue by %(n)d hour", "Overdue by %(n)d hours", hours) % {"n": hours}
    # Less than a minute is still late, and "0 minutes" would sound as if it were not.
    minutes = max(1, int(late.total_seconds() // 60))
    return ngettext("Overdue by %(n)d minute", "Overdue by %(n)d minutes", minutes) % {"n": minutes}


def _days(days: int) -> str:
    return _late_days(days, get_language())


@lru_cache(maxsize=1024)
def _late_days(days: int, language: str | None) -> str:
    return ngettext("Overdue by %(n)d day", "Overdue by %(n)d days", days) % {"n": days}


def _calendar(due: date, today: date) -> str:
    """Without the year while it is this year's."""
    format_name = "MONTH_DAY_FORMAT" if due.year == today.year else "DATE_FORMAT"
    return _formatted(due, format_name, get_language())


@lru_cache(maxsize=1024)
def _formatted(due: date, format_name: str, language: str | None) -> str:
    """Django's way takes longer than everything else that is said of a deadline together."""
    return date_format(due, format_name)
