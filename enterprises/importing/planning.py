"""What each row of a list would do to a station's enterprises.

Pure: the enterprises are given as :class:`Known`, nothing is read or written here. The same rows
and the same enterprises give the same plan, so that a preview can be checked again before it is
carried out.

Which enterprise a row means, in this order:

1. the one with its credit code;
2. the one of its name and address, unless both carry codes that differ;
3. where the row or the enterprise has no address: the only one of that name, as long as neither
   the station's list nor the file knows the name at two addresses or with two codes. What a row
   means must not depend on the rows above it, or the same file would do something else tomorrow.

An empty cell says nothing: it never erases what is known.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from enterprises.importing.headings import line_key
from enterprises.importing.rows import UNNAMED_CONTACT, CleanRow, room_for
from enterprises.models import ImportRow
from enterprises.models.enterprise import identity_key

Outcome = ImportRow.Outcome
POINT = ("longitude", "latitude", "coordinate_source")
# 1e-6 degree is a decimetre: closer than that two readings of one point are the same.
SAME_POINT = 1e-6


@dataclass(slots=True)
class Known:
    """An enterprise as the plan sees it; ``pk`` is None for one that this file brings.

    ``contacts`` are {"id", "name", "position", "phone", "left"}, those present first; ``row`` is
    the row of this file that spoke of it first. One that was ``merged_into`` another is there so
    that an old list does not bring it back.
    """

    pk: int | None
    fields: dict[str, Any]
    contacts: list[dict[str, Any]] = field(default_factory=list)
    version: int = 0
    row: int | None = None
    # The name of the entry that this one was merged into.
    merged_into: str = ""

    @property
    def code(self) -> str:
        return str(self.fields.get("credit_code", ""))

    @property
    def name_key(self) -> str:
        return identity_key(str(self.fields.get("name", "")), "")

    @property
    def key(self) -> str:
        return identity_key(str(self.fields.get("name", "")), str(self.fields.get("address", "")))


@dataclass(slots=True)
class Planned:
    """What one row would do.

    ``changes`` goes from field to [before, after]; "contacts" in it holds what is added and
    changed there. ``known`` is the enterprise meant, None for a refused row. ``ended`` are the
    places of officers that carrying it out has ended.
    """

    number: int
    outcome: str
    known: Known | None = None
    changes: dict[str, Any] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    ended: list[int] = field(default_factory=list)

    def remark(self, field: str, message: str, *, refuses: bool = False) -> None:
        self.messages.append({"field": field, "message": message, "refuses": refuses})


class Planner:
    """Goes through the rows in the file's order; earlier rows count for later ones."""

    def __init__(self, known: Iterable[Known]) -> None:
        self.by_code: dict[str, Known] = {}
        self.by_key: dict[str, list[Known]] = defaultdict(list)
        self.by_name: dict[str, list[Known]] = defaultdict(list)
        # Addresses and codes that the list and the file together know, by name and by key.
        self.addresses: dict[str, set[str]] = defaultdict(set)
        self.codes: dict[str, set[str]] = defaultdict(set)
        for one in known:
            self._add(one)
            if not one.merged_into:
                self._note_identity(one.fields)

    def plan(self, rows: Sequence[CleanRow]) -> list[Planned]:
        for row in rows:
            if not row.refused:
                self._note_identity(row.fields)
        return [self._one(row) for row in rows]

    def _note_identity(self, fields: dict[str, Any]) -> None:
        name, address = str(fields["name"]), str(fields.get("address") or "")
        by_name, by_key = identity_key(name, ""), identity_key(name, address)
        if address:
            self.addresses[by_name].add(by_key)
        if code := fields.get("credit_code"):
            self.codes[by_name].add(code)
            self.codes[by_key].add(code)

    def _add(self, one: Known) -> None:
        if one.code:
            self.by_code[one.code] = one
        self.by_key[one.key].append(one)
        self.by_name[one.name_key].append(one)

    def _one(self, row: CleanRow) -> Planned:
        planned = Planned(row.number, Outcome.REFUSED, messages=list(row.messages))
        if row.refused:
            return planned
        meant = self._meant(row)
        if meant is None:
            return _refuse(
                planned,
                "name",
                _("Several enterprises of this name are listed: give the credit code or address."),
            )
        if not meant:
            one = Known(None, dict(row.fields), list(row.contacts), row=row.number)
            one.fields["note"] = self._note(row, "", planned)
            self._add(one)
            planned.known, planned.outcome = one, Outcome.CREATED
            return planned
        return self._change(row, meant[0], planned)

    def _meant(self, row: CleanRow) -> list[Known] | None:
        """The enterprise meant, none of them for a new one; None where several could be."""
        if row.code and (one := self.by_code.get(row.code)):
            return [one]

        def may_be(one: Known) -> bool:
            return not (row.code and one.code and one.code != row.code)

        if not row.code and len(self.codes[row.key]) > 1:
            return None
        if same := _standing([one for one in self.by_key[row.key] if may_be(one)]):
            return same if len(same) == 1 else None
        name = identity_key(row.fields["name"], "")
        address = row.fields.get("address", "")
        if len(self.addresses[name]) > 1 or len(self.codes[name]) > 1:
            return [] if address or row.code else None
        named = [
            one
            for one in self.by_name[name]
            if may_be(one) and not (address and one.fields.get("address"))
        ]
        named = _standing(named)
        return named if len(named) < 2 else None

    def _change(self, row: CleanRow, one: Known, planned: Planned) -> Planned:
        if one.merged_into:
            said = _("Merged into “%(name)s”: this row changes nothing.")
            planned.remark("name", said % {"name": one.merged_into})
            planned.known, planned.outcome = one, Outcome.UNCHANGED
            return planned
        changes = _field_changes(row, one)
        before = str(one.fields.get("note", ""))
        if (note := self._note(row, before, planned)) != before:
            changes["note"] = [before, note]
        if contacts := _contact_changes(row, one, planned):
            changes["contacts"] = contacts
        if one.row is not None:
            first = {"row": one.row}
            if changes:
                return _refuse(
                    planned,
                    "name",
                    _("Row %(row)d is the same enterprise and says otherwise.") % first,
                )
            planned.remark("name", _("The same as row %(row)d.") % first)
        planned.known, planned.changes = one, changes
        planned.outcome = Outcome.UPDATED if changes else Outcome.UNCHANGED
        self._take_in(one, row.number, changes)
        return planned

    def _take_in(self, one: Known, number: int, changes: dict[str, Any]) -> None:
        """Later rows see the enterprise as this row leaves it."""
        one.row = one.row or number
        if not changes:
            return
        for listed in (self.by_key[one.key], self.by_name[one.name_key]):
            listed.remove(one)
        for name, change in changes.items():
            if name == "contacts":
                one.contacts = [*one.contacts, *change["added"]]
            else:
                one.fields[name] = change[1]
        self._add(one)

    def _note(self, row: CleanRow, before: str, planned: Planned) -> str:
        """The note with the row's lines added that are not in it yet, as far as there is room."""
        if not row.lines:
            return before
        lines = before.splitlines()
        said = {line_key(line) for line in lines}
        room = room_for("note")
        for heading, text in row.lines:
            line = f"{heading}:{text}" if heading else text
            if line_key(line) in said:
                continue
            if len("\n".join([*lines, line])) > room:
                planned.remark("note", _("The note is full."))
                break
            lines.append(line)
            said.add(line_key(line))
        return "\n".join(lines) if len(lines) > len(before.splitlines()) else before


