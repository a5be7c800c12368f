"""A file as a list of enterprises: its rows cleaned, and what there is to say about the whole."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from enterprises.importing.headings import ALIASES
from enterprises.importing.rows import POINT, CleanRow, clean_row
from liaison.core.sheets import UnreadableSheet, read_sheet


@dataclass(frozen=True)
class EnterpriseList:
    """What a file says. ``notes`` are remarks on the file as a whole."""

    rows: list[CleanRow]
    notes: list[str]


def read_list(content: bytes, filename: str = "") -> EnterpriseList:
    """Read XLSX, XLS or CSV. Raises ``UnreadableSheet`` with a message for people."""
    sheet = read_sheet(content, filename, aliases=ALIASES)
    if "name" not in sheet.columns:
        raise UnreadableSheet(
            "no_name", _("No column holds the names: one must be headed 企业名称 or alike.")
        )
    notes = []
    if sheet.unknown_headings:
        notes.append(
            _("Columns that are not known here and were left out: %s.")
            % "、".join(sheet.unknown_headings)
        )
    if sheet.doubled_headings:
        notes.append(
            _("Columns left out because an earlier one means the same: %s.")
            % "、".join(sheet.doubled_headings)
        )
    if "credit_code" not in sheet.columns:
        notes.append(_("No column for credit codes: enterprises are known by name and address."))
    if not POINT & set(sheet.columns):
        notes.append(_("No columns for the position: new enterprises will not be on the map."))
    if not sheet.rows:
        raise UnreadableSheet("no_rows", _("Below the headings there is no row."))
    return EnterpriseList([clean_row(row, sheet.columns) for row in sheet.rows], notes)
