"""What one row says, and what is wrong with it by itself. Pure."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from liaison.core.dates import parse_messy_date
from liaison.core.identifiers import check_resident_id, normalise_phone, normalise_resident_id
from liaison.core.sheets import CellValue, normalise_text

# 《劳动法》 Art. 15 forbids employing anybody below; Art. 58 protects those up to 18.
YOUNGEST, ADULT = 16, 18
# Nobody works in a plant at this age: a slip in the year.
OLDEST = 100
# So far ahead may be written who is only expected.
AHEAD = timedelta(days=60)
LONGEST = {"name": 40, "origin": 200, "residence": 200, "job": 60}
# Beyond that a spreadsheet has rounded a number: it keeps 15 digits.
_ROUNDED = 10**15


@dataclass(slots=True)
class Line:
    """A row: its cells as they came, what they mean, and what there is to say about them.

    ``number`` is the row's in the spreadsheet. ``messages`` never repeat an ID number.
    """

    number: int
    cells: Mapping[str, CellValue]
    name: str = ""
    id_number: str = ""
    phone: str = ""
    origin: str = ""
    residence: str = ""
    job: str = ""
    entry_on: date | None = None
    photo: str = ""
    mark: str = ""
    is_juvenile: bool = False
    messages: list[dict[str, Any]] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return any(one["refuses"] for one in self.messages)

    def refuse(self, about: str, message: object) -> None:
        self.messages.append({"field": about, "message": str(message), "refuses": True})

    def remark(self, about: str, message: object) -> None:
        self.messages.append({"field": about, "message": str(message), "refuses": False})

    @property
    def sealed_part(self) -> dict[str, str]:
        """What of a worker is not kept in clear."""
        return {
            "id_number": self.id_number,
            "phone": self.phone,
            "origin": self.origin,
            "residence": self.residence,
        }


def read_line(number: int, cells: Mapping[str, CellValue], *, today: date) -> Line:
    """The row read and checked by itself, on that day."""
    line = Line(number, cells)
    for name in ("name", "origin", "residence", "job", "mark"):
        text = _text(cells.get(name))
        longest = LONGEST.get(name, 40)
        if len(text) > longest:
            line.refuse(name, _("At most %(n)d characters.") % {"n": longest})
        setattr(line, name, text[:longest])
    line.photo = photo_key(_text(cells.get("photo")))
    _check_name(line)
    _read_number(line, cells.get("id_number"), today)
    _read_phone(line)
    _read_entry(line, today)
    return line


def photo_key(filename: str) -> str:
    """What a photo is known by: the name of its file without folder and ending, in one spelling."""
    name = normalise_text(filename.replace("\\", "/").rsplit("/", 1)[-1])
    stem, dot, ending = name.rpartition(".")
    return (stem if dot and 1 <= len(ending) <= 5 and ending.isalnum() else name).strip().upper()


def birthday_of(id_number: str) -> date:
    """The date of birth in a checked number."""
    return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))


def age_on(born: date, day: date) -> int:
    """Whole years on that day; whoever was born on 29 February has a birthday on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _text(value: CellValue) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return normalise_text(str(value))


def _check_name(line: Line) -> None:
    if not line.name:
        line.refuse("name", _("The name is missing."))
        return
    letters = [c for c in line.name if not c.isspace() and c not in "·•.'-()"]
    if len(letters) < 2 or any(unicodedata.category(c)[0] != "L" for c in letters):
        line.refuse("name", _("This is not a person's name: two letters at least, no digits."))


def _read_number(line: Line, value: CellValue, today: date) -> None:
    if isinstance(value, int | float) and abs(value) >= _ROUNDED and not isinstance(value, bool):
        line.refuse(
            "id_number",
            _(
                "The spreadsheet has rounded this number. Format the column as text and type the "
                "number again."
            ),
        )
        return
    number = normalise_resident_id(_text(value))
    if not number:
        line.refuse("id_number", _("The ID number is missing."))
        return
    if fault := check_resident_id(number):
        line.refuse("id_number", fault)
        return
    age = age_on(birthday_of(number), today)
    if not 0 <= age <= OLDEST:
        line.refuse("id_number", _("The date of birth in the number cannot be right."))
        return
    line.id_number = number
    if age < YOUNGEST:
        line.refuse(
            "id_number", _("Under 16: nobody of this age may be employed (Labour Law, Art. 15).")
        )
    elif age < ADULT:
        line.is_juvenile = True
        line.remark(
            "id_number", _("Under 18: a juvenile worker, whom the law protects (Art. 58, 64, 65).")
        )


def _read_phone(line: Line) -> None:
    text = _text(line.cells.get("phone"))
    if not text:
        line.remark("phone", _("The phone number is missing."))
        return
    try:
        line.phone = normalise_phone(text)
    except ValueError as error:
        line.refuse("phone", error)


def _read_entry(line: Line, today: date) -> None:
    value = line.cells.get("entry_on")
    if value is None or not str(value).strip():
        line.remark("entry_on", _("The day of entry is missing."))
        return
    try:
        entry = parse_messy_date(value)
    except ValueError as error:
        line.refuse("entry_on", error)
        return
    if entry > today + AHEAD:
        line.refuse("entry_on", _("The day of entry lies more than 60 days ahead."))
    elif line.id_number and age_on(birthday_of(line.id_number), entry) < YOUNGEST:
        line.refuse("entry_on", _("On the day of entry this person was under 16."))
    else:
        line.entry_on = entry
