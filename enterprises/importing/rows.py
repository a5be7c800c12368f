"""One line of a list: what it says, cleaned, and what there is to remark about it.

Pure: no database, no clock. Only the name is required and only a credit code may be wrong, since
identity depends on it; whatever else cannot be understood is put into the note and said.
"""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Model
from django.utils.translation import gettext as _

from enterprises.importing.headings import DATED, NOTED
from enterprises.importing.points import read_point
from enterprises.importing.words import GRADES, KINDS, STAGES, TIERS, is_nothing, meaning
from enterprises.models import Contact, Enterprise
from enterprises.models.enterprise import identity_key
from liaison.core.dates import parse_messy_date
from liaison.core.identifiers import check_credit_code, normalise_credit_code, normalise_phone
from liaison.core.sheets import CellValue, Row, normalise_text, parse_yes_no

# A contact of whom only the number is known; stored, so not translated.
UNNAMED_CONTACT = "企业电话"
LEGAL_POSITION = "法定代表人"
_WORDS = {"kind": KINDS, "stage": STAGES, "tier": TIERS, "grade": GRADES}
# The columns that can say where something is.
POINT = frozenset(("longitude", "latitude", "point"))
_MANY_PEOPLE = 1_000_000


@dataclass(slots=True)
class CleanRow:
    """What a line of the file says.

    ``fields`` are the columns of an enterprise that the line fills; one that is missing was empty.
    ``lines`` are for the note, as (heading, text). ``raw`` are the cells by heading, as text.
    ``messages`` are {"field", "message", "refuses"}.
    """

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    contacts: list[dict[str, str]] = field(default_factory=list)
    lines: list[tuple[str, str]] = field(default_factory=list)
    raw: dict[str, str] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return any(message["refuses"] for message in self.messages)

    @property
    def key(self) -> str:
        return identity_key(self.fields.get("name", ""), self.fields.get("address", ""))

    @property
    def code(self) -> str:
        return str(self.fields.get("credit_code", ""))

    def remark(self, field: str, message: object, *, refuses: bool = False) -> None:
        self.messages.append({"field": field, "message": str(message), "refuses": refuses})


def room_for(name: str, model: type[Model] = Enterprise) -> int:
    """How many characters the column takes."""
    field = model._meta.get_field(name)
    return int(field.max_length)  # type: ignore[union-attr, arg-type]


def clean_row(row: Row, columns: dict[str, str], system: str = "") -> CleanRow:
    """Read one row. ``columns`` goes from field to the heading as written.

    ``system`` is that of points whose row names none.
    """
    return _Reader(row, columns).read(system)


