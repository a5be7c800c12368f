"""What loading a list costs beside reading the same file and writing the same rows.

The file is read by openpyxl alone, nothing made of its cells; the rows that the import wrote are
made beforehand and written by ``bulk_create`` in one transaction, into the same tables emptied of
them. All constraints hold in both. Each is measured in a process of its own, so that no cache is
warm for one and cold for the other. The import works with Python's collector paused, so it is
judged beside a plain read and write with the collector paused; beside one with it running, as
Python works by default, is told as well.
"""

import argparse
import gc
import io
import random
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

import django
import openpyxl
from django.db import connection, models, transaction

from enterprises.actions.importing import import_list
from enterprises.actions.importing.carrying import BATCH
from enterprises.importing.reading import read_list
from enterprises.models import (
    Cadence,
    Contact,
    Enterprise,
    ImportBatch,
    ImportRow,
    StageChange,
)
from liaison.accounts.actions import create_unit
from liaison.accounts.models import Unit
from liaison.core.collecting import without_collecting
from liaison.core.identifiers import check_credit_code

MOST = 2.0
# In the order in which they can be written: each points only at those before it.
WRITTEN: tuple[type[models.Model], ...] = (
    Enterprise, StageChange, Contact, Cadence, ImportBatch, ImportRow,
)  # fmt: skip
HEADINGS = (
    "序号", "企业名称", "统一社会信用代码", "地址", "所属行业", "企业级别", "三色预警", "经营状态",
    "经度", "纬度", "坐标系", "员工数", "夜班", "法定代表人", "法人联系电话", "联系人", "职务",
    "联系电话", "责任警官", "注册资本", "成立时间", "备注",
)  # fmt: skip
SURNAMES, GIVEN = "王李张刘陈杨赵黄周吴", "伟芳娜敏静丽强磊军洋勇艳杰娟涛"
PLACES, GOODS = ("示例", "云岭", "青禾", "海棠", "北辰"), ("机械", "食品", "纺织", "电子", "化工")


@dataclass
class Plain:
    """Seconds to read the file and to write the rows."""

    reading: float
    writing: float

    @property
    def both(self) -> float:
        return self.reading + self.writing


@dataclass
class Import:
    """Seconds. ``written`` are all rows, of an enterprise with its contacts, clock and history."""

    rows: int
    written: int
    megabytes: float
    seconds: float
    reading: float
    plain: Plain
    plain_collecting: Plain

    @property
    def ratio(self) -> float:
        return self.seconds / self.plain.both

    @property
    def ratio_collecting(self) -> float:
        return self.seconds / self.plain_collecting.both


@dataclass
class Imports:
    database: str
    each: list[Import]


def measure(flags: argparse.Namespace) -> Imports:
    bureau = create_unit(code="BEB", name="示例市公安局", kind=Unit.Kind.BUREAU)
    station = create_unit(code="BEN", name="示例派出所", kind=Unit.Kind.STATION, parent=bureau)
    return Imports(connection.vendor, [_measure(station, rows) for rows in flags.rows])


def report(result: Imports) -> str:
    lines = [
        f"Import on {result.database}, seconds; at most {MOST:g} times a plain read and write",
        f"{'':>49} {'collector paused':>27} {'collector running':>27}",
        f"{'rows':>8} {'written':>8} {'MB':>6} {'import':>8} {'it reads':>9}"
        + f" {'plain read':>13} {'write':>8} {'times':>6}" * 2,
    ]
    lines += [
        f"{one.rows:>8} {one.written:>8} {one.megabytes:>6.1f} {one.seconds:>8.2f}"
        f" {one.reading:>9.2f}"
        f" {one.plain.reading:>13.2f} {one.plain.writing:>8.2f} {one.ratio:>6.2f}"
        f" {one.plain_collecting.reading:>13.2f} {one.plain_collecting.writing:>8.2f}"
        f" {one.ratio_collecting:>6.2f}"
        for one in result.each
    ]
    return "\n".join(lines)


def failures(result: Imports) -> list[str]:
    return [
        f"import of {one.rows} rows on {result.database}: {one.ratio:.2f} times"
        for one in result.each
        if one.ratio > MOST
    ]


