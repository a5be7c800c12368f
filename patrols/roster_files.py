"""Rosters as files: the sheet for Excel, the nights for a calendar (RFC 5545)."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from liaison.core.sheets import CellValue, Column
from liaison.core.workdays import CHINA
from patrols.models import Duty
from patrols.roster_grid import Grid, Line


def columns_of(grid: Grid) -> list[Column]:
    """A column for each enterprise, by its key."""
    return [
        Column("night", _("Night of"), 13),
        Column("weekday", _("Weekday"), 10),
        *(Column(f"e{one.pk}", one.name, 18, _("Enterprises on duty")) for one in grid.enterprises),
        Column("people", _("People"), 8),
        Column("note", _("Note"), 24),
    ]


def rows_of(grid: Grid, weekdays: Iterable[str]) -> Iterator[dict[str, CellValue]]:
    """``weekdays`` names each night's."""
    for line, weekday in zip(grid.lines, weekdays, strict=True):
        cells = zip(grid.enterprises, line.cells, strict=True)
        yield {
            "night": line.night_on,
            "weekday": weekday,
            **{f"e{one.pk}": "、".join(cell) if cell else "" for one, cell in cells},
            "people": sum(len(cell) for cell in line.cells if cell),
            "note": _note(line),
        }


def totals_of(grid: Grid) -> dict[str, CellValue]:
    found: dict[str, CellValue] = {f"e{one.enterprise.pk}": one.nights for one in grid.totals}
    found["people"] = sum(len(cell) for line in grid.lines for cell in line.cells if cell)
    return found


def _note(line: Line) -> str:
    said = [line.holiday] if line.holiday else [_("weekend")] if line.special else []
    return _("; ").join([*said, *line.broken])


def calendar_of(duties: Iterable[Duty], name: str) -> bytes:
    """A night each, a whole day on the evening's date. Nobody's phone number is in it, since a
    phone's calendar is often shared."""
    calendar = Calendar()
    calendar.add("prodid", "-//Liaison//Patrols//ZH")
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", CHINA.key)
    for duty in duties:
        calendar.add_component(_event(duty))
    return calendar.to_ical()


def _event(duty: Duty) -> Event:
    night = duty.night
    changed_at = night.roster.published_at or night.roster.made_at
    event = Event()
    event.add("uid", f"patrol-duty-{night.team_id}-{night.night_on}-{duty.enterprise_id}@liaison")
    event.add("dtstamp", changed_at)
    # The night's version counts its changes.
    event.add("sequence", night.version)
    event.add("summary", _("Night patrol: %(enterprise)s") % {"enterprise": duty.enterprise.name})
    names = "、".join(one.guard.name for one in duty.guards.all())
    event.add("description", f"{night.team}\n{names}")
    event.add("dtstart", night.night_on)
    event.add("dtend", night.night_on + timedelta(days=1))
    event.add("class", "PRIVATE")
    event.add("transp", "TRANSPARENT")
    return event