def as_text(value: CellValue) -> str:
    """A cell as a person would type it; empty for what only says that nothing is known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return repr(value)
    return str(value)


class _Reader:
    """Fills one CleanRow, field by field."""

    def __init__(self, row: Row, columns: dict[str, str]) -> None:
        self.values, self.columns = row.values, columns
        self.found = CleanRow(row.number)
        for name, value in row.values.items():
            if text := as_text(value):
                self.found.raw[columns.get(name, name)] = text

    def read(self, system: str) -> CleanRow:
        self.name()
        self.credit_code()
        for name in ("address", "industry", "legal_representative"):
            self.text(name)
        for name, words in _WORDS.items():
            self.word(name, words)
        self.key_unit_class()
        self.headcount()
        self.night_shift()
        self.point(system)
        self.contacts()
        self.noted()
        if len(self.found.key) > room_for("identity_key"):
            self.found.remark("name", _("Name and address are too long."), refuses=True)
        return self.found

    def cell(self, name: str) -> str:
        value = self.values.get(name)
        if value is None:  # as in all the columns that this list does not have
            return ""
        text = normalise_text(as_text(value))
        return "" if is_nothing(text) else text

    def yes_or_no(self, name: str) -> str:
        """The text of a cell where 无 is an answer, not an empty cell."""
        text = normalise_text(as_text(self.values.get(name)))
        return text if text in ("无", "没有") else self.cell(name)

    def into_note(self, name: str, message: object) -> None:
        """Keep in the note what has no place in its column, and say so."""
        self.found.lines.append((self.columns.get(name, name), self.cell(name)[:500]))
        self.found.remark(name, message)

    def text(self, name: str) -> None:
        text, room = self.cell(name), room_for(name)
        if len(text) > room:
            self.into_note(name, _("Cut to %(count)d characters.") % {"count": room})
        if text:
            self.found.fields[name] = text[:room].strip()

    def name(self) -> None:
        text, room = self.cell("name"), room_for("name")
        if not text:
            self.found.remark("name", _("The name is missing."), refuses=True)
        elif len(text) > room:
            self.found.remark(
                "name",
                _("The name has more than %(count)d characters.") % {"count": room},
                refuses=True,
            )
        self.found.fields["name"] = text[:room]

    def credit_code(self) -> None:
        code = normalise_credit_code(self.cell("credit_code"))
        if not code:
            # A column that is not there is said once, for the file.
            if "credit_code" in self.columns:
                self.found.remark("credit_code", _("No credit code; known by name and address."))
            return
        if fault := check_credit_code(code):
            self.found.remark("credit_code", fault.message, refuses=True)
            return
        self.found.fields["credit_code"] = code

    def word(self, name: str, words: dict[str, str]) -> None:
        text = self.cell(name)
        if not text:
            return
        if value := meaning(text, words):
            self.found.fields[name] = value
        else:
            self.into_note(name, _("“%(word)s” is not known here; kept in the note.") % _cut(text))

    def key_unit_class(self) -> None:
        if not (text := self.yes_or_no("key_unit_class")):
            return
        try:
            listed = parse_yes_no(text)
        except ValueError:
            self.text("key_unit_class")
            return
        if listed:
            self.into_note("key_unit_class", _("The class is missing; kept in the note."))

    def headcount(self) -> None:
        if not (text := self.cell("headcount")):
            return
        found = re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d{1,7})(?:\.0+)?\s*[人名个]?", text)
        if found and (count := int(found[1].replace(",", ""))) <= _MANY_PEOPLE:
            self.found.fields["headcount"] = count
        else:
            self.into_note("headcount", _("Not a number of people; kept in the note."))

    def night_shift(self) -> None:
        if not (text := self.yes_or_no("night_shift")):
            return
        try:
            self.found.fields["night_shift"] = parse_yes_no(text)
        except ValueError as error:
            self.into_note("night_shift", error)

    def point(self, system: str) -> None:
        cells = {
            name: self.cell(name)
            for name in ("longitude", "latitude", "point", "coordinate_system", "point_flag")
        }
        if not POINT & set(self.columns):
            return
        point, name, message = read_point(cells, system)
        if message:
            self.found.remark(name, message)
        self.found.fields.update(point)

    def contacts(self) -> None:
        phones = self.phones("contact_phone")
        name, position = self.short("contact_name"), self.short("contact_position")
        if name or phones:
            self.found.contacts.append(
                {
                    "name": name or UNNAMED_CONTACT,
                    "position": position if name else "",
                    "phone": phones[0] if phones else "",
                }
            )
        legal, legal_phones = self.short("legal_representative"), self.phones("legal_phone")
        if legal_phones:
            if name and name == legal:
                self.found.contacts[0]["phone"] = self.found.contacts[0]["phone"] or legal_phones[0]
                return
            self.found.contacts.append(
                {
                    "name": legal or LEGAL_POSITION,
                    "position": LEGAL_POSITION,
                    "phone": legal_phones[0],
                }
            )

    def short(self, name: str) -> str:
        room = room_for("name", Contact)
        return self.cell(name)[:room].strip()

    def phones(self, name: str) -> list[str]:
        """The numbers in the cell; the first is called, the others and what is none are noted."""
        found: list[str] = []
        text = self.cell(name)
        if not text:
            return found
        try:
            return [normalise_phone(text)]
        except ValueError:
            pass
        for part in re.split(r"[、,;/|和或]|\s{1,}(?=1[3-9]\d|0\d)", text):
            # A name or a word may stand with the number: 张先生 13800000000, 手机:138....
            digits = re.search(r"[+\d(][\d\s()+-]{5,}\d", part)
            try:
                found.append(normalise_phone(digits[0] if digits else part))
            except ValueError:
                continue
        if not found:
            self.into_note(name, _("Not a phone number; kept in the note."))
        elif len(found) > 1 or not re.fullmatch(r"[\d\s()+、,;/|和或-]+", text):
            self.into_note(name, _("The cell holds more than one number; all are in the note."))
        return found

    def noted(self) -> None:
        for name in NOTED:
            text = self.cell(name)
            if not text:
                continue
            if name in DATED:
                text = self.day(name, text)
            if name == "noted_scale" and (tier := meaning(text, TIERS)):
                self.found.fields.setdefault("tier", tier)
                continue
            self.found.lines.append((self.columns.get(name, name), text[:500]))
        # Written by a person for people: line breaks and full-width punctuation stay.
        for line in as_text(self.values.get("note")).splitlines():
            if line.strip() and not is_nothing(line):
                self.found.lines.append(("", line.strip()))

    def day(self, name: str, text: str) -> str:
        try:
            return parse_messy_date(self.values.get(name)).isoformat()
        except ValueError as error:
            self.found.remark(name, error)
            return text


def _cut(text: str) -> dict[str, str]:
    return {"word": text[:40]}
