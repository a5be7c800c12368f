"""Whom a role means at a station today, for many rows in a few queries."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from django.utils import timezone

from enterprises.models import Cover, Enterprise, Recipient
from liaison.accounts.models import Kind, Unit, User

BY_KIND = {Kind.DESK: Recipient.DESK, Kind.CHIEF: Recipient.CHIEF, Kind.BUREAU: Recipient.BUREAU}


class Reach:
    """The people of these stations, of the bureaus above them, and who acts for whom that day."""

    def __init__(self, units: Iterable[Unit], on: date) -> None:
        self.above = {unit.pk: _above(unit) for unit in units}
        wanted = {pk for pks in self.above.values() for pk in pks}
        staff = User.objects.active().filter(unit__in=wanted, kind__in=BY_KIND).order_by("pk")
        self.staff: dict[tuple[int, str], list[User]] = defaultdict(list)
        for one in staff:
            self.staff[one.unit_id or 0, BY_KIND[Kind(one.kind)]].append(one)
        covers = Cover.objects.all().active(on).filter(officer__unit__in=self.above)
        self.acting = {cover.officer_id: cover.acting for cover in covers.select_related("acting")}

    def officer(self, person: User | None, unit: Unit) -> list[User]:
        """The officer, or who acts while he is away; nobody if he serves here no more."""
        if person is None or not person.can_answer_at(unit):
            return []
        return [self.acting.get(person.pk, person)]

    def role(self, recipient: str, unit: Unit) -> list[User]:
        """Desk or chiefs of the station, or the people of the nearest bureau above that has any."""
        places = self.above[unit.pk]
        if recipient != Recipient.BUREAU:
            return self.staff.get((unit.pk, recipient), [])
        return next((found for pk in places if (found := self.staff.get((pk, recipient)))), [])


def _above(unit: Unit) -> list[int]:
    """The unit and those over it, the nearest first."""
    return [int(pk) for pk in reversed(unit.path.strip("/").split("/"))]


def answering(enterprise: Enterprise) -> list[User]:
    """Who hears of what happens at an enterprise: its officer, or who acts for him; else the desk,
    else the chiefs."""
    unit = enterprise.unit
    reach = Reach([unit], timezone.localdate())
    place = enterprise.assignments.open().responsible().select_related("officer").first()
    return (
        reach.officer(place.officer if place else None, unit)
        or reach.role(Recipient.DESK, unit)
        or reach.role(Recipient.CHIEF, unit)
    )
