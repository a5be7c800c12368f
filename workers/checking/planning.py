"""What each row of a list would do: duplicates in the file, people known already, photos. Pure.

The same rows and the same people known give the same answer, so that a preview can be checked
again before it is carried out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from workers.checking.rows import Line
from workers.models import BatchRow
from workers.workflow import Status

Outcome = BatchRow.Outcome
# What goes in without being asked about.
TAKEN = (Outcome.NEW, Outcome.CORRECTED)
# What comes back to be repaired or asked about.
BACK = (Outcome.REFUSED, Outcome.ASKS)


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody of that number who is registered at the station and has not left.

    ``here``: for the same enterprise; ``since`` when they were handed in.
    """

    worker: UUID
    here: bool
    status: str
    since: date


@dataclass(slots=True)
class Planned:
    line: Line
    outcome: str
    known: Known | None = None


def plan_lines(
    lines: Iterable[Line],
    known: Mapping[str, list[Known]],
    *,
    has_photo: frozenset[int] = frozenset(),
    wants_photos: bool = False,
) -> list[Planned]:
    """Each line with what it would do; ``known`` by ID number, ``has_photo`` are row numbers.

    Messages are added to the lines. Of two rows with one number the later is refused: which of
    them is right, a person has to say.
    """
    first: dict[str, int] = {}
    found = []
    for line in lines:
        number = line.id_number
        if number and number in first:
            line.refuse(
                "id_number",
                _("The same ID number stands in row %(row)d.") % {"row": first[number]},
            )
        elif number:
            first[number] = line.number
        if line.number not in has_photo:
            if wants_photos:
                line.refuse("photo", _("The photo is missing."))
            else:
                line.remark("photo", _("The photo is missing; it can follow."))
        found.append(_one(line, known.get(number, []) if number else []))
    return found


def _one(line: Line, known: list[Known]) -> Planned:
    if line.refused:
        return Planned(line, Outcome.REFUSED)
    if here := next((one for one in known if one.here), None):
        if here.status == Status.CORRECTION:
            return Planned(line, Outcome.CORRECTED, here)
        line.remark(
            "id_number",
            _("Handed in already on %(day)s.") % {"day": date_format(here.since, "Y-m-d")},
        )
        return Planned(line, Outcome.UNCHANGED, here)
    if known:
        # For whom else is not told: it is not this enterprise's to know.
        line.remark(
            "id_number",
            _("Registered at the station elsewhere: taken in only if this person works here now."),
        )
        return Planned(line, Outcome.ASKS, known[0])
    return Planned(line, Outcome.NEW)
