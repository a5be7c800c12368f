"""The same made-up list in every shape in which stations keep one."""

import csv
import io
from collections.abc import Callable

import openpyxl

HEADINGS = [
    "企业名称",
    "统一社会信用代码",
    "地址",
    "行业",
    "员工数",
    "联系人",
    "联系电话",
    "成立时间",
]
# Check digits are right, the enterprises are not there.
ROWS = [
    ["示例甲食品有限公司", "91370285MA3EXAMP0L", "示例路1号", "食品加工", "120", "示例张",
     "13800000001", "2019-03-05"],
    ["示例乙铝业有限公司", "", "示例路2号, B座", "金属制品", "60", "示例李", "0532-88880002",
     "2020年1月2日"],
    ["示例丙物流有限公司", "", "", "仓储物流", "", "", "", ""],
    ["示例丁项目", "", "示例“新”区", "", "9", "", "13800000004", "24/3/5"],
]  # fmt: skip
VARIANTS = dict(
    zip(
        HEADINGS,
        ["单位名称", "社会统一信用代码", "经营地址", "所属行业", "从业人数", "负责人", "手机",
         "成立日期"],
        strict=True,
    )
)  # fmt: skip


def as_csv(rows: list[list[str]], headings: list[str], encoding: str = "utf-8") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([headings, *rows])
    return out.getvalue().encode(encoding)


def as_xlsx(rows: list[list[str]], *, two_levels: bool = False) -> bytes:
    """With a merged title row; with two levels the contact's columns stand below one heading."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["示例派出所企业台账"])
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=len(HEADINGS))
    if two_levels:
        upper = [*HEADINGS[:5], "联系人", None, HEADINGS[7]]
        lower = [None] * 5 + ["姓名", "电话", None]
        sheet.append(upper)
        sheet.append(lower)
        sheet.merge_cells(start_row=2, end_row=2, start_column=6, end_column=7)
        for column in (1, 2, 3, 4, 5, 8):
            sheet.merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)
    else:
        sheet.append(HEADINGS)
    for row in rows:
        sheet.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _reordered() -> bytes:
    return as_csv([row[::-1] for row in ROWS], HEADINGS[::-1])


def _full_width() -> bytes:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    return as_csv([[row[0], row[1], *(cell.translate(wide) for cell in row[2:])] for row in ROWS],
                  HEADINGS)  # fmt: skip


SHAPES: dict[str, Callable[[], bytes]] = {
    "utf-8": lambda: as_csv(ROWS, HEADINGS),
    "with byte order mark": lambda: as_csv(ROWS, HEADINGS, "utf-8-sig"),
    "gbk": lambda: as_csv(ROWS, HEADINGS, "gbk"),
    "columns reordered": _reordered,
    "other headings": lambda: as_csv(ROWS, [VARIANTS[one] for one in HEADINGS]),
    "full-width digits": _full_width,
    "xlsx with a merged title": lambda: as_xlsx(ROWS),
    "xlsx with headings of two levels": lambda: as_xlsx(ROWS, two_levels=True),
}
