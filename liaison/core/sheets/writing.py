"""Write tables for Excel and WPS: ledgers on A4, and plain CSV.

Text that a spreadsheet would compute gets an apostrophe in front (``=``, ``+``, ``-``, ``@``, tab
and line ends, full-width ones too): what an enterprise typed into a form must not run on the
computer of the officer who exports it. ``read_sheet`` takes the apostrophe off again.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.cell_range import CellRange

from liaison.core.sheets.text import neutralise

Label = str | Promise
# A row gives its values by field name or in the order of the columns.
Values = Mapping[str, object] | Sequence[object]

_A4 = 9  # the number of the paper size in the file format
_LINE = Side(style="thin", color="FF999999")
_BOX = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
_SHADE = PatternFill("solid", fgColor="FFEFEFEF")
_CENTRE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_PLAIN = Alignment(vertical="center", wrap_text=True)
# What Excel takes in one cell.
_CELL_MAX = 32_767


@dataclass(frozen=True, slots=True)
class Column:
    """A column: the field it takes from a row, its heading, its width in characters.

    Neighbours with the same ``group`` stand below one merged upper heading.
    """

    field: str
    heading: Label
    width: float = 16
    group: Label = ""


def write_csv(columns: Sequence[Column], rows: Iterable[Values]) -> Iterator[bytes]:
    """The table as CSV, piece by piece, so that a long one can be streamed.

    UTF-8 with byte order mark, without which Excel takes Chinese for something else. A grouped
    heading is written ``group/heading``.
    """
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def taken() -> bytes:
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text.encode("utf-8", "replace")

    yield b"\xef\xbb\xbf"
    writer.writerow(
        [
            neutralise(f"{column.group}/{column.heading}" if column.group else str(column.heading))
            for column in columns
        ]
    )
    yield taken()
    for row in rows:
        writer.writerow([_as_text(value) for value in _values(columns, row)])
        yield taken()


def write_xlsx(
    columns: Sequence[Column],
    rows: Iterable[Values],
    title: Label,
    file: BinaryIO,
    *,
    totals: Mapping[str, object] | None = None,
    numbered: bool = True,
) -> None:
    """Write the table to ``file`` as a ledger: title, 序号, headings of one or two levels, 合计.

    A4 landscape, as wide as the page, headings repeated on every printed page. Dates are real
    dates shown as 2026-03-05, numbers are numbers, instants the clock on the wall. ``totals``
    gives the last row by field. Rows are streamed, memory does not grow with them.
    """
    book = Workbook(write_only=True)
    sheet: Any = book.create_sheet(_sheet_name(str(title)))
    laid_out = [Column("", _("No."), 6), *columns] if numbered else list(columns)
    levels = 2 if any(str(column.group) for column in laid_out) else 1
    _set_up_page(sheet, laid_out, levels)
    for area in _merged(laid_out, levels):
        sheet.merged_cells.ranges.add(CellRange(area))

    heading = _cell(sheet, str(title), alignment=_CENTRE)
    heading.font = Font(bold=True, size=16)
    sheet.append([heading])
    for level in range(levels):
        sheet.append([_heading(sheet, column, level, levels) for column in laid_out])
    body = _Body(sheet)
    for number, row in enumerate(rows, 1):
        values = _values(columns, row)
        sheet.append(body.cells([number, *values] if numbered else values))
    if totals is not None:
        values = [totals.get(column.field) for column in laid_out]
        values[0] = _("Total")
        sheet.append([_cell(sheet, value, bold=True) for value in values])
    book.save(file)


def _set_up_page(sheet: Any, columns: Sequence[Column], levels: int) -> None:
    """Everything that stands before the rows in the file must be set before the first row."""
    for position, column in enumerate(columns, 1):
        sheet.column_dimensions[get_column_letter(position)].width = column.width
    sheet.freeze_panes = f"A{levels + 2}"
    sheet.print_title_rows = f"1:{levels + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.oddFooter.center.text = "&P / &N"


def _merged(columns: Sequence[Column], levels: int) -> Iterator[str]:
    last = get_column_letter(len(columns))
    if len(columns) > 1:
        yield f"A1:{last}1"
    if levels == 1:
        return
    position = 1
    while position <= len(columns):
        group = str(columns[position - 1].group)
        end = position
        while group and end < len(columns) and str(columns[end].group) == group:
            end += 1
        letter = get_column_letter(position)
        if not group:
            yield f"{letter}2:{letter}3"
        elif end > position:
            yield f"{letter}2:{get_column_letter(end)}2"
        position = end + 1


def _heading(sheet: Any, column: Column, level: int, levels: int) -> Any:
    upper = levels == 2 and level == 0
    text = str(column.group if upper and column.group else column.heading)
    cell = _cell(sheet, text, bold=True, alignment=_CENTRE)
    cell.fill = _SHADE
    return cell


def _cell(sheet: Any, value: object, *, bold: bool = False, alignment: Alignment = _PLAIN) -> Cell:
    cell: Cell = WriteOnlyCell(sheet, _as_cell(value))
    if number_format := _number_format(value):
        cell.number_format = number_format
    cell.alignment = alignment
    cell.border = _BOX
    if bold:
        cell.font = Font(bold=True)
    return cell


def _number_format(value: object) -> str:
    if isinstance(value, datetime):
        return "yyyy-mm-dd hh:mm"
    return "yyyy-mm-dd" if isinstance(value, date) else ""


class _Body:
    """Cells for the rows of data, used again in every row.

    A row is written when it is appended, and giving a cell its style costs more than the rest of
    the work together.
    """

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet
        self.made: dict[tuple[int, str], Cell] = {}

    def cells(self, values: Iterable[object]) -> list[Cell]:
        row = []
        for column, value in enumerate(values):
            key = column, _number_format(value)
            if key in self.made:
                self.made[key].value = _as_cell(value)
            else:
                self.made[key] = _cell(self.sheet, value)
            row.append(self.made[key])
        return row


def _values(columns: Sequence[Column], row: Values) -> list[object]:
    if isinstance(row, Mapping):
        return [row.get(column.field) for column in columns]
    return list(row)


def _as_cell(value: object) -> Any:
    """The value as Excel keeps it."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if value is None or isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return timezone.localtime(value).replace(tzinfo=None) if value.tzinfo else value
    if isinstance(value, date):
        return value
    return neutralise(ILLEGAL_CHARACTERS_RE.sub("", str(value)))[:_CELL_MAX]


def _as_text(value: object) -> str:
    """The value as CSV shows it."""
    found = _as_cell(value)
    if found is None:
        return ""
    if isinstance(found, datetime):
        return f"{found:%Y-%m-%d %H:%M}"
    return found.isoformat() if isinstance(found, date) else str(found)


def _sheet_name(title: str) -> str:
    """What Excel takes as the name of a worksheet: 31 characters, some of them barred."""
    name = "".join(c for c in title if c not in r"[]:*?/\ " and c.isprintable()).strip("'")
    return name[:31] or "Sheet"
