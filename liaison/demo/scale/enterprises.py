"""A station's enterprises: what they are, whom to call there, who answers for them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from enterprises.actions.cadence import OFFICER_WITHIN
from enterprises.models import Assignment, Contact, Cover, Enterprise, StageChange
from enterprises.models.enterprise import identity_key
from liaison.accounts.models import Kind, User
from liaison.core.coordinates import CoordinateSystem
from liaison.core.identifiers import check_credit_code
from liaison.core.pinyin import initials
from liaison.demo import words
from liaison.demo.scale.people import Person, row_of
from liaison.demo.scale.station import Station

TOWNS = (
    "青石", "白沙", "长桥", "东湖", "西岭", "南塘", "北坡", "金水", "银杏", "红枫", "绿洲", "兰溪",
    "柳林", "松岗", "梅园", "竹山", "荷塘", "桃源", "杏坛", "枣庄", "梨花", "桂园", "榆林", "槐荫",
)  # fmt: skip
# Without an officer as yet: listed in the last two days.
NEW = 4
# Months ago, before any line of today's bill.
LISTED_DAYS = (420, 700)
HANDED_OVER_DAYS = (310, 400)


@dataclass(slots=True)
class Firm:
    """An enterprise as the rest of its station needs to know it."""

    pk: int
    name: str
    tier: str
    grade: str
    stage: str
    listed_at: datetime
    contact: int
    contact_name: str
    user: Person | None = None
    officer: Person | None = None
    deputy: Person | None = None

    @property
    def is_live(self) -> bool:
        return self.stage != "closed"


def list_enterprises(station: Station) -> list[Firm]:
    """The last few have nobody who answers for them."""
    count = station.chance.randint(148, 172)
    firms = [_list(station, n, is_new=n >= count - NEW) for n in range(count)]
    for n, firm in enumerate(firms[:-NEW]):
        _assign(station, firm, n)
    _cover(station)
    return firms


def _list(station: Station, n: int, *, is_new: bool) -> Firm:
    chance = station.chance
    project = n % 20 == 7
    tier = chance.choices(("key", "above_scale", "general"), (2, 4, 10))[0]
    grade = chance.choices(("red", "yellow", "green"), (1, 4, 20))[0]
    stage = chance.choice(("landing", "construction")) if project else "operating"
    if not project and not is_new and chance.random() < 0.03:
        stage = chance.choice(("suspended", "closed"))
    # Sixteen names times ten branches, one pair more than once at the most.
    branch, industry = words.BRANCHES[(n // 16 + n) % 10]
    ending = words.PROJECTS[n % 3] if project else "有限公司"
    town = TOWNS[(station.number + n // 160) % len(TOWNS)]
    name = f"示例{town}{words.FIRST[n % 16]}{branch}{ending}"
    address = f"{chance.choice(words.ROADS)}{n * 2 + chance.randint(1, 2)}号"
    pk = station.batch.key(Enterprise)
    days = chance.uniform(0.1, 1.9) if is_new else chance.uniform(*LISTED_DAYS)
    firm = Firm(
        pk=pk, name=name, tier=tier, grade=grade, stage=stage,
        listed_at=station.whole_minute(station.rules.ago(days)),
        contact=station.batch.key(Contact), contact_name=f"联系人{n + 1:03d}",
    )  # fmt: skip
    station.batch.put(
        Enterprise,
        {
            "id": pk,
            "unit_id": station.place.pk,
            "kind": "project" if project else "enterprise",
            "name": name,
            "credit_code": _credit_code(pk) if chance.random() < 0.8 else "",
            "identity_key": identity_key(name, address),
            "initials": _initials(name),
            "stage": stage,
            "tier": tier,
            "grade": grade,
            "industry": industry,
            "key_unit_class": words.KEY_CLASS if industry == "化学原料" and tier == "key" else "",
            "address": address,
            "longitude": round(station.longitude + chance.gauss(0, 0.02), 6),
            "latitude": round(station.latitude + chance.gauss(0, 0.015), 6),
            "coordinate_source": CoordinateSystem.GCJ02.value,
            "headcount": chance.choice((18, 45, 120, 260, 480, 900)),
            "night_shift": chance.random() < 0.4,
            "version": 1 if stage != "closed" else 2,
            "created_at": firm.listed_at,
            "updated_at": firm.listed_at,
        },
    )
    _live_on(station, firm)
    _contacts(station, firm, has_user=n % 4 == 0 and firm.is_live)
    return firm


def _live_on(station: Station, firm: Firm) -> None:
    """It was listed in a stage; what stands still or is closed down came to that later."""
    later = firm.stage in ("suspended", "closed")
    first = "operating" if later else firm.stage
    steps = [("", first, firm.listed_at, "")]
    if later:
        moment = firm.listed_at + timedelta(days=100)
        steps.append((first, firm.stage, moment, "订单不足" if firm.is_live else "注销登记"))
    for before, after, at, reason in steps:
        station.batch.add(
            StageChange, enterprise_id=firm.pk, from_stage=before, to_stage=after, reason=reason,
            by_id=station.staff.desk.pk, at=at,
        )  # fmt: skip


def _contacts(station: Station, firm: Firm, *, has_user: bool) -> None:
    """One who is called first, at every third a second; some sign in themselves."""
    chance, batch = station.chance, station.batch
    phone = f"139{firm.contact:08d}"
    if has_user:
        pk = batch.key(User)
        firm.user = Person(pk, firm.contact_name)
        username = f"{station.place.code}-contact{firm.contact_name[-3:]}"
        batch.put(
            User,
            row_of(
                pk, username, firm.contact_name, Kind.CONTACT, station.place, firm.listed_at, phone
            ),
        )
    batch.put(
        Contact,
        {
            "id": firm.contact, "enterprise_id": firm.pk, "name": firm.contact_name,
            "position": chance.choice(words.POSITIONS), "phone": phone, "is_primary": True,
            "user_id": firm.user.pk if firm.user else None, "left_on": None,
        },
    )  # fmt: skip
    if chance.random() < 0.3:
        pk = batch.key(Contact)
        batch.put(
            Contact,
            {
                "id": pk, "enterprise_id": firm.pk, "name": f"门卫{firm.contact_name[-3:]}",
                "position": "门卫", "phone": f"139{pk:08d}", "user_id": None, "left_on": None,
            },
        )  # fmt: skip


def _assign(station: Station, firm: Firm, n: int) -> None:
    """Each officer has every eighth; some were another's before, and key ones have a deputy."""
    officers, chance = station.staff.officers, station.chance
    officer = officers[n % len(officers)]
    since = firm.listed_at + timedelta(hours=3)
    # Closing down has ended what there was.
    until = None if firm.is_live else firm.listed_at + timedelta(days=100)
    if firm.is_live and chance.random() < 0.06:
        moved = station.whole_minute(station.rules.ago(chance.uniform(*HANDED_OVER_DAYS)))
        former = officers[(n + 1) % len(officers)]
        _answer(station, firm, former, since, moved, "首次分配")
        since = moved
    _answer(station, firm, officer, since, until, "首次分配")
    if firm.is_live:
        firm.officer = officer
    if firm.tier == "key" and firm.is_live:
        auxiliary = station.staff.auxiliary
        firm.deputy = next(one for one in (*auxiliary, *officers) if one != officer)
        _answer(station, firm, firm.deputy, since, None, "重点企业双人负责", "deputy")


