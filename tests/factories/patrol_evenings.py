"""Whole evenings of patrols: what a page about them has rows of."""

import uuid
from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

from django.utils import timezone

from enterprises.models import Enterprise
from liaison.accounts.models import Kind, Unit, User
from liaison.core.coordinates import Point
from patrols.actions.planning import plan_night
from patrols.actions.posts import add_window, make_post
from patrols.actions.responding import record_response
from patrols.models import (
    Absence,
    Duty,
    DutyGuard,
    DutyNight,
    NightPhoto,
    PatrolIncident,
    Roster,
    StationPatrol,
    SwapRequest,
    TemporaryPost,
    Wish,
)
from patrols.nights import evening_of
from patrols.roster_dates import month_of
from tests.factories.enterprises import AssignedEnterpriseFactory
from tests.factories.evidence import EvidenceFactory
from tests.factories.patrols import (
    GuardFactory,
    PatrolTeamFactory,
    join,
    night_door,
    route_of,
    team_of,
)
from tests.factories.people import someone


def walked(unit: Unit) -> dict[str, Any]:
    """A night of a team with a route, an incident with a photo, a post and a station's patrol."""
    team = team_of(2, 1, unit=unit)
    route = route_of(team)
    link, token = night_door(team)
    by, now = link.made_by, timezone.now()
    incident = PatrolIncident.objects.create(
        night=link.night,
        guard=link.guard,
        client_id=uuid.uuid4(),
        kind=PatrolIncident.Kind.OTHER,
        text="示例灯坏",
        happened_at=now,
        received_at=now,
    )
    night_photo = NightPhoto.objects.create(
        night=link.night,
        guard=link.guard,
        client_id=uuid.uuid4(),
        evidence=EvidenceFactory(by=by),
        incident=incident,
    )
    post, window = watched(unit, by)
    response = record_response(
        link.guard.enterprise, by=by, called_at=now, took=[timedelta(0)] * 3, incident=incident
    )
    return {
        "routes": route,
        "checkpoints": route.checkpoints.get(position=0),
        "posts": post,
        "windows": window,
        "nights": link.night,
        "incidents": incident,
        "rounds": link.night.runs.get(),
        "responses": response,
        "night_photo": night_photo,
        "night_token": token,
    }


def watched(unit: Unit, by: User) -> tuple[TemporaryPost, StationPatrol]:
    now = timezone.now()
    post = make_post(
        unit, by=by, place="示例路口", from_at=now, until_at=now + timedelta(days=3), reason="示例"
    )
    window = add_window(
        unit,
        by=by,
        name="示例巡逻",
        weekdays=range(7),
        from_time=time(23),
        to_time=time(1),
        point=Point(120.5, 36.85),
        radius=400,
    )
    return post, window


def more_rounds(night: DutyNight, by: User) -> None:
    """One more route of the night's team, walked this night, what stands beside it, and a drill."""
    route_of(night.team, checkpoints=1)
    plan_night(night)
    watched(night.team.unit, by)
    enterprise = night.duties.order_by("pk")[0].enterprise
    record_response(enterprise, by=by, called_at=timezone.now(), took=[None] * 3, note="演练")


def patrolled(enterprise: Enterprise, beside: Sequence[Enterprise] = ()) -> dict[str, Any]:
    """A published month of a team in which the enterprise is out tonight, with a neighbour that
    asks it for a swap, a wish, and an absence for which nobody has come in yet. ``beside`` are its
    neighbours, two at least, if they are not to be new."""
    team = PatrolTeamFactory(unit=enterprise.unit)
    for neighbour in beside or AssignedEnterpriseFactory.create_batch(3, unit=team.unit):
        GuardFactory.create_batch(2, enterprise=neighbour)
        join(team, neighbour)
    join(team, enterprise)
    GuardFactory.create_batch(2, enterprise=enterprise)
    evening = evening_of(timezone.now())
    chief = someone(Kind.CHIEF, team.unit)
    roster = Roster.objects.create(
        team=team,
        month=month_of(evening),
        made_by=chief,
        state=Roster.State.PUBLISHED,
        published_by=chief,
        published_at=timezone.now(),
    )
    night = DutyNight.objects.create(roster=roster, team=team, night_on=evening)
    others = [one.enterprise for one in team.memberships.exclude(enterprise=enterprise)]
    duty = Duty.objects.create(night=night, enterprise=enterprise)
    for one in (duty, Duty.objects.create(night=night, enterprise=others[0])):
        guard = one.enterprise.guards.first()
        DutyGuard.objects.create(duty=one, guard=guard, night_on=evening)
    return {
        "rosters": roster,
        "nights": night,
        "duties": duty,
        "swaps": SwapRequest.objects.create(
            team=team, asking=others[0], asked=enterprise, gives_on=evening, asked_by=chief
        ),
        "wishes": Wish.objects.create(
            enterprise=enterprise, night_on=evening, kind="gladly", by=chief
        ),
        "absences": Absence.objects.create(enterprise=others[1], night_on=evening, by=chief),
    }
