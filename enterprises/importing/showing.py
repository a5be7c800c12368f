"""How a row of a list is shown to the person who decides, and the list one can start from."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from enterprises.importing.headings import ALIASES, FIELDS
from enterprises.models import Enterprise, ImportRow
from liaison.core.sheets import Column

COLUMNS = {field.name: field for field in Enterprise._meta.fields}
# What one sees of a new enterprise at a glance.
GLANCE = ("credit_code", "address", "industry", "headcount")
# One needs no more than the name; these are what a station usually has.
TEMPLATE = (
    "name", "credit_code", "kind", "tier", "stage", "industry", "address", "longitude",
    "latitude", "coordinate_system", "headcount", "night_shift", "legal_representative",
    "contact_name", "contact_position", "contact_phone", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """A row with its words."""

    row: ImportRow

    @property
    def name(self) -> str:
        fields: dict[str, Any] = self.row.values.get("fields", {})
        return str(fields.get("name") or _("(no name)"))

    @property
    def glance(self) -> str:
        """What the row says, in a line; a refused row as it stands in the file."""
        # One that is refused since the list was changed is not kept as it stood.
        if raw := self.row.values.get("raw"):
            return " · ".join(str(text) for text in raw.values())[:200]
        fields = self.row.values.get("fields", {})
        return " · ".join(str(fields[name]) for name in GLANCE if fields.get(name))

    @property
    def changes(self) -> Iterator[dict[str, str]]:
        """Field, before and after, in words."""
        for name, change in self.row.changes.items():
            if name != "contacts":
                before, after = (words(name, value) for value in change)
                yield {"field": column_label(name), "before": before, "after": after}
                continue
            for one in change["added"]:
                new = " ".join(text for text in (one["name"], one["phone"]) if text)
                yield {"field": _("contact"), "before": "", "after": new}
            for one in change["changed"]:
                for part in ("position", "phone"):
                    if part in one:
                        before, after = one[part]
                        yield {"field": one["name"], "before": before, "after": after}

    @property
    def messages(self) -> list[dict[str, Any]]:
        """Why a row is refused; of one that is not, what there is to remark."""
        refused = self.row.outcome == ImportRow.Outcome.REFUSED
        said = [one for one in self.row.messages if one["refuses"] or not refused]
        return [{**one, "label": label(one["field"])} for one in said]


def column_label(name: str) -> str:
    return str(COLUMNS[name].verbose_name)


def label(name: str) -> str:
    """What a remark is about, as people read it; the heading for what only lists know.

    Remarks on a point are about both of its numbers.
    """
    if name == "longitude":
        name = "point"
    if name in COLUMNS:
        return column_label(name)
    headings = ALIASES.get(name)
    return headings[0] if headings else name


def words(name: str, value: Any) -> str:
    """A value as people read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("Yes") if value else _("No"))
    choices: Any = COLUMNS[name].choices
    return str(dict(choices).get(value, value)) if choices else str(value)


def template_columns() -> list[Column]:
    return [Column(name, FIELDS[name][0], 18) for name in TEMPLATE]


def template_rows() -> list[dict[str, Any]]:
    """One row that shows how it is meant; Chinese, as the headings are."""
    return [
        {
            "name": "示例食品有限公司(示例行,填写前请删除)",
            "kind": "企业",
            "tier": "规上",
            "stage": "运营",
            "industry": "食品加工",
            "address": "示例路1号",
            "coordinate_system": "高德",
            "headcount": 120,
            "night_shift": "有",
            "contact_name": "示例联系人",
            "contact_position": "安保负责人",
            "contact_phone": "13800000000",
        }
    ]
