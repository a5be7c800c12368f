"""The demo station: built through the same actions that people use, over the last ten weeks."""

import random
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

from django.utils import timezone

from enterprises.actions import (
    assign,
    change_stage,
    cover,
    hand_over,
    list_enterprise,
    recompute_cadence,
    set_deputy,
)
from enterprises.models import Cadence, Contact, Enterprise
from enterprises.proposals import Place, propose
from liaison.accounts.actions import create_unit, place_unit
from liaison.accounts.models import OFFICERS, Kind, Unit, User
from liaison.core.coordinates import Point
from liaison.demo import words
from liaison.demo.batches import hand_workers_in
from liaison.demo.bill import keep_bill
from liaison.demo.diary import Diary, clock_at
from liaison.demo.green import keep_green_channel
from liaison.demo.guards import keep_guards
from liaison.demo.invitations import invite_people
from liaison.demo.nights import walk_nights
from liaison.demo.papers import send_papers
from liaison.demo.patrols import keep_patrols
from liaison.demo.ringing import ring_in_time
from liaison.demo.rounds import make_rounds, speak_of_visits
from liaison.jobs.sweeps import ring

ENTERPRISES = 160
# Listed in the last days; nobody answers for them yet.
UNASSIGNED = 5
# The officer who has left had this many.
LEFT_BEHIND = 9


@dataclass
class Station:
    unit: Unit
    chance: random.Random
    diary: Diary
    passwords: dict[str, str] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def person(
        self, name: str, username: str, kind: str, unit: Unit, *, leaves: bool = False
    ) -> User:
        number = 1000 + len(self.people)
        password = None if leaves else secrets.token_urlsafe(9)
        # The desk of the station and the bureau's user keep the accounts of their unit.
        duty = User.AdminDuty.SYSTEM if kind in (Kind.DESK, Kind.BUREAU) else ""
        user = User.objects.create_user(
            username,
            None,
            password,
            name=name,
            kind=kind,
            unit=unit,
            phone=f"1380000{number}",
            admin_duty=duty,
        )
        self.people[username] = user
        if password is not None:
            self.passwords[username] = password
        return user

    @property
    def desk(self) -> User:
        return self.people["desk"]


def build(seed: int = 1) -> Station:
    """Bureau, station, people, enterprises, visits and a bill in all stages.

    The same seed on the same day makes the same station but for the passwords. Call inside a
    transaction.
    """
    code, name = words.BUREAU
    bureau = create_unit(code=code, name=name, kind=Unit.Kind.BUREAU)
    code, name = words.STATION
    unit = create_unit(code=code, name=name, kind=Unit.Kind.STATION, parent=bureau)
    place_unit(unit, Point(120.5, 36.86))
    station = Station(unit, random.Random(seed), Diary())  # noqa: S311  made-up data, no secret
    for name, username, kind in words.PEOPLE:
        station.person(name, username, kind, unit)
    leaver = station.person(*words.LEFT, unit, leaves=True)
    station.person("市局用户", "bureau", Kind.BUREAU, bureau)
    contact = station.person("企业联系人", "contact", Kind.CONTACT, unit)

    enterprises = [_enterprise(station, n) for n in range(ENTERPRISES)]
    new, held = enterprises[:UNASSIGNED], enterprises[UNASSIGNED:]
    for n, enterprise in enumerate(new):
        _listed(enterprise, station.diary, days_ago=n)
    for enterprise in held:
        _listed(enterprise, station.diary, days_ago=station.chance.randint(52, 70))
    Contact.objects.filter(enterprise=held[-1], is_primary=True).update(
        user=contact, name=contact.name, in_charge=True
    )
    invite_people(held[-1], held[-3], station)
    send_papers(held[-1], contact, station)
    _assign(station, held, leaver)
    _go_on(station, held)
    make_rounds(station.unit, [*held[:-2], held[-1]], station.people, station.diary, station.chance)
    keep_bill(held[:-2], held[-1], contact, station.people, station.diary, station.chance)
    station.diary.at(
        station.diary.day(0, 8), partial(speak_of_visits, contact, station.people["chief"])
    )
    keep_green_channel(held[:-2], held[-1], contact, station.people, station.diary, station.chance)
    ring_in_time(station.people.values(), station.diary)
    station.diary.carry_out()
    hand_workers_in(held[-1], contact, station.people, station.chance)
    keep_guards(held, station.people)
    keep_patrols(held[-1], station.people)
    walk_nights(station.unit, by=station.desk, chance=station.chance)
    recompute_cadence(Enterprise.objects.filter(unit=unit).select_related("unit"))
    # What fell due while all this was written: the first morning begins with nothing left to ring.
    ring(timezone.now())
    return station


