"""Cells as they are kept sealed, and a list as it is given back."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from liaison.core.sheets import CellValue, Row
from workers.checking.headings import OURS, heading
from workers.models import BatchRow

# field or heading, heading as written
Layout = Sequence[Sequence[str]]


def cells_of(row: Row) -> dict[str, CellValue]:
    """All that a row holds, by field or, for columns of the enterprise's own, by heading."""
    filled = {name: value for name, value in row.values.items() if value is not None}
    return {**filled, **row.extra}


def dumped(cells: Mapping[str, CellValue]) -> str:
    return json.dumps({name: _plain(value) for name, value in cells.items()}, ensure_ascii=False)


def loaded(text: str) -> dict[str, CellValue]:
    found: dict[str, Any] = json.loads(text)
    return {name: _value(value) for name, value in found.items()}


def repair_layout(layouts: Iterable[Layout]) -> list[tuple[str, str]]:
    """The columns of a list to be repaired: those of the files it comes from, in their order, and
    at the end which row each was and why it came back."""
    columns: dict[str, str] = {}
    for layout in layouts:
        for name, written in layout:
            if name not in OURS:
                columns.setdefault(name, written)
    return [*columns.items(), *((name, heading(name)) for name in OURS)]


def reasons(row: BatchRow) -> str:
    """Why a row came back, as one cell."""
    return "；".join(f"{heading(one['field'])}：{one['message']}" for one in row.said)


def _plain(value: CellValue) -> object:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _value(value: Any) -> CellValue:
    if not isinstance(value, dict):
        plain: CellValue = value
        return plain
    if "moment" in value:
        return datetime.fromisoformat(value["moment"])
    return date.fromisoformat(value["day"])
