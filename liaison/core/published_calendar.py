"""What the State Council has published of the work calendar, as it is shipped."""

import csv
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from liaison.core.workdays import CalendarRow, DayKind

SHIPPED_CALENDAR = Path(__file__).parent / "calendars" / "cn_2025_2026.csv"


def load_calendar_csv(path: Path = SHIPPED_CALENDAR) -> tuple[CalendarRow, ...]:
    """Read a calendar file with the columns ``date`` (ISO), ``kind`` and ``name``.

    Kinds are ``public_holiday`` or ``holiday``, ``makeup_workday`` or ``makeup``, ``normal``.
    The shipped file holds what the State Council published for 2025 and 2026. Raises
    ``ValueError`` that names the line when a row cannot be read.
    """
    kinds = {
        "public_holiday": DayKind.HOLIDAY,
        "makeup_workday": DayKind.MAKEUP,
        **{kind.value: kind for kind in DayKind},
    }
    rows: list[CalendarRow] = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), 2):
            try:
                on, kind = date.fromisoformat(row["date"]), kinds[row["kind"]]
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(
                    _("Line %(line)d of the calendar cannot be read.") % {"line": line}
                ) from error
            rows.append(CalendarRow(on, kind, row.get("name") or ""))
    return tuple(rows)