def _standing(known: list[Known]) -> list[Known]:
    """Of several that a row may mean those that were merged away only where there is no other."""
    return [one for one in known if not one.merged_into] or known


def counts_of(plan: Sequence[Planned]) -> dict[str, int]:
    """How many rows come out how: created, updated, unchanged, refused."""
    return {outcome: sum(one.outcome == outcome for one in plan) for outcome in Outcome.values}


def _field_changes(row: CleanRow, one: Known) -> dict[str, Any]:
    changes = {
        name: [one.fields.get(name), value]
        for name, value in row.fields.items()
        if name not in POINT and one.fields.get(name) != value
    }
    if _moved(row.fields, one.fields):
        changes |= {name: [one.fields.get(name), row.fields[name]] for name in POINT}
    return changes


def _moved(new: dict[str, Any], old: dict[str, Any]) -> bool:
    """Whether the row has a point, and it is another place than the one that is known."""
    if "longitude" not in new:
        return False
    pairs = [(new[name], old.get(name)) for name in ("longitude", "latitude")]
    return any(then is None or abs(now - then) > SAME_POINT for now, then in pairs)


def _contact_changes(row: CleanRow, one: Known, planned: Planned) -> dict[str, Any]:
    """Contacts that are not there yet, and numbers or positions of those who are.

    Somebody who has left stays away: whoever keeps the contacts knows better than a list.
    """
    added: list[dict[str, Any]] = []
    changed: list[dict[str, Any]] = []
    for new in row.contacts:
        same = next((old for old in one.contacts if _same_person(old, new)), None)
        if same is None:
            added.append(dict(new))
            continue
        if same.get("left"):
            planned.remark("contact_name", _("%(name)s has left.") % {"name": same["name"]})
            continue
        moves = {
            name: [same.get(name, ""), new[name]]
            for name in ("position", "phone")
            if new.get(name) and new[name] != same.get(name)
        }
        if moves and new["name"] != UNNAMED_CONTACT:
            changed.append({"id": same.get("id"), "name": same["name"], **moves})
    return {"added": added, "changed": changed} if added or changed else {}


def _same_person(old: dict[str, Any], new: dict[str, Any]) -> bool:
    """The same name; or a number without a name that somebody there has already."""
    if old["name"] == new["name"]:
        return True
    return new["name"] == UNNAMED_CONTACT and bool(new["phone"]) and old["phone"] == new["phone"]


def _refuse(planned: Planned, field: str, message: str) -> Planned:
    planned.remark(field, message, refuses=True)
    return planned
