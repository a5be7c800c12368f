import csv
import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from liaison.core.sheets import Column, read_sheet, write_csv, write_xlsx

COLUMNS = [
    Column("name", "企业名称", width=30),
    Column("legal", "姓名", group="法定代表人"),
    Column("phone", "电话", group="法定代表人"),
    Column("on", "日期"),
    Column("count", "人数"),
]
ALIASES = {
    "name": ["企业名称"],
    "legal": ["法定代表人/姓名"],
    "phone": ["法定代表人/电话"],
    "on": ["日期"],
    "count": ["人数"],
}
ROW = {
    "name": "=HYPERLINK(1)",
    "legal": "张三",
    "phone": "+86 138",
    "on": date(2026, 3, 5),
    "count": -5,
}
texts = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs"]), max_size=20).map(str.strip)


def as_csv(rows, columns=COLUMNS):
    return b"".join(write_csv(columns, rows))


def loaded(content):
    return load_workbook(io.BytesIO(content)).worksheets[0]


def as_xlsx(rows, columns=COLUMNS, **options):
    file = io.BytesIO()
    write_xlsx(columns, rows, "企业台账", file, **options)
    return file.getvalue()


class TestCsv:
    def test_excel_sees_chinese(self):
        assert as_csv([]).startswith("\ufeff企业名称,法定代表人/姓名".encode())

    def test_cells(self):
        lines = list(csv.reader(io.StringIO(as_csv([ROW]).decode("utf-8-sig"))))
        assert lines[1] == ["'=HYPERLINK(1)", "张三", "'+86 138", "2026-03-05", "-5"]

    def test_it_is_streamed(self):
        def endless():
            while True:
                yield ROW

        pieces = write_csv(COLUMNS, endless())
        assert sum(len(next(pieces)) for _piece in range(10)) > 100

    def test_instants_by_the_clock_on_the_wall(self):
        text = as_csv([[datetime(2026, 3, 5, 17, tzinfo=UTC)]], [Column("at", "时间")]).decode()
        assert "2026-03-06 01:00" in text


class TestXlsx:
    @pytest.fixture
    def sheet(self):
        return loaded(as_xlsx([ROW, ROW], totals={"count": -10}))

    def test_layout(self, sheet):
        assert sheet["A1"].value == "企业台账"
        assert {str(area) for area in sheet.merged_cells.ranges} == {
            "A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:E3", "F2:F3",
        }  # fmt: skip
        assert [cell.value for cell in sheet[3]][2:4] == ["姓名", "电话"]
        assert [row[0].value for row in sheet.iter_rows(min_row=4, max_row=5)] == [1, 2]
        assert sheet["F6"].value == -10
        assert sheet.column_dimensions["B"].width == 30

    def test_print(self, sheet):
        assert sheet.page_setup.orientation == "landscape"
        assert int(sheet.page_setup.paperSize) == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_title_rows == "$1:$3"
        assert sheet.freeze_panes == "A4"

    def test_cells(self, sheet):
        assert sheet["B4"].value == "'=HYPERLINK(1)"
        assert sheet["B4"].data_type == "s"
        assert sheet["F4"].value == -5
        assert sheet["F4"].data_type == "n"
        assert sheet["E4"].is_date
        assert sheet["E4"].number_format == "yyyy-mm-dd"

    def test_what_excel_refuses_is_taken_out(self):
        content = as_xlsx([["a\x0bb" + "c" * 40_000]], [Column("x", "x")])
        assert loaded(content)["B3"].value.startswith("abccc")

    def test_title_that_no_sheet_may_have(self):
        file = io.BytesIO()
        write_xlsx([Column("x", "x")], [], "[a]:b/c*?" + "d" * 50, file, numbered=False)
        assert loaded(file.getvalue()).title.startswith("abcd")

    def test_decimals_stay_numbers(self):
        content = as_xlsx([[Decimal("1.50")]], [Column("x", "x")])
        assert loaded(content)["B3"].value == 1.5


records = st.fixed_dictionaries(
    {
        "name": texts.map(lambda text: "企" + text),
        "legal": texts,
        "phone": st.sampled_from(["=1", "'=1", "''＝1", "-", "@x", "a=b", "＋86"]),
        "on": st.dates(date(1990, 1, 1), date(2100, 1, 1)),
        "count": st.integers(-1000, 1000),
    }
)


@given(st.lists(records, max_size=5))
@settings(deadline=None, max_examples=40)
def test_what_is_exported_can_be_imported(rows):
    sheet = read_sheet(as_xlsx(rows, totals={"count": 1}), aliases=ALIASES)
    assert [row.values for row in sheet.rows] == [
        {**row, "legal": row["legal"] or None} for row in rows
    ]
    assert sheet.unknown_headings == []
    sheet = read_sheet(as_csv(rows), aliases=ALIASES)
    assert [row.values for row in sheet.rows] == [
        {
            **row,
            "legal": row["legal"] or None,
            "on": row["on"].isoformat(),
            "count": str(row["count"]),
        }
        for row in rows
    ]
