"""The calendar as it stands in the database.

Read anew each time, a few dozen short rows in one query: several processes serve people, and a
copy kept by one of them would be a silent guess after another has imported a year.
"""

from collections import defaultdict
from datetime import time

from liaison.accounts.models import Unit
from liaison.calendars.models import CalendarDay, WorkingHours
from liaison.core.workdays import OFFICE_HOURS, CalendarRow, DayKind, Windows, WorkCalendar


def work_calendar(unit: Unit | None = None) -> WorkCalendar:
    """Weekends, public holidays and make-up workdays; with ``unit`` also its hours, in one more
    query. Counting days needs no hours."""
    rows = CalendarDay.objects.values_list("on", "kind", "name")
    return WorkCalendar.from_rows(
        [CalendarRow(on, DayKind(kind), name) for on, kind, name in rows],
        windows=hours_of(unit) if unit else OFFICE_HOURS,
    )


def hours_of(unit: Unit) -> Windows:
    """The hours of the unit, else of the nearest above it that has some, else office hours."""
    upwards = [int(pk) for pk in reversed(unit.path.strip("/").split("/"))]
    found: dict[int, list[tuple[time, time]]] = defaultdict(list)
    for window in WorkingHours.objects.filter(unit__in=upwards).order_by("position"):
        found[window.unit_id].append((window.start, window.end))
    return next((tuple(found[pk]) for pk in upwards if pk in found), OFFICE_HOURS)
