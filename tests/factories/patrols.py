"""Teams, guards and memberships. The people and numbers are made up."""

import itertools
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

import factory
from django.utils import timezone

from enterprises.models import Enterprise
from liaison.accounts.models import Kind, Unit
from liaison.core.coordinates import Point
from patrols.actions.doors import make_link
from patrols.actions.planning import plan_night
from patrols.actions.routes import add_checkpoint, make_route
from patrols.certificates import first_telling
from patrols.importing.planning import Planner
from patrols.importing.rows import CleanRow
from patrols.models import (
    Duty,
    DutyGuard,
    DutyNight,
    Employer,
    Guard,
    GuardList,
    Membership,
    NightLink,
    PatrolTeam,
    Roster,
    Route,
)
from patrols.nights import evening_of
from tests.factories.enterprises import AssignedEnterpriseFactory, EnterpriseFactory
from tests.factories.people import DeskFactory, StationFactory, someone

_SERIAL = itertools.count(1)


class PatrolTeamFactory(factory.django.DjangoModelFactory[PatrolTeam]):
    """A team in which nobody is yet."""

    class Meta:
        model = PatrolTeam

    unit = factory.SubFactory(StationFactory)
    number = factory.Sequence(lambda n: n % 30000 + 1)


class GuardFactory(factory.django.DjangoModelFactory[Guard]):
    """Of a licensed company, with a certificate that is valid for a year."""

    class Meta:
        model = Guard

    enterprise = factory.SubFactory(AssignedEnterpriseFactory)
    unit = factory.SelfAttribute("enterprise.unit")
    name = factory.Sequence(lambda n: f"示例保安{n + 1}")
    phone = factory.Sequence(lambda n: f"138{n:08d}")
    employer = Employer.COMPANY
    company = "示例保安服务公司"
    certificate = factory.LazyFunction(lambda: f"示证{next(_SERIAL):08d}")
    certificate_until = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=365))
    joined_on = date(2020, 1, 1)
    tell_on = factory.LazyAttribute(
        lambda one: first_telling(one.certificate, one.certificate_until, timezone.localdate())
    )


class UncertifiedGuardFactory(GuardFactory):
    certificate = ""
    certificate_until = None


class ExpiredGuardFactory(GuardFactory):
    certificate_until = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=1))


class ExpiringGuardFactory(GuardFactory):
    """Valid for twenty days more."""

    certificate_until = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=20))


class SelfRecruitedGuardFactory(GuardFactory):
    employer = Employer.SELF
    company = ""


class GuardListFactory(factory.django.DjangoModelFactory[GuardList]):
    """A list looked at, of one row that is refused."""

    class Meta:
        model = GuardList

    unit = factory.SubFactory(StationFactory)
    by = factory.LazyAttribute(lambda one: DeskFactory(unit=one.unit))
    filename = "示例保安员名单.xlsx"
    rows = factory.LazyFunction(
        lambda: [asdict(one) for one in Planner([], []).plan([CleanRow(2, enterprise="示例")])]
    )


def in_rows(
    unit: Unit, size: int, rows: int = 1, apart: float = 0.01, step: float = 0.001
) -> list[Enterprise]:
    """Enterprises in rows of so many from west to east, ``step`` degrees from each other, the rows
    ``apart`` degrees; the southernmost first."""
    return [
        EnterpriseFactory(
            unit=unit,
            longitude=round(120.5 + column * step, 6),
            latitude=round(36.85 + row * apart, 6),
        )
        for row in range(rows)
        for column in range(size)
    ]


def join(team: PatrolTeam, enterprise: Enterprise, began_on: date = date(2020, 1, 1)) -> Membership:
    """Put the enterprise into the team, as a published division does."""
    return Membership.objects.create(
        team=team,
        enterprise=enterprise,
        began_on=began_on,
        by=someone(Kind.CHIEF, team.unit),
    )


def team_of(size: int, guards: int = 2, **values: Any) -> PatrolTeam:
    """A team of so many enterprises of one station, each with so many guards."""
    team = PatrolTeamFactory(**values)
    for _one in range(size):
        enterprise = AssignedEnterpriseFactory(unit=team.unit)
        GuardFactory.create_batch(guards, enterprise=enterprise)
        join(team, enterprise)
    return team


def duty_of(enterprise: Enterprise, evening: date) -> Duty:
    """A duty of the enterprise in that night, nobody on it yet, by a draft of a roster."""
    membership = enterprise.patrol_memberships.filter(ended_on__isnull=True).first()
    team = membership.team if membership else PatrolTeamFactory(unit=enterprise.unit)
    if membership is None:
        join(team, enterprise)
    roster, _new = Roster.objects.get_or_create(
        team=team,
        month=evening.replace(day=1),
        defaults={"made_by": someone(Kind.CHIEF, team.unit)},
    )
    night, _new = DutyNight.objects.get_or_create(roster=roster, team=team, night_on=evening)
    return Duty.objects.create(night=night, enterprise=enterprise)


def night_of(team: PatrolTeam, evening: date, enterprises: int = 2) -> DutyNight:
    """A published night of the team, its first enterprises on duty with a guard each."""
    chief = someone(Kind.CHIEF, team.unit)
    roster, _made = Roster.objects.get_or_create(
        team=team,
        month=evening.replace(day=1),
        defaults={
            "made_by": chief,
            "state": Roster.State.PUBLISHED,
            "published_by": chief,
            "published_at": timezone.now(),
        },
    )
    night = DutyNight.objects.create(roster=roster, team=team, night_on=evening)
    for membership in team.memberships.order_by("pk")[:enterprises]:
        duty = Duty.objects.create(night=night, enterprise=membership.enterprise)
        guard = membership.enterprise.guards.order_by("pk").first()
        DutyGuard.objects.create(duty=duty, guard=guard, night_on=evening)
    return night


def route_of(team: PatrolTeam, checkpoints: int = 3, rounds: int = 1) -> Route:
    """A route of so many checkpoints, some hundred metres from each other."""
    by = someone(Kind.CHIEF, team.unit)
    route = make_route(team, by=by, name=f"示例路线{next(_SERIAL)}", rounds=rounds)
    for n in range(checkpoints):
        add_checkpoint(
            route,
            by=by,
            name=f"示例点{n + 1}",
            point=Point(120.5 + n * 0.003, 36.85 + n % 2 * 0.002),
            version=n + 1,
        )
    route.refresh_from_db()
    return route


def night_door(
    team: PatrolTeam | None = None, now: datetime | None = None
) -> tuple[NightLink, str]:
    """A planned night of a team with a route, and the link of its first guard, valid by now."""
    team = team or team_of(2, 1)
    if not team.routes.exists():
        route_of(team)
    night = night_of(team, evening_of(now or timezone.now()))
    plan_night(night)
    guard = night.duties.order_by("pk")[0].guards.get().guard
    link, token = make_link(night, guard, by=someone(Kind.CHIEF, team.unit))
    NightLink.objects.filter(pk=link.pk).update(valid_from=(now or timezone.now()))
    link.refresh_from_db()
    return link, token
