"""Rows for the bench: one station, as many enterprises as asked for, written in bulk.

Every row keeps the rules that the database holds; what only the actions hold (who may do what)
is left out, because nothing here is measured but reading.
"""

import random
from datetime import datetime, timedelta
from itertools import islice

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from enterprises.actions import recompute_cadence
from enterprises.models import Assignment, Cadence, Contact, Enterprise, StageChange
from issues.models import CloseOut, Event, Issue, IssueKind, Pause, SlaPolicy
from issues.workflow import OPEN, Stage
from liaison.accounts.actions import create_unit
from liaison.accounts.models import Kind, Unit, User
from visits.models import Visit

OFFICERS = 8
VISITS_EACH = 4
LINES_EACH = 0.5
STAGES = (
    Stage.RAISED, Stage.ACCEPTED, Stage.WORKING, Stage.WORKING, Stage.WAITING, Stage.PROPOSED,
    Stage.CLOSED, Stage.CLOSED, Stage.CLOSED, Stage.CLOSED, Stage.DECLINED, Stage.WITHDRAWN,
)  # fmt: skip
BATCH = 500


class Station:
    """A station that can be filled up further."""

    def __init__(self) -> None:
        self.chance = random.Random(1)
        self.now = timezone.now()
        bureau = create_unit(code="BEB", name="示例市公安局", kind=Unit.Kind.BUREAU)
        self.unit = create_unit(
            code="BEN", name="示例派出所", kind=Unit.Kind.STATION, parent=bureau
        )
        self.officers = [
            self._person(f"officer{n}", Kind.POLICE_OFFICER, self.unit) for n in range(OFFICERS)
        ]
        self.chief = self._person("chief", Kind.CHIEF, self.unit)
        self.desk = self._person("desk", Kind.DESK, self.unit)
        self.bureau = self._person("bureau", Kind.BUREAU, bureau)
        self.enterprises = 0
        self.lines = 0

    def _person(self, username: str, kind: Kind, unit: Unit) -> User:
        return User.objects.create(
            username=username, name=username, kind=kind, unit=unit, password=make_password(None)
        )

    @transaction.atomic
    def fill_up_to(self, enterprises: int) -> None:
        made = [self._enterprise(n) for n in range(self.enterprises, enterprises)]
        self.enterprises = enterprises
        Enterprise.objects.bulk_create(made, BATCH)
        StageChange.objects.bulk_create(
            [StageChange(enterprise=one, to_stage=one.stage, by=self.desk) for one in made], BATCH
        )
        Contact.objects.bulk_create(
            [
                Contact(enterprise=one, name=f"联系人{one.pk}", phone=f"139{one.pk:08d}",
                        position="安保部长", is_primary=True)
                for one in made
            ],
            BATCH,
        )  # fmt: skip
        held = [(one, self.officers[one.pk % OFFICERS]) for one in made if one.pk % 32]
        Assignment.objects.bulk_create(
            [Assignment(enterprise=one, officer=officer, by=self.desk) for one, officer in held],
            BATCH,
        )
        self._visits(held)
        self._lines(held)

    def _enterprise(self, n: int) -> Enterprise:
        one = Enterprise(
            unit=self.unit,
            name=f"示例{'云岭青禾海棠北辰'[n % 8]}{n}号机械有限公司",
            tier=("key", "above_scale", *("general",) * 6)[n % 8],
            grade=("red", "yellow", *("green",) * 8)[n % 10],
            industry="通用设备",
            address=f"示范路{n}号",
            longitude=120.5 + self.chance.gauss(0, 0.02),
            latitude=36.86 + self.chance.gauss(0, 0.015),
            coordinate_source="wgs84",
            headcount=n % 900,
            created_at=self.now - timedelta(days=60),
        )
        one.fill_derived()
        return one

    def _visits(self, held: list[tuple[Enterprise, User]]) -> None:
        visits = []
        cadences = []
        for one, officer in held:
            moments = sorted(self._ago(1, 50) for _ in range(VISITS_EACH))
            visits += [
                Visit(
                    enterprise=one, unit=self.unit, officer=officer, happened_at=moment,
                    channel="on_site" if n % 2 else "phone", met=f"联系人{one.pk}",
                    roles=["prevention_instructor"], fronts=["service"],
                    summary="查看门卫登记和监控,情况正常。", received_at=moment,
                )
                for n, moment in enumerate(moments)
            ]  # fmt: skip
            cadences.append(
                Cadence(enterprise=one, last_contact_at=moments[-1], last_visit_at=moments[-1])
            )
        Visit.objects.bulk_create(visits, BATCH)
        Cadence.objects.bulk_create(cadences, BATCH)
        recompute_cadence([one for one, _officer in held])

    def _lines(self, held: list[tuple[Enterprise, User]]) -> None:
        kinds = list(IssueKind.objects.all())
        policy = SlaPolicy.objects.filter(level="ordinary").earliest("pk")
        made = []
        for one, officer in islice(held, int(len(held) * LINES_EACH)):
            self.lines += 1
            kind = kinds[self.lines % len(kinds)]
            stage = STAGES[self.lines % len(STAGES)]
            raised = self._ago(1, 40)
            due = raised + timedelta(days=self.chance.randint(5, 45))
            answered = stage != Stage.RAISED
            is_open = stage in OPEN
            made.append(
                Issue(
                    number=f"BEN-{raised.year}-{self.lines:05d}", unit=self.unit, enterprise=one,
                    kind=kind, title=f"仓库消防通道堆放原料{self.lines}", text="走访时看到。" * 10,
                    source="desk", raised_by=self.desk, raised_at=raised, handler=officer,
                    stage=stage, sensitive=kind.sensitive, close_rule=kind.close_rule,
                    policy=policy, respond_due_at=raised + timedelta(hours=24),
                    responded_at=raised + timedelta(hours=3) if answered else None,
                    started_at=raised + timedelta(hours=3) if answered else None,
                    resolve_days=policy.resolve_days if answered else None,
                    resolve_due_at=due if answered else None,
                    next_due_at=due if is_open else None,
                    closed_at=None if is_open else raised + timedelta(days=4),
                )
            )  # fmt: skip
        Issue.objects.bulk_create(made, BATCH)
        Event.objects.bulk_create(
            [
                Event(issue=line, at=line.raised_at + timedelta(hours=n), actor=self.desk,
                      actor_name="desk", move="note", to_stage=line.stage, text="已联系企业。" * 5)
                for line in made
                for n in range(4)
            ],
            BATCH,
        )  # fmt: skip
        CloseOut.objects.bulk_create(
            [
                CloseOut(issue=line, generation=1, summary="已整改", proposed_by=line.handler,
                         proposed_at=self.now)
                for line in made
                if line.stage == Stage.PROPOSED
            ],
            BATCH,
        )  # fmt: skip
        Pause.objects.bulk_create(
            [
                Pause(issue=line, starts_at=self.now, until_on=self.now.date() + timedelta(5),
                      awaited="检测报告", awaited_from="企业")
                for line in made
                if line.stage == Stage.WAITING
            ],
            BATCH,
        )  # fmt: skip

    def _ago(self, least: float, most: float) -> datetime:
        return self.now - timedelta(days=self.chance.uniform(least, most))
