"""A station's visits and inspections, and the contact clocks that follow from them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from enterprises.ladder import Ringing
from enterprises.models import Cadence, Due, Recipient, Reminder
from liaison.demo import words
from liaison.demo.scale.enterprises import Firm, officer_wanted_by
from liaison.demo.scale.people import Person
from liaison.demo.scale.rules import local_date
from liaison.demo.scale.station import Station
from visits.models import Front, Inspection, OfficerRole, Promise, Visit

ROLES = [[one, other] for one in OfficerRole.values for other in OfficerRole.values if one < other]
FRONTS = [[one] for one in Front.values]
LATE = 0.03  # of the enterprises: last reached longer ago than their interval
PROMISED = 0.05  # of the visits
# Findings are of the last days: their lines are still under way.
FOUND_DAYS = (2, 6)
FOUND = 5
# Of a year, more than a page of a list holds.
INSPECTIONS = 28


@dataclass(frozen=True, slots=True)
class Turned:
    """What a visit or an inspection turned up, to become a line of the bill."""

    firm: Firm
    at: datetime
    by: Person
    visit: int | None = None
    inspection: int | None = None


def make_rounds(station: Station, firms: list[Firm]) -> list[Turned]:
    """Visits to all that somebody answers for; what was found on some of them."""
    found: list[Turned] = []
    for firm in firms:
        contact = site = None
        if firm.officer is not None:
            contact, site = _visits(station, firm, firm.officer, found)
        _cadence(station, firm, contact, site)
    looked_after = [firm for firm in firms if firm.officer is not None]
    key_first = sorted(looked_after, key=lambda firm: firm.tier != "key")
    for n, firm in enumerate(key_first[:INSPECTIONS]):
        found += _inspect(station, firm, n)
    return found


def _visits(
    station: Station, firm: Firm, officer: Person, found: list[Turned]
) -> tuple[datetime, datetime]:
    """Two to four, the last in time at nearly all; when the last was, and the last on site."""
    chance, rules = station.chance, station.rules
    days = rules.interval(firm.tier, firm.grade, firm.stage, "contact_days").days
    often = rules.interval(firm.tier, firm.grade, firm.stage, "visit_days").days <= days
    age = chance.randint(1, days)
    if chance.random() < LATE:
        age = days + chance.randint(1, 9)
    count = chance.randint(2, 4)
    last: datetime | None = None
    site: datetime | None = None
    for n in range(count):
        moment = rules.ago(age) + timedelta(
            hours=chance.randint(8, 17), minutes=chance.choice((5, 20, 40))
        )
        turns_up = (
            FOUND_DAYS[0] <= age <= FOUND_DAYS[1] and len(found) < FOUND and chance.random() < 0.1
        )
        # The earliest of them at the latest: nobody is only ever called.
        on_site = often or turns_up or chance.random() < 0.5 or (site is None and n == count - 1)
        channel = "on_site" if on_site else chance.choice(("phone", "phone", "wechat"))
        pk = _visit(station, firm, officer, moment, channel)
        if turns_up:
            found.append(Turned(firm, moment, officer, visit=pk))
        last = last or moment
        if on_site:
            site = site or moment
        age += days
    if last is None or site is None:
        raise ValueError("every enterprise is visited")
    return last, site


def _visit(station: Station, firm: Firm, officer: Person, moment: datetime, channel: str) -> int:
    chance, batch = station.chance, station.batch
    pk = batch.add(
        Visit, client_id=UUID(int=chance.getrandbits(128), version=4), enterprise_id=firm.pk,
        unit_id=station.place.pk, officer_id=officer.pk, channel=channel, happened_at=moment,
        contact_id=firm.contact, met=firm.contact_name, roles=chance.choice(ROLES),
        fronts=chance.choice(FRONTS), summary=chance.choice(words.SEEN[channel]),
        received_at=moment + timedelta(minutes=12),
    )  # fmt: skip
    if chance.random() < PROMISED:
        due_on = local_date(moment) + timedelta(days=chance.randint(3, 10))
        kept = moment + timedelta(days=chance.randint(1, 6))
        batch.add(
            Promise, visit_id=pk, unit_id=station.place.pk, text=chance.choice(words.PROMISES),
            due_on=due_on, kept_at=kept if kept < station.rules.now else None,
        )  # fmt: skip
    return pk


def _inspect(station: Station, firm: Firm, n: int) -> list[Turned]:
    """Some weeks ago, before the visits that set the clocks; the first found something."""
    police, batch = station.staff.police, station.batch
    first, second = police[n % len(police)], police[(n + 1) % len(police)]
    moment = station.rules.ago(45 + 11 * n) + timedelta(hours=14, minutes=30)
    pk = batch.add(
        Inspection, client_id=UUID(int=station.chance.getrandbits(128), version=4),
        enterprise_id=firm.pk, unit_id=station.place.pk, entered_by_id=first.pk,
        platform_reference=f"示例-{station.place.code}-{n + 1:04d}", happened_at=moment,
        summary="按年度计划检查内部治安保卫：制度、值班、重点部位技防，未见违法情形。",
        received_at=moment + timedelta(hours=1),
    )  # fmt: skip
    for officer in (first, second):
        batch.add(Inspection.officers.through, inspection_id=pk, user_id=officer.pk)
    return [Turned(firm, moment, first, inspection=pk)] if n == 0 else []


def _cadence(station: Station, firm: Firm, contact: datetime | None, site: datetime | None) -> None:
    """Both clocks as `fill_cadence` has set them at the last contact, and the steps gone by."""
    row: dict[str, Any] = {
        "enterprise_id": firm.pk,
        "last_contact_at": contact,
        "last_visit_at": site,
        "next_contact_due_on": None,
        "next_visit_due_on": None,
        "contact_days": None,
        "visit_days": None,
        "contact_set_on": None,
        "visit_set_on": None,
        "officer_due_at": None,
    }
    steps: list[Ringing] = []
    if firm.is_live:
        for kind, last in ((Due.CONTACT, contact), (Due.VISIT, site)):
            every = station.rules.interval(firm.tier, firm.grade, firm.stage, f"{kind}_days")
            set_on = local_date(last or firm.listed_at)
            due_on = set_on + timedelta(every.days)
            row |= {
                f"next_{kind}_due_on": due_on,
                f"{kind}_days": every.days,
                f"{kind}_because": every.because,
                f"{kind}_set_on": set_on,
            }
            steps += station.rules.reminders(kind, due_on, set_on)
        if firm.officer is None:
            row["officer_due_at"] = officer_wanted_by(station, firm)
            steps += station.rules.officer_reminders(row["officer_due_at"])
    now = station.rules.now
    row["next_reminder_at"] = min((one.rung.at for one in steps if one.rung.at > now), default=None)
    station.batch.put(Cadence, row)
    for one in steps:
        if one.rung.at <= now:
            _reminded(station, firm, one)


def _reminded(station: Station, firm: Firm, one: Ringing) -> None:
    staff = station.staff
    people: dict[str, tuple[Person | None, ...]] = {
        Recipient.HANDLER: (firm.officer and station.told(firm.officer),),
        Recipient.DEPUTY: (firm.deputy and station.told(firm.deputy),),
        Recipient.DESK: (staff.desk,),
        Recipient.CHIEF: staff.chiefs,
        Recipient.BUREAU: (staff.above,),
    }
    reached = chain.from_iterable(people[recipient] for recipient in one.rung.recipients)
    told = [person.name for person in reached if person is not None]
    station.batch.add(
        Reminder, enterprise_id=firm.pk, kind=one.kind, due_on=one.due_on, step=one.rung.step,
        planned_at=one.rung.at, at=one.rung.at, told=told or [staff.desk.name],
    )  # fmt: skip
