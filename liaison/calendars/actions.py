"""Verbs on the calendar."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liaison.accounts.access import SYSTEM_ADMINISTRATORS
from liaison.accounts.models import Unit, User
from liaison.audit.record import record
from liaison.calendars.models import CalendarDay, CalendarImport, WorkingHours
from liaison.calendars.signals import calendar_imported, days_changed
from liaison.core.refused import Refused
from liaison.core.workdays import CalendarRow, Windows, WorkCalendar

# Free in every year by law on these days, so a plan that leaves one out is not whole.
ALWAYS_FREE = ((1, 1), (5, 1), (10, 1))
_WINDOW = re.compile(r"(\d{1,2})[:：](\d{2})\s*[-–—~～至到]\s*(\d{1,2})[:：](\d{2})")


@dataclass(frozen=True)
class Imported:
    """What a file did. ``incomplete`` are years it touched that still lack a day free by law;
    ``moved`` counts the deadlines that are others now."""

    added: int
    changed: int
    unchanged: int
    years: tuple[int, ...]
    incomplete: tuple[int, ...]
    moved: int = 0


def import_calendar(
    rows: Iterable[CalendarRow], *, by: User | None, filename: str = ""
) -> Imported:
    """Take rows into the calendar by their date, then set the deadlines anew that hung on them.

    The rows are in as a whole or not at all. Deadlines follow in transactions of their own, since
    there may be many; what is cut off is finished by the next import or by the sweep. ``by`` is
    None for the command line.
    """
    if by is not None:
        _must_administer(by)
    imported = _store(list(rows), by=by, filename=filename)
    told: list[tuple[Any, Any]] = calendar_imported.send(CalendarDay, by=by)
    return replace(imported, moved=sum(moved for _receiver, moved in told))


@transaction.atomic
def _store(rows: list[CalendarRow], *, by: User | None, filename: str) -> Imported:
    before = {
        day.on: (day.kind, day.name)
        for day in CalendarDay.objects.filter(on__in=[row.on for row in rows])
    }
    added = [row for row in rows if row.on not in before]
    changed = [row for row in rows if row.on in before and before[row.on] != (row.kind, row.name)]
    # Somebody else may have added one of them since: by the date, whoever was first.
    CalendarDay.objects.bulk_create(
        [CalendarDay(on=row.on, kind=row.kind, name=row.name) for row in (*added, *changed)],
        update_conflicts=True,
        unique_fields=["on"],
        update_fields=["kind", "name"],
    )
    years = tuple(sorted({row.on.year for row in rows}))
    made = CalendarImport.objects.create(
        by=by,
        filename=filename[:200],
        added=len(added),
        changed=len(changed),
        unchanged=len(rows) - len(added) - len(changed),
    )
    others = [row.on for row in changed if before[row.on][0] != row.kind]
    if dates := sorted([*(row.on for row in added), *others]):
        days_changed.send(CalendarDay, first=dates[0], last=dates[-1])
    record(
        "calendar.imported",
        made,
        by=by,
        unit=by.unit if by else None,
        changes={"added": made.added, "changed": made.changed, "years": list(years)},
    )
    return Imported(made.added, made.changed, made.unchanged, years, _incomplete(years))


def _incomplete(years: tuple[int, ...]) -> tuple[int, ...]:
    wanted = {date(year, *day) for year in years for day in ALWAYS_FREE}
    there = set(CalendarDay.objects.filter(on__in=wanted).values_list("on", flat=True))
    return tuple(sorted({on.year for on in wanted - there}))


@transaction.atomic
def set_working_hours(unit: Unit, text: str, *, by: User) -> Windows:
    """When the unit works: ``08:30-12:00, 13:30-17:30``, or ``20:00-04:00`` across midnight.

    Empty: as the unit above it. Deadlines that stand are not moved by it.
    """
    _must_administer(by)
    if not Unit.objects.visible_to(by).filter(pk=unit.pk).exists():
        raise Refused("not_yours", _("This unit is not yours."), field="windows")
    windows = _read_windows(text)
    WorkingHours.objects.filter(unit=unit).delete()
    WorkingHours.objects.bulk_create(
        [
            WorkingHours(unit=unit, position=place, start=start, end=end)
            for place, (start, end) in enumerate(windows)
        ]
    )
    record("unit.hours_set", unit, by=by, unit=unit, changes={"hours": written(windows)})
    return windows


def written(windows: Windows) -> str:
    """Windows as people write them."""
    return ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in windows)


def _read_windows(text: str) -> Windows:
    windows = []
    for part in filter(None, (one.strip() for one in re.split(r"[,，、;；\n]", text))):
        found = _WINDOW.fullmatch(part)
        try:
            if found is None:
                raise ValueError(_("Write hours as 08:30-12:00, 13:30-17:30."))
            hours = [int(one) for one in found.groups()]
            # 24:00 is how the end of the day is written.
            windows.append((time(hours[0], hours[1]), time(hours[2] % 24, hours[3])))
        except ValueError as error:
            raise Refused(
                "invalid",
                _("“%(part)s” is no time of work. %(hint)s")
                % {"part": part[:40], "hint": _("Write hours as 08:30-12:00, 13:30-17:30.")},
                field="windows",
            ) from error
    if windows:
        try:
            WorkCalendar(windows=tuple(windows))
        except ValueError as error:
            raise Refused("invalid", str(error), field="windows") from error
    return tuple(windows)


def _must_administer(by: User) -> None:
    if not SYSTEM_ADMINISTRATORS.admits(by):
        raise Refused("not_yours", _("Only the unit's system administrator may do this."))
