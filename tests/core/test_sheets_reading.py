import csv
import io
import os
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from liaison.core.sheets import read_sheet

CHINA = Path(__file__).parent
ALIASES = {
    "name": ["企业名称", "单位名称", "公司名称"],
    "credit_code": ["统一社会信用代码", "社会统一信用代码"],
    "capital": ["注册资本", "注册资金"],
    "legal_person": ["法定代表人", "法定代表人/姓名"],
    "legal_phone": ["法定代表人/电话"],
    "contact": ["联系人", "联系人/姓名"],
    "phone": ["联系电话", "联系人/电话"],
    "since": ["注册日期", "成立时间"],
}
PLAIN = [["企业名称", "统一社会信用代码"], ["青岛示例生物", "91371300328348377N"]]
COLLECTION = (
    Path(os.environ.get("SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
    / "ledgers"
    / "headings.csv"
)


def xlsx(rows, merge=(), prepare=None):
    book = Workbook()
    sheet = book.worksheets[0]
    for row in rows:
        sheet.append(row)
    for area in merge:
        sheet.merge_cells(area)
    if prepare:
        prepare(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv_bytes(rows, encoding="utf-8", delimiter=","):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode(encoding)


def read(content, **options):
    return read_sheet(content, "ledger", aliases=ALIASES, **options)


class TestFormats:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
    def test_csv(self, encoding, delimiter):
        sheet = read(csv_bytes(PLAIN, encoding, delimiter))
        assert sheet.rows[0].values == {"name": "青岛示例生物", "credit_code": "91371300328348377N"}
        assert sheet.rows[0].number == 2

    def test_csv_says_its_encoding(self):
        assert read(csv_bytes(PLAIN)).encoding == "utf-8"
        assert read(csv_bytes(PLAIN, "utf-8-sig")).encoding == "utf-8-sig"
        assert read(csv_bytes(PLAIN, "gbk")).encoding == "gb18030"

    def test_csv_with_commas_quotes_and_line_ends_in_cells(self):
        rows = [["企业名称", "地址"], ['甲"公司', "a;b;c,\nd"], ["乙", "e;f;g"]]
        sheet = read(csv_bytes(rows))
        assert [row.values["name"] for row in sheet.rows] == ['甲"公司', "乙"]
        assert sheet.rows[0].extra == {"地址": "a;b;c,\nd"}

    def test_line_that_names_the_delimiter(self):
        sheet = read(b"sep=;\r\n" + csv_bytes(PLAIN, delimiter=";"))
        assert sheet.rows[0].values["name"] == "青岛示例生物"
        assert sheet.rows[0].number == 2  # Excel does not show that line

    def test_xlsx_types(self):
        rows = [
            ["企业名称", "注册资本(万元)", "注册日期", "备注"],
            ["甲", 500.0, datetime(2024, 3, 5), True],  # noqa: DTZ001
            ["乙", 1.5, date(2024, 3, 5), None],
            ["丙", None, datetime(2024, 3, 5, 8, 30), "=1+1"],  # noqa: DTZ001
        ]
        first, second, third = read(xlsx(rows)).rows
        assert first.values == {"name": "甲", "capital": 500, "since": date(2024, 3, 5)}
        assert first.extra == {"备注": True}
        assert second.values["capital"] == 1.5
        assert second.extra == {}
        assert third.values["since"] == datetime(2024, 3, 5, 8, 30)  # noqa: DTZ001
        assert third.extra == {}  # a formula without a stored result says nothing

    def test_xls(self):
        sheet = read((CHINA / "ledger.xls").read_bytes())
        assert sheet.title == "示例台账"
        assert [row.number for row in sheet.rows] == [4, 5]
        assert sheet.rows[0].values == {
            "name": "青岛示例生物",
            "legal_person": "张三",
            "legal_phone": 13812345521,
            "since": date(2024, 3, 5),
        }

    def test_first_sheet_with_headings_is_taken_and_hidden_ones_last(self):
        def prepare(book):
            book.worksheets[0].sheet_state = "hidden"
            book.create_sheet("说明").append(["请先阅读"])
            book.create_sheet("台账")
            for row in [PLAIN[0], ["乙", "2"]]:
                book["台账"].append(row)

        sheet = read(xlsx(PLAIN, prepare=prepare))
        assert (sheet.name, sheet.rows[0].values["name"]) == ("台账", "乙")

    def test_file_objects_are_taken(self):
        assert len(read(io.BytesIO(csv_bytes(PLAIN))).rows) == 1

    def test_the_content_decides_not_the_name(self):
        assert read_sheet(xlsx(PLAIN), "table.csv", aliases=ALIASES).rows


class TestHeadings:
    @pytest.mark.parametrize(
        "heading",
        [
            "企业名称",
            " 企业 名称 ",
            "*企业名称",
            "企业名称（必填）",
            "企业\n名称",
            "企业名称:",
            "※企业名称",
            "NAME",
        ],
    )
    def test_spellings(self, heading):
        sheet = read(csv_bytes([[heading, "x"], ["甲", "1"]]))
        assert sheet.rows[0].values["name"] == "甲"

    def test_units_in_brackets(self):
        sheet = read(csv_bytes([["企业名称", "注册资本（万元）"], ["甲", "5"]]))
        assert sheet.columns["capital"] == "注册资本（万元）"

    def test_exact_heading_wins_over_one_with_brackets(self):
        sheet = read(csv_bytes([["企业名称", "联系电话(法人)", "联系电话"], ["甲", "1", "2"]]))
        assert sheet.rows[0].values["phone"] == "2"
        assert sheet.doubled_headings == {"联系电话(法人)": "phone"}
        assert sheet.rows[0].extra == {"联系电话(法人)": "1"}

    def test_first_of_two_columns_for_a_field_is_kept_and_the_other_told(self):
        sheet = read(csv_bytes([["企业名称", "单位名称", "备注", "备注"], ["甲", "乙", "1", "2"]]))
        assert sheet.rows[0].values == {"name": "甲"}
        assert sheet.doubled_headings == {"单位名称": "name"}
        assert sheet.unknown_headings == ["备注", "备注 (2)"]
        assert sheet.rows[0].extra == {"单位名称": "乙", "备注": "1", "备注 (2)": "2"}

    def test_title_and_empty_rows_and_columns_before(self):
        rows = [
            [],
            ["龙水路派出所企业台账"],
            [None, "填报单位：某所", None, "日期：2026-3-5"],
            [],
            [None, None, *PLAIN[0]],
            [],
            [None, None, *PLAIN[1]],
        ]
        for sheet in (read(xlsx(rows, ["A2:F2"])), read(csv_bytes(rows))):
            assert sheet.title == "龙水路派出所企业台账"
            assert [row.number for row in sheet.rows] == [7]
            assert sheet.rows[0].values["name"] == "青岛示例生物"

    def test_two_levels_merged(self):
        rows = [
            ["台账"],
            ["序号", "企业名称", "法定代表人", None, "联系人", None, "备注"],
            [None, None, "姓名", "电话", "姓名", "电话", None],
            [1, "甲", "张三", "1", "李四", "2", "好"],
        ]
        merge = ["A1:G1", "A2:A3", "B2:B3", "C2:D2", "E2:F2", "G2:G3"]
        for sheet in (read(xlsx(rows, merge)), read(csv_bytes(rows))):
            assert {k: str(v) for k, v in sheet.rows[0].values.items()} == {
                "name": "甲",
                "legal_person": "张三",
                "legal_phone": "1",
                "contact": "李四",
                "phone": "2",
            }
            assert sheet.columns["phone"] == "联系人/电话"
            assert sheet.unknown_headings == ["备注"]
            assert len(sheet.rows) == 1

    def test_lower_heading_that_nobody_knows_is_no_data(self):
        rows = [
            ["企业名称", "走访", None],
            [None, "时间", "内容"],
            ["甲", "3-5", "好"],
        ]
        sheet = read(xlsx(rows, ["A1:A2", "B1:C1"]))
        assert [row.values["name"] for row in sheet.rows] == ["甲"]
        assert sheet.unknown_headings == ["走访/时间", "走访/内容"]

    def test_without_aliases_everything_is_extra(self):
        sheet = read_sheet(csv_bytes(PLAIN))
        assert sheet.rows[0].extra["企业名称"] == "青岛示例生物"
        assert sheet.unknown_headings == PLAIN[0]

    def test_headings_in_use(self):
        if not COLLECTION.exists():
            pytest.skip("the shared collection of headings is not on this machine")
        sets: dict[tuple[str, str], list[str]] = {}
        with COLLECTION.open(encoding="utf-8") as file:
            for row in csv.DictReader(file):
                sets.setdefault((row["ledger"], row["set"]), []).append(row["heading"])
        for headings in sets.values():
            aliases = {f"field{n}": [heading] for n, heading in enumerate(headings)}
            data = [["某某台账"], headings, [f"值{n}" for n in range(len(headings))]]
            sheet = read_sheet(xlsx(data), aliases=aliases)
            assert list(sheet.rows[0].values.values()) == data[2]


class TestRows:
    def test_totals_notes_and_repeated_headings_are_left_out(self):
        rows = [
            *PLAIN,
            ["小计", 1],
            PLAIN[0],
            ["乙", "2"],
            ["合 计：", 2],
            ["总计2家", None],
            ["注：以上数据截至三月", None],
        ]
        sheet = read(xlsx(rows, ["A8:B8"]))
        assert [row.values["name"] for row in sheet.rows] == ["青岛示例生物", "乙"]

    def test_numbered_total(self):
        sheet = read(
            csv_bytes([["序号", "企业名称"], ["1", "甲"], ["", "合计"], ["2", "合计科技公司"]])
        )
        assert [row.values["name"] for row in sheet.rows] == ["甲", "合计科技公司"]

    def test_value_merged_downwards_holds_for_every_row(self):
        rows = [["联系人", "企业名称"], ["张三", "甲"], [None, "乙"], ["李四", "丙"]]
        sheet = read(xlsx(rows, ["A2:A3"]))
        assert [row.values["contact"] for row in sheet.rows] == ["张三", "张三", "李四"]

    def test_apostrophe_before_a_formula_is_taken_off(self):
        sheet = read(csv_bytes([["企业名称"], ["'=1+1"], ["'甲'"]]))
        assert [row.values["name"] for row in sheet.rows] == ["=1+1", "'甲'"]

    def test_formula_gives_its_stored_result_only(self):
        content = xlsx([["企业名称", "备注"], ["甲", '=HYPERLINK("http://x")']])
        assert read(content).rows[0].extra == {}
