"""What all formats are read into: rows of plain values and the areas that are merged."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.utils.translation import gettext_lazy as _

from liaison.core.sheets.text import restore
from liaison.core.sheets.unreadable import UnreadableSheet

CellValue = str | int | float | bool | date | datetime | None

MAX_BYTES = 20 * 1024 * 1024
# Unpacked, an XLSX is five to ten times its size; far more is a bomb.
MAX_UNPACKED_BYTES = 200 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 200
# The lowest row Excel has. Files may claim rows below it, and readers would fill them up.
LAST_ROW = 1_048_576


@dataclass(frozen=True, slots=True)
class Area:
    """A merged area; all four are included and count from 1."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class GridRow:
    """One row that holds something. ``number`` is what the spreadsheet shows at its left.

    Every row of an area merged downwards holds its value. Areas merged sideways hold it in their
    first column, and ``spread`` gives it for the others (column index from 0 to value).
    """

    number: int
    cells: list[CellValue]
    spread: dict[int, CellValue] = field(default_factory=dict)

    def shown(self, column: int) -> CellValue:
        """What a person sees in that column, merged sideways or not."""
        value = self.cells[column] if column < len(self.cells) else None
        return self.spread.get(column) if value is None else value

    @property
    def width(self) -> int:
        """How many columns hold something a person sees."""
        return max([len(self.cells), *(column + 1 for column in self.spread)])


@dataclass(frozen=True, slots=True)
class Grid:
    """A worksheet: its name, its merged areas, and its rows read one by one on demand."""

    name: str
    areas: list[Area]
    values: Callable[[], Iterable[Iterable[object]]]
    encoding: str = ""

    def rows(self) -> Iterator[GridRow]:
        """Rows that are not empty, top down. Raises ``UnreadableSheet`` when there are too many."""
        waiting = sorted(self.areas, key=lambda area: (area.top, area.left), reverse=True)
        open_areas: list[tuple[Area, CellValue]] = []
        count = 0
        for number, raw in enumerate(self.values(), 1):
            if number > LAST_ROW:
                raise too_many_rows()
            cells = [plain(value) for value in raw]
            while cells and cells[-1] is None:
                cells.pop()
            # The value of an area stands in its first cell only.
            open_areas = [pair for pair in open_areas if pair[0].bottom >= number]
            while waiting and waiting[-1].top <= number:
                area = waiting.pop()
                if area.top == number and area.left <= min(len(cells), MAX_COLUMNS):
                    open_areas.append((area, cells[area.left - 1]))
            if not cells:  # an area alone makes no row: people merge far below the last one
                continue
            # Areas do not overlap. A forged file that says they do could keep us busy for hours.
            if sum(min(a.right, MAX_COLUMNS) - a.left + 1 for a, _v in open_areas) > MAX_COLUMNS:
                raise UnreadableSheet("too_big", _("The table has too many merged cells."))
            row = GridRow(number, cells)
            for area, value in open_areas:
                _spread(row, area, value)
            if len(row.cells) > MAX_COLUMNS:
                raise UnreadableSheet(
                    "too_big",
                    _("The table has more than %(count)d columns.") % {"count": MAX_COLUMNS},
                )
            count += 1
            if count > MAX_ROWS:
                raise too_many_rows()
            yield row


def _spread(row: GridRow, area: Area, value: CellValue) -> None:
    if value is None:
        return
    first = area.left - 1
    if row.number > area.top:
        row.cells.extend([None] * (area.left - len(row.cells)))
        if row.cells[first] is None:
            row.cells[first] = value
    for column in range(area.left, min(area.right, MAX_COLUMNS)):
        row.spread[column] = value


def too_many_rows() -> UnreadableSheet:
    """The refusal of a table that is too long to be meant."""
    return UnreadableSheet(
        "too_big", _("The table has more than %(count)d rows.") % {"count": MAX_ROWS}
    )


def plain(value: object) -> CellValue:
    """A cell as the rest of the program knows it: no blanks for nothing, whole numbers whole."""
    if isinstance(value, str):
        return restore(value) or None
    if isinstance(value, datetime):
        return value.date() if value.time() == time() and value.tzinfo is None else value
    if isinstance(value, float):
        if value - value != 0:  # NaN and the infinities, which no cell shows
            return None
        return int(value) if value.is_integer() and abs(value) < 1e18 else value
    if value is None or isinstance(value, bool | int | date):
        return value
    if isinstance(value, time):
        return value.strftime("%H:%M")
    if isinstance(value, timedelta):
        return str(value)
    return restore(str(value)) or None
