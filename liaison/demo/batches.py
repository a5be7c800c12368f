"""The demo's workers: one batch registered, one handed in and partly come back, one only looked at.

The people are made up; their numbers belong to a region that does not exist.
"""

import io
import random
import zipfile
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from PIL import Image, ImageDraw

from enterprises.models import Enterprise
from issues.actions import make_move
from issues.models import Issue
from liaison.accounts.models import User
from liaison.core.sheets import private_xlsx
from workers.actions import add_photos, apply_file, mark_workers, preview_list
from workers.checking.headings import TEMPLATE, heading
from workers.models import Batch, BatchFile

_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫"
_GIVEN = ("示例", "示范", "样本", "例一", "例二", "例三", "例四", "例五")
_JOBS = ("装配", "焊工", "包装", "叉车", "质检", "食堂")


def hand_workers_in(
    enterprise: Enterprise, contact: User, people: Mapping[str, User], chance: random.Random
) -> None:
    """All through the verbs that the enterprise and the station use."""
    serial = iter(range(1, 10_000))

    def rows(count: int) -> list[dict[str, Any]]:
        return [_person(next(serial), chance) for _ in range(count)]

    first = rows(14)
    file = _preview(enterprise, contact, first)
    apply_file(file, by=contact)
    add_photos(file.batch, _photos(first), by=contact)
    keys = list(file.batch.workers.values_list("pk", flat=True))
    for move in ("check", "register"):
        mark_workers(keys, move, by=people["desk"], unit=enterprise.unit)
    _take_on(file.batch, "accept", "start")

    second = rows(26)
    second[4]["id_number"] = second[4]["id_number"][:17] + "A"
    second[9]["name"] = ""
    second[17]["id_number"] = second[16]["id_number"]
    file = _preview(enterprise, contact, second)
    apply_file(file, by=contact)
    add_photos(file.batch, _photos(second[:12]), by=contact)
    keys = list(file.batch.workers.order_by("number").values_list("pk", flat=True))
    mark_workers(keys[:8], "check", by=people["desk"], unit=enterprise.unit)
    reason = "照片反光，请重新拍摄正面照片"
    mark_workers(keys[8:10], "correct", by=people["desk"], unit=enterprise.unit, reason=reason)

    _take_on(file.batch, "accept")

    third = rows(9)
    third[2]["entry_on"] = "去年"
    third[5]["id_number"] = _number(next(serial), timezone.localdate() - timedelta(days=15 * 365))
    _preview(enterprise, contact, third)


def _take_on(batch: Batch, *moves: str) -> None:
    """Its line of the bill, by whoever handles it."""
    line = Issue.objects.filter(worker_batches=batch).first()
    if line is None:
        raise ValueError("a batch that was handed in has a line")
    officer = line.handler
    if officer is None:
        # It waits at the desk, as the enterprise has nobody.
        return
    for name in moves:
        line = make_move(line, name, by=officer, version=line.version, values={})


def _preview(enterprise: Enterprise, contact: User, rows: list[dict[str, Any]]) -> BatchFile:
    table = [[row[name] for name in TEMPLATE] for row in rows]
    content = private_xlsx([heading(name) for name in TEMPLATE], table)
    return preview_list(enterprise, content, "外来务工人员名单.xlsx", by=contact)


def _person(serial: int, chance: random.Random) -> dict[str, Any]:
    born = date(1968, 1, 1) + timedelta(days=chance.randrange(35 * 365))
    entry = timezone.localdate() - timedelta(days=chance.randrange(1, 20))
    return {
        "name": chance.choice(_SURNAMES) + chance.choice(_GIVEN),
        "id_number": _number(serial, born),
        "phone": f"1380001{serial:04d}",
        "origin": "示例省示例县示例村",
        "residence": f"{chance.randint(1, 6)}号宿舍楼",
        "job": chance.choice(_JOBS),
        "entry_on": entry.isoformat(),
        "photo": "",
    }


def _number(serial: int, born: date) -> str:
    first = f"990001{born:%Y%m%d}{serial % 1000:03d}"
    total = sum(int(digit) * pow(2, 17 - n, 11) for n, digit in enumerate(first))
    return first + "10X98765432"[total % 11]


def _photos(rows: list[dict[str, Any]]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for row in rows:
            archive.writestr(f"{row['id_number']}.png", _portrait(len(row["name"])))
    return out.getvalue()


def _portrait(shade: int) -> bytes:
    """A head and shoulders in outline."""
    picture = Image.new("RGB", (240, 320), (222, 230, 240))
    draw = ImageDraw.Draw(picture)
    draw.ellipse((75, 60, 165, 170), fill=(150, 160 + shade, 175))
    draw.ellipse((30, 190, 210, 420), fill=(110, 125, 150))
    out = io.BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()
