import csv
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from liaison.core.sheets import UnreadableSheet, grid, read_sheet

PLAIN = [["企业名称", "统一社会信用代码"], ["青岛示例生物", "91371300328348377N"]]


def xlsx(rows, merge=()):
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    for area in merge:
        book.worksheets[0].merge_cells(area)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def csv_bytes(rows):
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def read(content):
    return read_sheet(content, aliases={"name": ["企业名称"]})


def refusal(content):
    with pytest.raises(UnreadableSheet) as caught:
        read(content)
    assert str(caught.value)
    return caught.value.code


WORKBOOK = xlsx(PLAIN, ["A4:B4"])


class TestRefusals:
    @pytest.mark.parametrize("content", [b"", b" \r\n ", b"\xef\xbb\xbf", b",,\n,,\n"])
    def test_empty(self, content):
        assert refusal(content) == "empty"

    def test_empty_workbook(self):
        assert refusal(xlsx([])) == "empty"

    def test_no_headings(self):
        assert refusal(csv_bytes([["甲", "乙"], ["1", "2"]])) == "no_headings"

    def test_encrypted_xlsx(self):
        content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
        assert refusal(content) == "encrypted"

    @pytest.mark.parametrize(
        "content",
        [
            b"<html><table><tr><td>x</td></tr></table></html>",
            b"\x89PNG\r\n\x1a\n\0\0\0",
            b"%PDF-1.7 x",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
        ],
    )
    def test_wrong_type(self, content):
        assert refusal(content) in {"wrong_type", "damaged"}

    def test_zip_that_is_no_workbook(self):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("word/document.xml", "<x/>")
        assert refusal(file.getvalue()) == "wrong_type"

    def test_broken_off(self):
        content = xlsx(PLAIN)
        assert refusal(content[: len(content) // 2]) == "damaged"

    def test_too_many_bytes(self, monkeypatch):
        monkeypatch.setattr("liaison.core.sheets.reading.MAX_BYTES", 10)
        assert refusal(csv_bytes(PLAIN)) == "too_big"
        assert refusal(io.BytesIO(csv_bytes(PLAIN))) == "too_big"

    def test_bomb(self):
        file = io.BytesIO()
        with (
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
            archive.open("xl/workbook.xml", "w") as part,
        ):
            for _piece in range(grid.MAX_UNPACKED_BYTES // 2**20 + 1):
                part.write(b"\0" * 2**20)
        assert len(file.getvalue()) < 2**20
        assert refusal(file.getvalue()) == "too_big"

    def test_too_many_columns(self):
        assert refusal(csv_bytes([["企业名称"] * 201])) == "too_big"

    def test_too_many_rows(self, monkeypatch):
        monkeypatch.setattr(grid, "MAX_ROWS", 5)
        assert refusal(csv_bytes([PLAIN[0], *[["甲", "1"]] * 5])) == "too_big"

    def test_row_number_beyond_the_last(self):
        content = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(xlsx(PLAIN))) as source,
            zipfile.ZipFile(content, "w") as target,
        ):
            for member in source.infolist():
                data = source.read(member)
                if member.filename.endswith("sheet1.xml"):
                    data = data.replace(b'<row r="2"', b'<row r="99999999999"')
                    data = data.replace(b'"A2"', b'"A99999999999"').replace(
                        b'"B2"', b'"B99999999999"'
                    )
                target.writestr(member, data)
        assert refusal(content.getvalue()) in {"too_big", "damaged"}

    def test_areas_that_overlap(self):
        content = io.BytesIO()
        areas = b"".join(b'<mergeCell ref="A1:GR%d"/>' % n for n in range(10, 40))
        with (
            zipfile.ZipFile(io.BytesIO(xlsx(PLAIN, ["A5:B5"]))) as source,
            zipfile.ZipFile(content, "w") as target,
        ):
            for member in source.infolist():
                data = source.read(member)
                data = data.replace(b'<mergeCell ref="A5:B5"/>', areas)
                data = data.replace(b'<mergeCell ref="A5:B5" />', areas)
                target.writestr(member, data)
        assert refusal(content.getvalue()) == "too_big"

    @given(
        st.binary(max_size=400),
        st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]),
    )
    @settings(deadline=None)
    def test_any_bytes_give_a_sheet_or_a_refusal(self, content, magic):
        try:
            read(magic + content)
        except UnreadableSheet:
            return

    @given(st.data())
    @settings(deadline=None, max_examples=60)
    def test_a_workbook_with_flipped_bytes(self, data):
        content = bytearray(WORKBOOK)
        for _flip in range(data.draw(st.integers(1, 8))):
            content[data.draw(st.integers(0, len(content) - 1))] ^= data.draw(st.integers(1, 255))
        try:
            read(bytes(content))
        except UnreadableSheet:
            return
