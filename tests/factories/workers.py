"""Lists of workers and what becomes of them. The people and numbers are made up."""

import io
import itertools
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import factory

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.core.sheets import private_xlsx
from tests.factories.enterprises import AssignedEnterpriseFactory
from tests.factories.evidence import picture_bytes
from tests.factories.people import ChiefFactory, DeskFactory
from workers.actions import add_photos, apply_file, mark_workers, preview_list
from workers.checking.headings import TEMPLATE, heading
from workers.models import Batch, BatchFile, Worker

HEADINGS = [heading(name) for name in TEMPLATE]
_SERIAL = itertools.count(1)
_SURNAMES, _GIVEN = "赵钱孙李周吴郑王冯陈", "示例甲乙丙丁戊己庚辛"


def resident_id(born: date = date(1990, 1, 1), serial: int | None = None, region: int = 0) -> str:
    """A number that passes its check digit, of a region that does not exist."""
    serial = next(_SERIAL) if serial is None else serial
    first = f"{990000 + region + serial // 1000:06d}{born:%Y%m%d}{serial % 1000:03d}"
    total = sum(int(digit) * pow(2, 17 - n, 11) for n, digit in enumerate(first))
    return first + "10X98765432"[total % 11]


def person(n: int = 0, **values: Any) -> dict[str, Any]:
    """A row without fault."""
    return {
        "name": _SURNAMES[n % 10] + _GIVEN[n // 10 % 10] + _GIVEN[n // 100 % 10],
        "id_number": resident_id(),
        "phone": f"139{n:08d}",
        "origin": "示例省示例县",
        "residence": "3号宿舍楼",
        "job": "装配",
        "entry_on": "2026-03-05",
        "photo": "",
        **values,
    }


def list_of(rows: Iterable[dict[str, Any]], own: Sequence[str] = ()) -> bytes:
    """The people as a spreadsheet with the usual headings, and columns of the enterprise's own."""
    names = [*TEMPLATE, *own]
    return private_xlsx([*HEADINGS, *own], [[row.get(name) for name in names] for row in rows])


def list_of_repaired(rows: Iterable[dict[str, Any]]) -> bytes:
    """A list that came back, sent again with what it says now."""
    rows = list(rows)
    names = {name: None for row in rows for name in row}
    return private_xlsx(
        [heading(name) for name in names], [[row.get(name) for name in names] for row in rows]
    )


def photos_of(numbers: Iterable[str]) -> bytes:
    """A ZIP of tiny pictures named by ID number."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in numbers:
            archive.writestr(f"照片/{number}.png", picture_bytes(size=(30, 40)))
    return out.getvalue()


class PreviewedListFactory(factory.django.DjangoModelFactory):
    """A list of ``rows`` that was looked at and not handed in; ``by`` the desk if not said."""

    class Meta:
        model = BatchFile

    enterprise = factory.SubFactory(AssignedEnterpriseFactory)
    rows = factory.LazyFunction(lambda: [person(n) for n in range(3)])
    own: Sequence[str] = ()
    by = None
    batch = None
    wants_photos = False
    archive = b""

    @classmethod
    def _create(cls, model_class: type[BatchFile], *args: Any, **kwargs: Any) -> BatchFile:
        enterprise: Enterprise = kwargs["enterprise"]
        by: User = kwargs["by"] or DeskFactory(unit=enterprise.unit)
        return preview_list(
            enterprise,
            list_of(kwargs["rows"], kwargs["own"]),
            "名单.xlsx",
            by=by,
            batch=kwargs["batch"],
            wants_photos=kwargs["wants_photos"],
            archive=kwargs["archive"],
        )


class WorkerBatchFactory(PreviewedListFactory):
    """A batch that is handed in."""

    @classmethod
    def _create(cls, model_class: type[BatchFile], *args: Any, **kwargs: Any) -> Batch:
        file = super()._create(model_class, *args, **kwargs)
        apply_file(file, by=file.by)
        return Batch.objects.get(pk=file.batch_id)


def workers_of(batch: Batch) -> list[Worker]:
    return list(batch.workers.order_by("number"))


def with_photos(batch: Batch) -> Batch:
    """Everybody has a photo."""
    numbers = [worker.details["id_number"] for worker in workers_of(batch)]
    add_photos(batch, photos_of(numbers), by=batch.by)
    return batch


def registered(batch: Batch, by: User | None = None) -> list[Worker]:
    """Everybody with a photo, checked and registered."""
    with_photos(batch)
    by = by or ChiefFactory(unit=batch.unit)
    keys = [worker.pk for worker in workers_of(batch)]
    for move in ("check", "register"):
        mark_workers(keys, move, by=by, unit=batch.unit)
    return workers_of(batch)
