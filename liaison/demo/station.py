"""The demo station: built through the same actions that people use."""

import io
import random
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image, ImageDraw

from enterprises.actions import assign, list_enterprise
from enterprises.models import Contact, Enterprise
from enterprises.proposals import Place, propose
from issues.actions import make_move, raise_issue
from issues.actions.engine import Proven
from issues.models import Issue, IssueKind
from issues.workflow import MOVES
from liaison.accounts.actions import create_unit
from liaison.accounts.models import OFFICERS, Kind, Unit, User
from liaison.demo import words
from liaison.evidence.actions import keep
from visits.actions import Promised, log_visit
from visits.models import Channel, Front, OfficerRole

ENTERPRISES = 160
UNASSIGNED = 5
LINES = 42
# How far each line is taken, in turn; "" leaves it as raised.
WAYS = (
    (),
    ("accept",),
    ("accept", "start"),
    ("accept", "start", "wait"),
    ("accept", "start", "propose"),
    ("accept", "start", "propose", "close"),
    ("accept", "start", "propose", "return"),
    ("decline",),
    ("accept", "withdraw"),
)


@dataclass
class Station:
    unit: Unit
    passwords: dict[str, str] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def person(self, username: str, name: str, kind: str, unit: Unit, phone: str) -> User:
        password = secrets.token_urlsafe(9)
        user = User.objects.create_user(
            username, None, password, name=name, kind=kind, unit=unit, phone=phone
        )
        self.passwords[username], self.people[username] = password, user
        return user


def build(seed: int = 1) -> Station:
    """Bureau, station, people, enterprises, visits and a bill in all stages.

    The same seed makes the same station but for the passwords. Call inside a transaction.
    """
    chance = random.Random(seed)  # noqa: S311  made-up data, nothing secret
    bureau = create_unit(code="SLS", name="示例市公安局", kind=Unit.Kind.BUREAU)
    unit = create_unit(code="LSL", name="临水路派出所", kind=Unit.Kind.STATION, parent=bureau)
    station = Station(unit)
    for n, (name, username, kind) in enumerate(words.PEOPLE):
        station.person(username, name, kind, unit, f"1380000{1000 + n}")
    station.person("bureau", "市局用户", Kind.BUREAU, bureau, "13800009000")
    enterprises = [_enterprise(station, chance, n) for n in range(ENTERPRISES)]
    _assign(station, enterprises[UNASSIGNED:])
    _contact(station, enterprises[-1])
    _visits(station, chance, enterprises[UNASSIGNED:])
    _bill(station, chance, enterprises[UNASSIGNED:])
    return station


