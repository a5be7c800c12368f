"""What each row of a list would do to a station's guards.

Pure: enterprises and guards are given, nothing is read or written here. The same rows and the
same guards give the same plan, so that a preview can be checked again before it is carried out.

Which guard a row means: the one with its certificate number; else the one of that name at that
enterprise, as long as there is only one (a telephone number tells two of a name apart). An empty
cell says nothing. Sent a second time, the same list changes nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from enterprises.models.enterprise import identity_key
from patrols.certificates import SELF_RECRUITED
from patrols.importing.rows import CleanRow

CREATED, UPDATED, UNCHANGED, REFUSED = "created", "updated", "unchanged", "refused"
FACTS = (
    "name", "phone", "employer", "company", "certificate", "certificate_until", "joined_on",
)  # fmt: skip


@dataclass(slots=True)
class KnownEnterprise:
    pk: int
    name: str
    credit_code: str


@dataclass(slots=True)
class KnownGuard:
    """``facts`` as rows have them: days in ISO, what is not known as ""; ``pk`` is None for one
    that this file brings, ``row`` the row of this file that spoke of them first."""

    pk: int | None
    enterprise: int
    facts: dict[str, str]
    version: int = 0
    row: int | None = None


@dataclass(slots=True)
class Planned:
    """What one row would do; kept as it is, as JSON. ``changes`` goes from fact to
    [before, after]; ``facts`` is the whole of a new guard."""

    number: int
    outcome: str
    place: str = ""
    enterprise: int | None = None
    guard: int | None = None
    version: int = 0
    facts: dict[str, str] = field(default_factory=dict)
    changes: dict[str, list[str]] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    raw: str = ""
    # The row as it was read, to plan it again.
    read: dict[str, Any] = field(default_factory=dict)

    def refuse(self, about: str, message: object) -> "Planned":
        self.messages.append({"field": about, "message": str(message), "refuses": True})
        self.outcome = REFUSED
        return self

    def remark(self, about: str, message: object) -> None:
        self.messages.append({"field": about, "message": str(message), "refuses": False})


class Planner:
    """Goes through the rows in the file's order; earlier rows count for later ones."""

    def __init__(
        self, enterprises: Iterable[KnownEnterprise], guards: Iterable[KnownGuard]
    ) -> None:
        self.by_code: dict[str, KnownEnterprise] = {}
        self.by_name: dict[str, list[KnownEnterprise]] = defaultdict(list)
        for one in enterprises:
            if one.credit_code:
                self.by_code[one.credit_code] = one
            self.by_name[identity_key(one.name, "")].append(one)
        self.by_certificate: dict[str, KnownGuard] = {}
        self.by_person: dict[tuple[int, str], list[KnownGuard]] = defaultdict(list)
        for guard in guards:
            self._add(guard)

    def plan(self, rows: Sequence[CleanRow]) -> list[Planned]:
        return [self._one(row) for row in rows]

    def _add(self, guard: KnownGuard) -> None:
        if guard.facts["certificate"]:
            self.by_certificate[guard.facts["certificate"]] = guard
        self.by_person[guard.enterprise, guard.facts["name"]].append(guard)

    def _one(self, row: CleanRow) -> Planned:
        planned = Planned(
            row.number,
            REFUSED,
            place=row.enterprise,
            messages=[dict(one) for one in row.messages],
            raw=row.raw,
            facts=dict(row.facts),
            read=asdict(row),
        )
        if row.refused:
            return planned
        place = self._place(row, planned)
        if place is None:
            return planned
        planned.enterprise, planned.place = place.pk, place.name
        meant = self._meant(row, place, planned)
        if planned.outcome == REFUSED and any(one["refuses"] for one in planned.messages):
            return planned
        return self._create(row, place, planned) if meant is None else self._change(meant, planned)

    def _place(self, row: CleanRow, planned: Planned) -> KnownEnterprise | None:
        if row.credit_code and (one := self.by_code.get(row.credit_code)):
            return one
        named = self.by_name.get(identity_key(row.enterprise, ""), []) if row.enterprise else []
        if len(named) == 1:
            return named[0]
        planned.refuse(
            "enterprise",
            _("Several enterprises of this name are listed: give the credit code.")
            if named
            else _("No enterprise of this name is listed here: take it in first."),
        )
        return None

    def _meant(self, row: CleanRow, place: KnownEnterprise, planned: Planned) -> KnownGuard | None:
        if one := self.by_certificate.get(row.facts.get("certificate", "")):
            if one.enterprise == place.pk:
                return one
            planned.refuse(
                "certificate",
                _(
                    "A guard of another enterprise has this certificate. If they moved, note first "
                    "that they left."
                ),
            )
            return None
        named = [
            one
            for one in self.by_person[place.pk, row.facts["name"]]
            if not _two_people(one.facts, row.facts)
        ]
        if len(named) > 1:
            planned.refuse(
                "name",
                _("Several guards of this name are here: give the certificate number."),
            )
            return None
        return named[0] if named else None

    def _create(self, row: CleanRow, place: KnownEnterprise, planned: Planned) -> Planned:
        facts = {name: row.facts.get(name, "") for name in FACTS}
        if _incomplete(facts, planned):
            return planned
        if not facts["certificate"]:
            planned.remark("certificate", _("Without a certificate nobody is put on a roster."))
        planned.outcome, planned.facts = CREATED, facts
        self._add(KnownGuard(None, place.pk, facts, row=row.number))
        return planned

    def _change(self, one: KnownGuard, planned: Planned) -> Planned:
        after = {**one.facts, **planned.facts}
        if after["employer"] == SELF_RECRUITED:
            after["company"] = ""
        changes = {
            name: [one.facts[name], after[name]] for name in FACTS if one.facts[name] != after[name]
        }
        if one.row is not None:
            if changes:
                return planned.refuse(
                    "name",
                    _("Row %(row)d is the same guard and says otherwise.") % {"row": one.row},
                )
            planned.remark("name", _("The same as row %(row)d.") % {"row": one.row})
        if _incomplete(after, planned):
            return planned
        planned.outcome = UPDATED if changes else UNCHANGED
        planned.guard, planned.version, planned.changes = one.pk, one.version, changes
        planned.facts = after
        self.by_certificate.pop(one.facts["certificate"], None)
        self.by_person[one.enterprise, one.facts["name"]].remove(one)
        one.facts, one.row = after, one.row or planned.number
        self._add(one)
        return planned


def counts_of(rows: Iterable[dict[str, Any]]) -> dict[str, int]:
    """How many rows come out how."""
    counts = dict.fromkeys((CREATED, UPDATED, UNCHANGED, REFUSED), 0)
    for one in rows:
        counts[one["outcome"]] += 1
    return counts


def _two_people(one: dict[str, str], other: dict[str, str]) -> bool:
    """Whether two of a name are told apart by their numbers."""
    phones = {one["phone"], other.get("phone", "")} - {""}
    return len(phones) > 1 and one["certificate"] != other.get("certificate", "")


def _incomplete(facts: dict[str, str], planned: Planned) -> bool:
    """Refuses what could not be kept."""
    if not facts["employer"]:
        planned.refuse("employer", _("Say who employs the guard."))
    elif facts["employer"] != SELF_RECRUITED and not facts["company"]:
        planned.refuse("company", _("Name the guard company."))
    if facts["certificate"] and not facts["certificate_until"]:
        planned.refuse("certificate_until", _("Say until when the certificate is valid."))
    elif facts["certificate_until"] and not facts["certificate"]:
        planned.refuse("certificate", _("The number of the certificate is missing."))
    return any(one["refuses"] for one in planned.messages)
