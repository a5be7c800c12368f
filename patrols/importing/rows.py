"""One row of a list of guards: what it says, cleaned, and what is wrong with it. Pure."""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from enterprises.importing.rows import as_text
from enterprises.importing.words import is_nothing
from liaison.core.dates import parse_messy_date
from liaison.core.identifiers import normalise_credit_code, normalise_phone
from liaison.core.sheets import Row, UnreadableSheet, normalise_text, read_sheet
from patrols.certificates import SELF_RECRUITED
from patrols.importing.headings import ALIASES, EMPLOYERS
from patrols.normal_certificate import normal_certificate

NEEDED = ("enterprise", "name")
MOST_ROWS = 2000
ROOM = {"name": 40, "company": 80, "certificate": 40}
# Said of a certificate that never ends.
FOREVER = ("长期", "长期有效", "永久", "永久有效")


@dataclass(slots=True)
class CleanRow:
    """What a row says. ``facts`` holds the columns that it fills, days in ISO: an empty cell says
    nothing. ``messages`` are {"field", "message", "refuses"}; ``raw`` is the row as it stands."""

    number: int
    enterprise: str = ""
    credit_code: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    raw: str = ""

    @property
    def refused(self) -> bool:
        return any(one["refuses"] for one in self.messages)

    def refuse(self, about: str, message: object) -> None:
        self.messages.append({"field": about, "message": str(message), "refuses": True})

    def remark(self, about: str, message: object) -> None:
        self.messages.append({"field": about, "message": str(message), "refuses": False})


def read_guards(content: bytes, filename: str = "") -> tuple[list[CleanRow], list[str]]:
    """The rows of XLSX, XLS or CSV, and remarks on the file as a whole.

    Raises ``UnreadableSheet`` with a message for people.
    """
    sheet = read_sheet(content, filename, aliases=ALIASES)
    for name in NEEDED:
        if name not in sheet.columns:
            raise UnreadableSheet(
                "no_column",
                _("There is no column “%(name)s”.") % {"name": ALIASES[name][0]},
            )
    if not sheet.rows:
        raise UnreadableSheet("no_rows", _("Below the headings there is no row."))
    if len(sheet.rows) > MOST_ROWS:
        raise UnreadableSheet("too_many", _("At most %(n)d guards in one list.") % {"n": MOST_ROWS})
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
    return [clean_row(row) for row in sheet.rows], notes


def clean_row(row: Row) -> CleanRow:
    """Read one row; of what cannot be understood it says so and is refused."""
    found = CleanRow(row.number)
    found.raw = " · ".join(text for value in row.values.values() if (text := as_text(value)))[:200]
    found.enterprise = _cell(row, "enterprise")
    found.credit_code = normalise_credit_code(_cell(row, "credit_code"))
    if not found.enterprise and not found.credit_code:
        found.refuse("enterprise", _("The enterprise is missing."))
    for name in ("name", "company"):
        if text := _cell(row, name):
            found.facts[name] = text
    if "name" not in found.facts:
        found.refuse("name", _("The name is missing."))
    _employer(row, found)
    _certificate(row, found)
    _phone(row, found)
    _day(row, found, "joined_on")
    for name, room in ROOM.items():
        if len(found.facts.get(name, "")) > room:
            found.refuse(name, _("At most %(n)d characters.") % {"n": room})
    return found


def _cell(row: Row, name: str) -> str:
    value = row.values.get(name)
    if isinstance(value, float) and value.is_integer():
        # XLS has no whole numbers.
        value = int(value)
    text = normalise_text(as_text(value))
    return "" if is_nothing(text) else text


def _employer(row: Row, found: CleanRow) -> None:
    if not (text := _cell(row, "employer")):
        # A list of one company names it and says no more.
        if found.facts.get("company"):
            found.facts["employer"] = "guard_company"
        return
    meant = _employers().get(text.replace(" ", "").lower())
    if meant is None:
        found.refuse(
            "employer",
            _("“%(word)s” is not understood: write 自行招用 or 保安公司派驻.")
            % {"word": text[:40]},
        )
        return
    found.facts["employer"] = meant
    if meant == SELF_RECRUITED and found.facts.get("company"):
        del found.facts["company"]
        found.remark("company", _("Left out: the enterprise recruited this guard itself."))


@lru_cache(maxsize=1)
def _employers() -> dict[str, str]:
    return {word: meant for meant, words in EMPLOYERS.items() for word in words}


def _certificate(row: Row, found: CleanRow) -> None:
    value = row.values.get("certificate")
    if isinstance(value, float) and abs(value) >= 10**15:
        # Excel keeps fifteen digits of a number; the others are gone.
        found.refuse(
            "certificate",
            _("Excel has cut this number: format the column as text and type it again."),
        )
        return
    if number := normal_certificate(_cell(row, "certificate")):
        found.facts["certificate"] = number
    if _cell(row, "certificate_until") in FOREVER:
        found.refuse("certificate_until", _("Give the day: a certificate is checked against it."))
        return
    _day(row, found, "certificate_until")


def _phone(row: Row, found: CleanRow) -> None:
    if not (text := _cell(row, "phone")):
        return
    try:
        found.facts["phone"] = normalise_phone(text)
    except ValueError as error:
        found.refuse("phone", error)


def _day(row: Row, found: CleanRow, name: str) -> None:
    if not _cell(row, name):
        return
    value = row.values.get(name)
    # 2024-03-05至2027-03-05: the end is what counts.
    if isinstance(value, str):
        value = normalise_text(value).replace("--", "至").split("至")[-1].strip()
    try:
        found.facts[name] = parse_messy_date(value).isoformat()
    except ValueError as error:
        found.refuse(name, error)


def as_values(facts: dict[str, str]) -> dict[str, Any]:
    """Facts with their days as days."""
    return {
        name: date.fromisoformat(text) if name in ("certificate_until", "joined_on") else text
        for name, text in facts.items()
    }