def _enterprise(station: Station, n: int) -> Enterprise:
    chance = station.chance
    # Sixteen names times ten branches, no pair twice.
    first = words.FIRST[n % 16]
    branch, industry = words.BRANCHES[(n // 16 + n) % 10]
    project = n % 20 == 7
    tier = chance.choices(("key", "above_scale", "general"), (2, 4, 10))[0]
    values: dict[str, Any] = {
        "name": f"示例{first}{branch}{chance.choice(words.PROJECTS) if project else '有限公司'}",
        "kind": "project" if project else "enterprise",
        "tier": tier,
        "grade": chance.choices(("red", "yellow", "green"), (1, 4, 20))[0],
        "industry": industry,
        "key_unit_class": words.KEY_CLASS if industry == "化学原料" and tier == "key" else "",
        "address": f"{chance.choice(words.ROADS)}{chance.randint(1, 399)}号",
        "longitude": round(120.50 + chance.gauss(0, 0.02), 6),
        "latitude": round(36.86 + chance.gauss(0, 0.015), 6),
        "coordinate_source": "gcj02",
        "headcount": chance.choice((18, 45, 120, 260, 480, 900)),
        "night_shift": chance.random() < 0.4,
    }
    stage = chance.choice(("signed", "landing", "construction")) if project else "operating"
    enterprise = list_enterprise(station.unit, values, by=station.desk, stage=stage)
    Contact.objects.create(
        enterprise=enterprise,
        name=f"联系人{n + 1:03d}",
        position=chance.choice(words.POSITIONS),
        phone=f"1390000{1000 + n}",
        is_primary=True,
    )
    return enterprise


def _listed(enterprise: Enterprise, diary: Diary, *, days_ago: int) -> None:
    """On the list since then: the contact clock of what nobody has seen runs from that day."""
    enterprise.created_at = diary.day(days_ago, 9)
    Enterprise.objects.filter(pk=enterprise.pk).update(created_at=enterprise.created_at)
    enterprise.stage_changes.update(at=enterprise.created_at)
    with clock_at(enterprise.created_at):
        Cadence.objects.filter(enterprise=enterprise).delete()
        recompute_cadence([enterprise])


def _assign(station: Station, enterprises: list[Enterprise], leaver: User) -> None:
    """Everybody gets a neighbourhood; one officer leaves and hands over; one is on leave."""
    diary, desk, people = station.diary, station.desk, station.people
    officers = {one.pk: one for one in people.values() if one.kind in OFFICERS and one != leaver}
    theirs: dict[int, list[Enterprise]] = {pk: [] for pk in officers}
    by_pk = {one.pk: one for one in enterprises}
    places = [Place(one.pk, one.point) for one in enterprises]
    for proposal in propose(places, {pk: [] for pk in officers}):
        theirs[proposal.officer].append(by_pk[proposal.enterprise])
    heir = people["officer2"]
    left = theirs[heir.pk][:LEFT_BEHIND]
    for pk, own in theirs.items():
        for n, enterprise in enumerate(own):
            officer = leaver if enterprise in left else officers[pk]
            moment = diary.day(50, 9) + timedelta(minutes=n)
            diary.at(moment, partial(assign, enterprise, officer, by=desk, reason="首次分配"))
            if enterprise.tier == "key":
                deputy = people[
                    "auxiliary3" if officers[pk] == people["auxiliary2"] else "auxiliary2"
                ]
                diary.at(
                    moment + timedelta(days=1),
                    partial(set_deputy, enterprise, deputy, by=desk, reason="重点企业双人负责"),
                )
    diary.at(diary.day(24, 10), partial(_leave, leaver, heir, by=desk))
    today = timezone.localdate(diary.now)
    diary.at(
        diary.day(2, 15),
        partial(
            cover, people["officer3"], people["officer4"], by=desk, reason="年休假",
            starts_on=today - timedelta(1), ends_on=today + timedelta(5),
        ),
    )  # fmt: skip


def _leave(leaver: User, heir: User, *, by: User) -> None:
    hand_over(leaver, heir, by=by, reason="辅警丁调离本所")
    User.objects.filter(pk=leaver.pk).update(is_active=False)


def _go_on(station: Station, enterprises: list[Enterprise]) -> None:
    """Lives move on: projects advance, one stops for a while, one closes down."""
    diary, desk = station.diary, station.desk
    projects = [one for one in enterprises if one.kind == "project"]
    steps = {"signed": ("landing", "土地手续办结"), "landing": ("construction", "施工许可已取得")}
    for n, project in enumerate(one for one in projects if one.stage in steps):
        stage, reason = steps[project.stage]
        moment = diary.day(30 - 2 * n, 16)
        diary.at(moment, partial(_advance, project, stage, by=desk, reason=reason))
    *_rest, closed, _contacts_own = enterprises
    suspended = next(one for one in enterprises if one.tier == "general" and one.kind != "project")
    diary.at(
        diary.day(12, 11),
        partial(_advance, suspended, "suspended", by=desk, reason="订单不足，停产两个月"),
    )
    diary.at(diary.day(8, 11), partial(_advance, closed, "closed", by=desk, reason="注销登记"))


def _advance(enterprise: Enterprise, stage: str, *, by: User, reason: str) -> None:
    now = Enterprise.objects.get(pk=enterprise.pk)
    change_stage(now, stage, by=by, version=now.version, reason=reason)
