"""How a row that is no worker yet is shown: the name, a masked number, what there is to say."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from liaison.core.identifiers import mask_resident_id, normalise_resident_id, without_numbers
from workers.checking.headings import heading
from workers.keeping import opened
from workers.models import BatchRow


@dataclass(frozen=True)
class Shown:
    row: BatchRow

    @cached_property
    def cells(self) -> dict[str, str]:
        return {name: str(value) for name, value in opened(self.row).items()}

    @property
    def name(self) -> str:
        return without_numbers(self.cells.get("name", ""))[:40]

    @property
    def number(self) -> str:
        return mask_resident_id(normalise_resident_id(self.cells.get("id_number", ""))[:18])

    @property
    def job(self) -> str:
        return without_numbers(self.cells.get("job", ""))[:60]

    @property
    def messages(self) -> list[dict[str, Any]]:
        return [{**one, "label": heading(one["field"])} for one in self.row.said]