def _enterprise(station: Station, chance: random.Random, n: int) -> Enterprise:
    first = words.FIRST.split()[n % 16]
    branch, industry = words.BRANCHES[(n // 16 + n) % len(words.BRANCHES)]
    project = n % 20 == 7
    values = {
        "name": f"{first}{branch}{'建设项目' if project else '有限公司'}{'' if n < 80 else '二厂'}",
        "kind": "project" if project else "enterprise",
        "tier": chance.choices(("key", "above_scale", "general"), (2, 4, 10))[0],
        "grade": chance.choices(("red", "yellow", "green"), (1, 4, 20))[0],
        "industry": industry,
        "address": f"{chance.choice(words.ROADS)}{chance.randint(1, 399)}号",
        "longitude": round(120.50 + chance.gauss(0, 0.02), 6),
        "latitude": round(36.86 + chance.gauss(0, 0.015), 6),
        "coordinate_source": "gcj02",
        "headcount": chance.choice((18, 45, 120, 260, 480, 900)),
        "night_shift": chance.random() < 0.4,
    }
    stage = chance.choice(("signed", "landing", "construction")) if project else "operating"
    enterprise = list_enterprise(station.unit, values, by=station.people["desk"], stage=stage)
    # Listed some weeks ago, so that what was never contacted is late by now.
    listed = timezone.now() - timedelta(days=chance.randint(3, 60))
    Enterprise.objects.filter(pk=enterprise.pk).update(created_at=listed)
    enterprise.created_at = listed
    Contact.objects.create(
        enterprise=enterprise,
        name=f"联系人{n + 1:03d}",
        position=chance.choice(words.POSITIONS),
        phone=f"1390000{1000 + n}",
        is_primary=True,
    )
    return enterprise


def _assign(station: Station, enterprises: list[Enterprise]) -> None:
    officers = [one for one in station.people.values() if one.kind in OFFICERS]
    by_pk = {one.pk: one for one in enterprises}
    people = {one.pk: one for one in officers}
    held: dict[int, list[Place]] = {one.pk: [] for one in officers}
    for proposal in propose([Place(one.pk, one.point) for one in enterprises], held):
        assign(by_pk[proposal.enterprise], people[proposal.officer], by=station.people["desk"])


def _contact(station: Station, enterprise: Enterprise) -> None:
    user = station.person("contact", "企业联系人", Kind.CONTACT, station.unit, "13800009001")
    Contact.objects.filter(enterprise=enterprise).update(user=user)


def _visits(station: Station, chance: random.Random, enterprises: list[Enterprise]) -> None:
    now = timezone.now()
    for enterprise in enterprises:
        officer = _officer(enterprise)
        for _n in range(chance.choice((0, 1, 1, 2))):
            on_site = chance.random() < 0.6
            log_visit(
                enterprise,
                by=officer,
                channel=Channel.ON_SITE if on_site else chance.choice(("phone", "wechat")),
                happened_at=_office_hours(now, chance.uniform(0.2, 20), chance),
                contact=enterprise.contacts.first(),
                roles=chance.sample(OfficerRole.values, 2),
                fronts=chance.sample(Front.values, 1),
                summary=chance.choice(words.SAID),
                promises=[Promised("下次带来消防演练方案", timezone.localdate() + timedelta(5))]
                if chance.random() < 0.1
                else [],
            )


def _bill(station: Station, chance: random.Random, enterprises: list[Enterprise]) -> None:
    now = timezone.now()
    desk = station.people["desk"]
    for n in range(LINES):
        code, level, title = words.TROUBLES[n % len(words.TROUBLES)]
        enterprise = chance.choice(enterprises)
        way = WAYS[chance.randrange(len(WAYS))] if n >= len(WAYS) else WAYS[n]
        # Lines left as raised are young; one in four of them has been forgotten.
        late = not way and n % 4 == 0
        issue = raise_issue(
            enterprise,
            kind=IssueKind.objects.get(code=code),
            title=title,
            by=desk,
            source=Issue.Source.DESK,
            level=level,
            raised_at=now
            - timedelta(hours=chance.uniform(30, 150) if late else chance.uniform(1, 20)),
        )
        for move in way:
            issue = _go(station, issue, move)


def _go(station: Station, issue: Issue, name: str) -> Issue:
    handler = issue.handler
    if handler is None:
        raise ValueError("every line of the demo belongs to an assigned enterprise")
    by, files = handler, list[Proven]()
    values: dict[str, Any] = {}
    match name:
        case "decline":
            by, values = station.people["chief"], {"reason": "不属于公安职责,已告知受理部门。"}
        case "withdraw":
            by, values = station.people["desk"], {"reason": "企业来电说明已自行解决。"}
        case "wait":
            until = timezone.localdate() + timedelta(days=4)
            values = {"awaited": "监控录像拷贝", "awaited_from": "企业安保部", "until": until}
        case "propose":
            values = {"summary": "已到现场处理完毕,企业无异议。"}
            if issue.kind.asks_loss:
                values["loss_recovered"] = "23000"
            files = [
                Proven(keep(_photo(proof), by=handler).pk, proof) for proof in issue.kind.proofs
            ]
        case "return" | "close":
            by = station.people["chief"]
            if issue.close_rule == "contact" and name == "close":
                values = {"confirmed_by": "联系人电话确认"}
            if name == "return":
                values = {"reason": "照片看不清,请补拍。"}
    if not MOVES[name].files:
        files = []
    return make_move(issue, name, by=by, version=issue.version, values=values, files=files)


def _photo(proof: str) -> SimpleUploadedFile:
    """A drawn stand-in for a photo."""
    picture = Image.new("RGB", (640, 480), "#d9d4c8" if proof == "before" else "#dfe9e2")
    draw = ImageDraw.Draw(picture)
    for x in range(40, 600, 90):
        top = 140 if proof == "before" else 300
        draw.rectangle((x, top, x + 60, 420), fill="#8a7a5c", outline="#4f4636", width=3)
    draw.rectangle((0, 420, 640, 480), fill="#9aa0a6")
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return SimpleUploadedFile(f"{proof}.jpg", out.getvalue(), "image/jpeg")


def _officer(enterprise: Enterprise) -> User:
    return enterprise.assignments.open().responsible().select_related("officer").get().officer


def _office_hours(now: datetime, days: float, chance: random.Random) -> datetime:
    """So many days ago, at an hour when one would call."""
    moment = timezone.localtime(now - timedelta(days=days))
    moment = moment.replace(hour=chance.randint(8, 17), minute=chance.choice((5, 20, 40)))
    return min(moment, now)