def _answer(
    station: Station, firm: Firm, officer: Person, since: datetime, until: datetime | None,
    reason: str, role: str = "responsible",
) -> None:  # fmt: skip
    station.batch.add(
        Assignment, enterprise_id=firm.pk, officer_id=officer.pk, role=role, started_at=since,
        ended_at=until, reason=reason, by_id=station.staff.desk.pk,
    )  # fmt: skip


def _cover(station: Station) -> None:
    """One officer was on leave, and at every other station one is."""
    officers, on = station.staff.officers, station.rules.on
    leaves = [(2, 3, -40, -33)]
    if station.number % 2:
        leaves.append((0, 1, -1, 5))
        station.acting[officers[0].pk] = officers[1]
    for away, acting, first, last in leaves:
        station.batch.add(
            Cover, officer_id=officers[away].pk, acting_id=officers[acting].pk,
            starts_on=on + timedelta(first), ends_on=on + timedelta(last), reason="年休假",
            by_id=station.staff.desk.pk, cancelled_at=None,
        )  # fmt: skip


def officer_wanted_by(station: Station, firm: Firm) -> datetime:
    """By when somebody must answer for it."""
    return station.rules.officer_due_at(firm.listed_at, OFFICER_WITHIN)


@cache
def _initials(name: str) -> str:
    """Names come back with every round of towns, more of them than `initials` remembers."""
    return initials(name)[:120]


def _credit_code(pk: int) -> str:
    """A valid one; 91 and a district that there is not."""
    body = f"91370000{pk:09d}"
    fault = check_credit_code(body + "0")
    return body + ("0" if fault is None else str(fault.expected))
