"""A province of two counties with stations of different fates."""

import random
from datetime import timedelta
from decimal import Decimal

from django.utils import timezone

from enterprises.models import Cadence, Enterprise
from issues.models import Issue
from issues.workflow import Stage
from liaison.accounts.models import Unit
from tests import factories as make


class Tree:
    """``units`` by name: province, two counties, three stations of the first and one of the other;
    ``empty`` has no rows at all, and with ``seed`` None no station has."""

    def __init__(self, seed=1):
        province = make.BureauFactory()
        near, far = make.BureauFactory(parent=province), make.BureauFactory(parent=province)
        stations = [make.StationFactory(parent=near) for _ in range(2)]
        other = make.StationFactory(parent=far)
        self.units = {
            "province": province,
            "near": near,
            "far": far,
            "first": stations[0],
            "second": stations[1],
            "empty": make.StationFactory(parent=near),
            "other": other,
        }
        make.SquadFactory(parent=near)
        if seed is not None:
            chance = random.Random(seed)
            for unit in (*stations, other):
                fill(unit, chance)
            scatter(chance)
        self.user = make.BureauUserFactory(unit=province)


def fill(unit: Unit, chance: random.Random) -> None:
    """A few rows of every sort, made as people make them."""
    officer = make.OfficerFactory(unit=unit)
    enterprise = make.AssignedEnterpriseFactory(unit=unit, officer=officer)
    for stage in ("operating", "operating", "closed")[: chance.randint(1, 3)]:
        make.EnterpriseFactory(unit=unit, stage=stage)
    # One whose officer serves elsewhere now has none.
    left = make.OfficerFactory(unit=unit)
    make.AssignedEnterpriseFactory(unit=unit, officer=left)
    type(left).objects.filter(pk=left.pk).update(is_active=False)
    for stage in chance.sample(sorted(make.ISSUE_IN), 5):
        kind = chance.choice(("hazard", "dispute", "other"))
        make.ISSUE_IN[stage](enterprise=enterprise, kind=kind)
    make.ExtensionFactory(issue=make.WorkingIssueFactory(enterprise=enterprise))
    for _ in range(chance.randint(1, 3)):
        make.VisitFactory(enterprise=enterprise)


def scatter(chance: random.Random) -> None:
    """Dates, grades, places and amounts at random, about now."""
    now, today = timezone.now(), timezone.localdate()
    for one in Enterprise.objects.all():
        placed = chance.random() < 0.7
        Enterprise.objects.filter(pk=one.pk).update(
            grade=chance.choice(("red", "yellow", "green")),
            longitude=120 + chance.random() if placed else None,
            latitude=36 + chance.random() if placed else None,
        )
        Cadence.objects.filter(enterprise=one).update(
            next_contact_due_on=today + timedelta(days=chance.randint(-2, 2)),
            next_visit_due_on=today + timedelta(days=chance.randint(-2, 2)),
        )
    for line in Issue.objects.all().open():
        uncertain = chance.random() < 0.4
        Issue.objects.filter(pk=line.pk).update(
            next_due_at=now + timedelta(hours=chance.uniform(-40, 40)),
            due_uncertain=uncertain,
            resolve_due_at=now + timedelta(days=chance.randint(1, 500)),
        )
    for line in Issue.objects.filter(stage=Stage.CLOSED):
        Issue.objects.filter(pk=line.pk).update(
            loss_recovered=Decimal(chance.randint(0, 99999)) / 100,
            closed_at=now - timedelta(days=chance.randint(0, 500)),
        )
