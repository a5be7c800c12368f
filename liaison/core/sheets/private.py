"""A table written in memory alone.

openpyxl puts every worksheet into a temporary file first, where what must not lie in clear would
lie in clear. This writes the few parts that a workbook needs, every cell as text or number.
"""

import io
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from xml.sax.saxutils import escape

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.utils import get_column_letter

from liaison.core.sheets.text import neutralise

_SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels"'
        ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        "</Types>"
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_SHEET}" xmlns:r="{_OFFICE}"><sheets>'
        '<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    # 0 is text (@), so that Excel leaves long numbers alone when they are mended; 1 is bold.
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_SHEET}"><fonts count="2"><font><sz val="11"/></font>'
        '<font><b/><sz val="11"/></font></fonts><fills count="2"><fill><patternFill'
        ' patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        "<borders><border/></borders><cellStyleXfs><xf/></cellStyleXfs><cellXfs>"
        '<xf numFmtId="49" applyNumberFormat="1"/>'
        '<xf numFmtId="49" fontId="1" applyNumberFormat="1" applyFont="1"/>'
        '</cellXfs><cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
        "</styleSheet>"
    ),
}


def private_xlsx(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, width: float = 20
) -> bytes:
    """The table as XLSX. What a spreadsheet would compute is neutralised; dates are text, as
    2026-03-05, and so are numbers longer than a spreadsheet keeps."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _PARTS.items():
            archive.writestr(name, _HEAD + content)
        archive.writestr("xl/worksheets/sheet1.xml", "".join(_worksheet(headings, rows, width)))
    return out.getvalue()


def _worksheet(
    headings: Sequence[str], rows: Iterable[Sequence[object]], width: float
) -> Iterator[str]:
    yield f'{_HEAD}<worksheet xmlns="{_SHEET}"><sheetViews><sheetView workbookViewId="0">'
    yield '<pane ySplit="1" topLeftCell="A2" state="frozen"/></sheetView></sheetViews>'
    # Style 0 for the columns: what is typed below the last row is text as well.
    yield f'<cols><col min="1" max="{max(1, len(headings))}" width="{width}" style="0"'
    yield ' customWidth="1"/></cols><sheetData>'
    yield _row(1, headings, 1)
    for number, row in enumerate(rows, 2):
        yield _row(number, row, 0)
    yield "</sheetData></worksheet>"


def _row(number: int, values: Sequence[object], style: int) -> str:
    cells = (
        _cell(f"{get_column_letter(column)}{number}", value, style)
        for column, value in enumerate(values, 1)
        if value not in (None, "")
    )
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(place: str, value: object, style: int) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e11:
        return f'<c r="{place}"><v>{value!r}</v></c>'
    if isinstance(value, date):
        value = value.isoformat()
    text = escape(neutralise(ILLEGAL_CHARACTERS_RE.sub("", str(value))))
    said = f'<is><t xml:space="preserve">{text}</t></is>'
    return f'<c r="{place}" s="{style}" t="inlineStr">{said}</c>'
