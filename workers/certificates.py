"""流动人口登记凭证 as a PDF to print: ten cards of the size of an identity card on each A4 sheet.

fpdf2 draws it and embeds of the font only the characters that are used, so that it prints the
same on every machine; the ID number is masked on paper too.
"""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from fpdf import FPDF
from fpdf.fonts import TTFFont

from liaison.core.refused import Refused
from workers.models import Worker

# In one file; more are taken part by part.
AT_ONCE = 400
# Where Debian's fonts-noto-cjk and fonts-wqy-microhei are, with the face of a collection that is
# for simplified Chinese.
FONTS = (
    ("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", 2),
    ("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc", 0),
    ("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf", 0),
    ("/System/Library/Fonts/STHeiti Light.ttc", 1),
)
# Millimetres: a card by ISO/IEC 7810 ID-1, and the margins that leaves on A4.
WIDE, HIGH, LEFT, TOP, GAP = 85.6, 54.0, 17.0, 10.0, 1.8
COLUMNS, ROWS = 2, 5
_TITLE = "流动人口登记凭证"
_LABELS = ("姓名", "身份证号", "用工单位", "工种", "登记日期", "登记机关")


def font() -> tuple[str, int] | None:
    """The file that certificates are set in, and the face in it; None when there is none."""
    if settings.CERTIFICATE_FONT:
        path, _colon, face = settings.CERTIFICATE_FONT.partition("#")
        return (path, int(face or 0)) if Path(path).is_file() else None
    return next((one for one in FONTS if Path(one[0]).is_file()), None)


def certificates(workers: Sequence[Worker]) -> bytes:
    """The cards of these registered workers, with ``unit``, ``enterprise`` and ``photo`` read.

    Raises Refused("no_font") where no Chinese font is installed.
    """
    found = font()
    if found is None:
        raise Refused(
            "no_font",
            _(
                "No Chinese font is installed on the server (fonts-noto-cjk or fonts-wqy-microhei; "
                "CERTIFICATE_FONT names another): the certificates cannot be set."
            ),
        )
    pdf = FPDF(format="A4")
    pdf.set_title(_TITLE)
    pdf.set_auto_page_break(False)
    path, face = found
    pdf.add_font("han", fname=path, collection_font_number=face)
    for place, worker in enumerate(workers):
        spot = place % (COLUMNS * ROWS)
        if spot == 0:
            pdf.add_page()
        left = LEFT + (spot % COLUMNS) * (WIDE + GAP)
        top = TOP + (spot // COLUMNS) * (HIGH + GAP)
        _card(pdf, worker, left, top)
    try:
        return bytes(pdf.output())
    finally:
        for one in pdf.fonts.values():
            # fpdf2 reads the font's tables as they are needed and leaves the file open.
            if isinstance(one, TTFFont):
                one.ttfont.close()


def _card(pdf: FPDF, worker: Worker, left: float, top: float) -> None:
    pdf.set_draw_color(150)
    pdf.rect(left, top, WIDE, HIGH)
    pdf.set_text_color(20, 40, 90)
    _text(pdf, left + 4, top + 3, WIDE - 8, _TITLE, 12, align="C")
    pdf.set_text_color(0)
    values = (
        worker.name,
        worker.id_masked,
        worker.enterprise.name,
        worker.job or "—",
        f"{worker.registered_on:%Y-%m-%d}",
        worker.unit.name,
    )
    for line, (label, value) in enumerate(zip(_LABELS, values, strict=True)):
        y = top + 11.5 + line * 5.6
        pdf.set_text_color(90)
        _text(pdf, left + 4, y, 15, label, 7.5)
        pdf.set_text_color(0)
        _text(pdf, left + 18.5, y, 39, value, 8.5)
    _text(pdf, left + 4, top + HIGH - 7.5, WIDE - 8, f"编号 {worker.certificate}", 8.5)
    if worker.photo is not None:
        with worker.photo.file.open("rb") as file:
            photo = io.BytesIO(file.read())
            pdf.image(photo, left + WIDE - 26, top + 11.5, 22, 29, keep_aspect_ratio=True)


def _text(
    pdf: FPDF, x: float, y: float, wide: float, text: str, size: float, align: Any = "L"
) -> None:
    """One line, made smaller until it fits."""
    pdf.set_font("han", size=size)
    while pdf.get_string_width(text) > wide and size > 4:
        size -= 0.5
        pdf.set_font("han", size=size)
    pdf.set_xy(x, y)
    pdf.cell(wide, 5, text, align=align)