def _measure(station: Unit, count: int) -> Import:
    print(f"  an import of {count} rows", file=sys.stderr)
    content = made_up_list(count)
    reading = _alone(_read, content)
    seconds = _alone(_import, station.pk, content)
    if Enterprise.objects.count() != count:
        raise RuntimeError(f"{Enterprise.objects.count()} enterprises instead of {count}")
    written = sum(model._default_manager.count() for model in WRITTEN)
    plain, plain_collecting = (
        Plain(_alone(_read_plainly, content, collecting), _alone(_write_plainly, collecting))
        for collecting in (False, True)
    )
    _empty()
    megabytes = len(content) / 1024 / 1024
    return Import(count, written, megabytes, seconds, reading, plain, plain_collecting)


def _alone(work: Callable[..., float], *args: Any) -> float:
    """In a process that has done nothing before but load the code."""
    with ProcessPoolExecutor(1, get_context("spawn"), initializer=django.setup) as process:
        return process.submit(work, *args).result()


def _read(content: bytes) -> float:
    with without_collecting():
        return _timed(lambda: read_list(content, "list.xlsx"))


def _import(station_pk: int, content: bytes) -> float:
    station = Unit.objects.get(pk=station_pk)
    return _timed(lambda: import_list(station, content, "list.xlsx", by=None))


def _read_plainly(content: bytes, collecting: bool) -> float:
    def read() -> None:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for _row in book.worksheets[0].iter_rows(values_only=True):
            pass

    with nullcontext() if collecting else without_collecting():
        return _timed(read)


def _write_plainly(collecting: bool) -> float:
    """The rows that are there, written once more into tables emptied of them."""
    rows = [(model, list(model._default_manager.order_by("pk"))) for model in WRITTEN]
    _empty()

    @transaction.atomic
    def write() -> None:
        for model, some in rows:
            model._default_manager.bulk_create(some, batch_size=BATCH)

    with nullcontext() if collecting else without_collecting():
        return _timed(write)


def _timed(work: Callable[[], object]) -> float:
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _empty() -> None:
    """As if nothing had ever been in the tables: what is deleted is not waded through later."""
    with transaction.atomic():
        for model in reversed(WRITTEN):
            model._default_manager.all()._raw_delete("default")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")


def made_up_list(count: int) -> bytes:
    """An XLSX as a station keeps it; the same cells for the same count every time."""
    chance = random.Random(count)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("企业名单")
    sheet.append(["示例派出所企业名单"])
    sheet.append(HEADINGS)
    for n in range(1, count + 1):
        sheet.append(_cells(n, chance))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _cells(n: int, chance: random.Random) -> list[Any]:
    return [
        n,
        f"{PLACES[n % 5]}{n}号{GOODS[n % 7 % 5]}有限公司",
        _credit_code(n) if n % 10 else None,
        f"示范路{n}号",
        GOODS[n % 5],
        ("重点", "规上", "一般", "一般", "一般")[n % 5],
        ("红", "黄", "绿", "绿", "绿")[n % 5],
        ("在营", "停产", "在营", "在建")[n % 4],
        round(120.4 + chance.random() / 5, 6),
        round(36.7 + chance.random() / 5, 6),
        "高德",
        n % 900,
        "有" if n % 3 else "无",
        _person(chance),
        _phone(chance) if n % 2 else None,
        _person(chance),
        "安保部长",
        _phone(chance),
        _person(chance),
        f"{n % 90 * 100}万元",
        f"20{n % 24:02d}-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
        "门卫登记、监控正常。" if n % 4 == 0 else None,
    ]


def _person(chance: random.Random) -> str:
    return chance.choice(SURNAMES) + chance.choice(GIVEN) + chance.choice(GIVEN)


def _phone(chance: random.Random) -> str:
    return f"13{chance.randrange(10**9):09d}"


def _credit_code(n: int) -> str:
    first = f"91370214MA3{n:06d}"
    fault = check_credit_code(f"{first}0")
    return f"{first}{fault.expected}" if fault and fault.expected else f"{first}0"
