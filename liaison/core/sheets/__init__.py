"""Reading and writing tables as people keep them: XLSX, XLS and CSV."""

from liaison.core.sheets.grid import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, CellValue
from liaison.core.sheets.private import private_xlsx
from liaison.core.sheets.reading import Row, Sheet, read_sheet
from liaison.core.sheets.text import normalise_text, parse_yes_no
from liaison.core.sheets.unreadable import UnreadableSheet
from liaison.core.sheets.writing import Column, write_csv, write_xlsx

__all__ = [
    "MAX_BYTES",
    "MAX_COLUMNS",
    "MAX_ROWS",
    "CellValue",
    "Column",
    "Row",
    "Sheet",
    "UnreadableSheet",
    "normalise_text",
    "parse_yes_no",
    "private_xlsx",
    "read_sheet",
    "write_csv",
    "write_xlsx",
]
