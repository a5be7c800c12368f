"""Read a table that somebody sends: any of three formats, titles, merged and doubled headings."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import BinaryIO

from django.utils.translation import gettext_lazy as _

from liaison.core.sheets.formats import open_grids
from liaison.core.sheets.grid import MAX_BYTES, CellValue, Grid, GridRow
from liaison.core.sheets.headings import (
    SEARCHED_ROWS,
    Aliases,
    Headings,
    find_headings,
    heading_key,
    is_index,
)
from liaison.core.sheets.unreadable import UnreadableSheet

_TOTAL = re.compile(r"(?:合计|总计|小计|共计|总合计|本页合计|累计|total|subtotal|grandtotal)\d*\D?")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of data. ``number`` is the row's number in the spreadsheet, to point people there.

    ``values`` has every field that the table has a column for, None where the cell is empty;
    ``extra`` the filled cells of the other columns by heading.
    """

    number: int
    values: dict[str, CellValue]
    extra: dict[str, CellValue]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as read. ``columns`` goes from field to the heading as written in the file.

    ``doubled_headings`` name columns left out since an earlier one holds the same field (heading
    to field); their cells are in ``extra``. ``layout`` goes from field, or heading of another
    column, to the heading as written, in the file's order: the table as it came, less what only
    numbers its rows. ``encoding`` is that of a CSV, else empty.
    """

    rows: list[Row]
    columns: dict[str, str]
    unknown_headings: list[str] = field(default_factory=list)
    doubled_headings: dict[str, str] = field(default_factory=dict)
    title: str = ""
    name: str = ""
    encoding: str = ""
    layout: dict[str, str] = field(default_factory=dict)


def read_sheet(
    file: BinaryIO | bytes, filename: str = "", *, aliases: Aliases | None = None
) -> Sheet:
    """Read the first worksheet that has a heading row with a heading from ``aliases``.

    ``aliases`` gives the headings in use for each field, such as ``{"name": ["企业名称"]}``; for a
    column below an upper heading write ``法定代表人/电话``. Blanks, width, case, asterisks and what
    stands in brackets do not matter. Values are text, numbers, booleans or dates as the file has
    them; formulas give their stored result and are never computed. Total rows, repeated
    headings and notes merged across the table are left out. ``filename`` is only a hint: the
    content decides what the file is. Raises ``UnreadableSheet``.
    """
    content = file if isinstance(file, bytes) else file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise UnreadableSheet(
            "too_big",
            _("The file is bigger than %(size)d MB.") % {"size": MAX_BYTES // 1024 // 1024},
        )
    if not content.strip():
        raise _empty()
    filled = False
    for grid in open_grids(content):
        rows = grid.rows()
        top = list(islice(rows, SEARCHED_ROWS))
        filled = filled or bool(top)
        if headings := find_headings(top, aliases or {}):
            return _sheet(grid, headings, top, chain(top, rows))
    if not filled:
        raise _empty()
    expected = "、".join(str(names[0]) for names in (aliases or {}).values() if names)
    raise UnreadableSheet(
        "no_headings",
        _("No row with headings was found. Expected are headings such as: %(headings)s.")
        % {"headings": expected[:120]},
    )


def _empty() -> UnreadableSheet:
    return UnreadableSheet("empty", _("The file is empty."))


def _sheet(grid: Grid, headings: Headings, top: list[GridRow], rows: Iterable[GridRow]) -> Sheet:
    last = headings.rows[-1].number
    others = _other_columns(headings)
    found: list[Row] = []
    for grid_row in rows:
        if grid_row.number <= last or _is_noise(grid_row, headings):
            continue
        row = _row(grid_row, headings, others)
        if row.extra or any(value is not None for value in row.values.values()):
            found.append(row)
    title = next(
        (
            value
            for grid_row in top
            if grid_row.number < headings.rows[0].number
            for value in grid_row.cells
            if isinstance(value, str)
        ),
        "",
    )
    return Sheet(
        rows=found,
        columns={name: headings.names[column] for column, name in headings.fields.items()},
        unknown_headings=[
            name for column, name in others.items() if column not in headings.doubled
        ],
        doubled_headings={
            others[column]: name for column, name in headings.doubled.items() if column in others
        },
        title=title,
        name=grid.name,
        encoding=grid.encoding,
        layout={
            headings.fields.get(column, others.get(column, "")): name
            for column, name in sorted(headings.names.items())
            if column in headings.fields or column in others
        },
    )


def _other_columns(headings: Headings) -> dict[int, str]:
    """Columns without a field of their own, by a heading made unique: 备注, 备注 (2)."""
    names: dict[int, str] = {}
    seen: dict[str, int] = {}
    for column, name in headings.names.items():
        if column in headings.fields or is_index(name):
            continue
        seen[name] = seen.get(name, 0) + 1
        names[column] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return names


def _row(grid_row: GridRow, headings: Headings, others: dict[int, str]) -> Row:
    def cell(column: int) -> CellValue:
        return grid_row.cells[column] if column < len(grid_row.cells) else None

    return Row(
        grid_row.number,
        {name: cell(column) for column, name in headings.fields.items()},
        {name: value for column, name in others.items() if (value := cell(column)) is not None},
    )


def _is_noise(row: GridRow, headings: Headings) -> bool:
    """Whether a row below the headings is none of the data: a total, a note, the headings again."""
    filled = [value for value in row.cells if value is not None]
    texts = [heading_key(value) for value in filled[:2] if isinstance(value, str)]
    if any(_TOTAL.fullmatch(text) for text in texts):
        return True
    if len(filled) == 1 and len(row.spread) + 1 >= max(2, len(headings.names) // 2):
        return True
    again = sum(
        isinstance(value := row.cells[column] if column < len(row.cells) else None, str)
        and heading_key(value) == heading_key(name)
        for column, name in headings.names.items()
    )
    return again >= 2 or (again == 1 and len(headings.names) == 1)
