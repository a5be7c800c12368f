"""The three file formats, told apart by their content: people rename files."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any

import openpyxl
import xlrd
from django.utils.translation import gettext_lazy as _
from openpyxl.utils.cell import range_boundaries

from liaison.core.sheets.grid import MAX_UNPACKED_BYTES, Area, Grid
from liaison.core.sheets.unreadable import UnreadableSheet

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# In text the angle bracket is written as an entity, so this finds nothing but the elements.
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)[\"']")
# More merged areas than this are not a table any more, and each costs time.
_MAX_AREAS = 50_000


def open_grids(content: bytes) -> list[Grid]:
    """The worksheets of a file, visible ones first. Raises ``UnreadableSheet``."""
    if content.startswith(_ZIP):
        return _xlsx_grids(content)
    if content.startswith(_COMPOUND):
        return _xls_grids(content)
    return [_csv_grid(content)]


def damaged() -> UnreadableSheet:
    """The refusal of a file that breaks off or contradicts itself."""
    return UnreadableSheet(
        "damaged", _("The file is damaged. Open it in a spreadsheet and save it again.")
    )


def _encrypted() -> UnreadableSheet:
    return UnreadableSheet(
        "encrypted", _("The file is protected by a password. Save a copy without one.")
    )


def _wrong_type() -> UnreadableSheet:
    return UnreadableSheet(
        "wrong_type", _("This is not a table: save it as XLSX, XLS or CSV and try again.")
    )


def _xlsx_grids(content: bytes) -> list[Grid]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise damaged() from error
    # Reading stops at the size that a member claims, so that the claims can be trusted.
    if sum(member.file_size for member in members) > MAX_UNPACKED_BYTES or len(members) > 5000:
        raise UnreadableSheet("too_big", _("Unpacked, the file is far too big for a table."))
    if any(member.flag_bits & 1 for member in members):
        raise _encrypted()
    if not any(member.filename.startswith("xl/") for member in members):
        raise _wrong_type()
    try:
        book = openpyxl.load_workbook(
            io.BytesIO(content), read_only=True, data_only=True, keep_links=False
        )
        sheets = sorted(book.worksheets, key=lambda sheet: sheet.sheet_state != "visible")
        return [
            Grid(sheet.title, _xlsx_areas(content, sheet), _XlsxValues(sheet)) for sheet in sheets
        ]
    except UnreadableSheet:
        raise
    except Exception as error:  # openpyxl raises whatever it stumbles over
        raise damaged() from error


def _xlsx_areas(content: bytes, sheet: Any) -> list[Area]:
    """The merged areas, which the row by row reading of openpyxl leaves out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read(sheet._worksheet_path)
    areas: list[Area] = []
    for found in _MERGE.finditer(part):
        left, top, right, bottom = range_boundaries(found[1].decode())
        if left and top and right and bottom:
            areas.append(Area(top, left, bottom, right))
        if len(areas) > _MAX_AREAS:
            raise UnreadableSheet("too_big", _("The table has too many merged cells."))
    return areas


class _XlsxValues:
    """The rows of one worksheet; called again it starts again."""

    def __init__(self, sheet: Any) -> None:
        self.sheet = sheet

    def __call__(self) -> Iterator[Iterable[object]]:
        # Some programs claim a wrong size, and openpyxl would believe them.
        self.sheet.reset_dimensions()
        try:
            for row in self.sheet.iter_rows():
                yield [None if cell.data_type == "e" else cell.value for cell in row]
        except Exception as error:  # openpyxl raises whatever it stumbles over
            raise damaged() from error


def _xls_grids(content: bytes) -> list[Grid]:
    # A password turns an XLSX into a compound file with this stream; an old XLS says so itself.
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise _encrypted()
    try:
        book = xlrd.open_workbook(
            file_contents=content, formatting_info=True, logfile=io.StringIO()
        )
        sheets = sorted(book.sheets(), key=lambda sheet: sheet.visibility != 0)
    except xlrd.XLRDError as error:
        if "encrypt" in str(error).lower():
            raise _encrypted() from error
        raise _wrong_type() from error
    except Exception as error:  # xlrd raises whatever it stumbles over
        raise damaged() from error
    return [Grid(sheet.name, _xls_areas(sheet), _XlsValues(book, sheet)) for sheet in sheets]


def _xls_areas(sheet: Any) -> list[Area]:
    return [
        Area(top + 1, left + 1, bottom, right)
        for top, bottom, left, right in sheet.merged_cells[:_MAX_AREAS]
    ]


class _XlsValues:
    """The rows of one old worksheet."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self.book, self.sheet = book, sheet

    def __call__(self) -> Iterator[Iterable[object]]:
        for index in range(self.sheet.nrows):
            yield [self._value(cell) for cell in self.sheet.row(index)]

    def _value(self, cell: Any) -> object:
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return None
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return bool(cell.value)
        if cell.ctype == xlrd.XL_CELL_DATE:
            try:
                return xlrd.xldate.xldate_as_datetime(cell.value, self.book.datemode)
            except (ValueError, OverflowError):
                return cell.value
        return cell.value


def _csv_grid(content: bytes) -> Grid:
    text, encoding = _decode(content)
    if re.match(r"\s*(?:<!doctype|<html|<\?xml|<table|\{\\rtf|%pdf)", text, re.IGNORECASE):
        raise _wrong_type()
    text, delimiter = _delimiter(text)

    def values() -> Iterator[list[str]]:
        try:
            yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        except csv.Error as error:
            raise damaged() from error

    return Grid("", [], values, encoding)


def _decode(content: bytes) -> tuple[str, str]:
    """Text and the name of its encoding.

    Valid UTF-8 is UTF-8: Chinese text in GB18030 practically never is valid UTF-8 by chance, so
    that nothing needs to be guessed.
    """
    candidates = ["utf-8-sig", "gb18030"]
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    elif b"\0" in content:
        raise _wrong_type()
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "utf-8-sig" and not content.startswith(b"\xef\xbb\xbf"):
            encoding = "utf-8"
        return text, encoding
    raise UnreadableSheet(
        "encoding", _("The text of the file cannot be read: save it as CSV UTF-8 or as XLSX.")
    )


def _delimiter(text: str) -> tuple[str, str]:
    """Comma, semicolon or tab: the one that cuts most of the first rows into equal widths.

    A first line ``sep=;`` is obeyed and not counted, as in Excel.
    """
    if found := re.match(r"sep=([,;\t])\r?\n", text, re.IGNORECASE):
        return text[found.end() :], found[1]
    best, best_score = ",", (0, 0)
    for delimiter in (",", ";", "\t"):
        widths: dict[int, int] = {}
        try:
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            for _number, row in zip(range(50), reader, strict=False):
                if len(row) > 1:
                    widths[len(row)] = widths.get(len(row), 0) + 1
        except csv.Error:
            continue
        score = max(((count, width) for width, count in widths.items()), default=(0, 0))
        if score > best_score:
            best, best_score = delimiter, score
    return text, best
