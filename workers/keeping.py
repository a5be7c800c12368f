"""How what a list says is kept: sealed, and found again by keyed hashes."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from django.utils import timezone

from enterprises.models import Enterprise
from liaison.accounts.models import Unit
from liaison.core.sealing import blind_index, blind_indexes, seal, unseal
from liaison.core.sheets import CellValue
from workers.checking.cells import dumped, loaded
from workers.checking.planning import Known
from workers.checking.rows import Line, read_line
from workers.models import BatchRow, Worker

# Below the number of parameters that SQLite takes in one statement.
BATCH = 400

T = TypeVar("T")


def batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    return (items[at : at + BATCH] for at in range(0, len(items), BATCH))


def id_scope(unit: Unit | int) -> str:
    """Within a station equal numbers have one index; elsewhere they have another."""
    return f"worker:{unit.pk if isinstance(unit, Unit) else unit}"


def photo_index(enterprise: Enterprise, key: str) -> bytes:
    """What a photo's name has in common with the row that names it; it may be an ID number."""
    return blind_index(key, scope=f"photo:{enterprise.pk}")


def seal_cells(row: BatchRow, cells: dict[str, CellValue]) -> bytes:
    return seal(dumped(cells), row=f"row:{row.pk}")


def opened(row: BatchRow) -> dict[str, CellValue]:
    """The cells of a row as they came."""
    return loaded(unseal(row.sealed, row=f"row:{row.pk}"))


def line_of(row: BatchRow, *, today: date) -> Line:
    """A row read and checked anew."""
    return read_line(row.number, opened(row), today=today)


def find_known(enterprise: Enterprise, numbers: Iterable[str]) -> dict[str, list[Known]]:
    """Who of these ID numbers is registered at the station and has not left, by number."""
    unit = enterprise.unit_id
    number_of = {
        index: number
        for number in set(numbers)
        for index in blind_indexes(number, scope=id_scope(unit))
    }
    found: dict[str, list[Known]] = {}
    for some in batches(sorted(number_of)):
        there = Worker.objects.filter(unit=unit, id_index__in=some).here().order_by("pk")
        for pk, index, where, status, since in there.values_list(
            "pk", "id_index", "enterprise", "status", "batch__made_at"
        ):
            known = Known(pk, where == enterprise.pk, status, timezone.localdate(since))
            found.setdefault(number_of[bytes(index)], []).append(known)
    return found
