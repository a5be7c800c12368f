"""Patrols as other pages show them: tonight in numbers, an enterprise's guards and next nights."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Min, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.utils import timezone

from enterprises.models import Enterprise
from liaison.accounts.models import User
from patrols.models import Duty, DutyGuard, DutyNight, Guard, Membership, PatrolTeam, Roster
from patrols.nights import evening_of
from patrols.querysets import DutyQuerySet
from patrols.roster_month import rules

# Of an enterprise's nights to come.
NEXT = 3


@dataclass(frozen=True)
class Tonight:
    """How many teams and people are on duty tonight; ``short``: teams of which too few are."""

    teams: int
    people: int
    short: int


def tonight_rows(user: User, now: datetime) -> dict[str, QuerySet[Any]]:
    """What is counted for :func:`tonight_of`, of the published nights that the person sees, for a
    page that counts other things as well in one query."""
    least = rules()
    nights = (
        DutyNight.objects.visible_to(user)
        .tonight(evening_of(now))
        .filter(roster__state=Roster.State.PUBLISHED)
        .order_by()
    )
    whole = nights.annotate(
        enterprises=Count("duties", distinct=True), people=Count("duties__guards", distinct=True)
    ).filter(enterprises__gte=least.fewest, people__gte=least.people)
    return {
        "patrol_teams": nights,
        "patrol_people": DutyGuard.objects.filter(duty__night__in=nights.values("pk")),
        "patrol_whole": nights.filter(pk__in=whole.values("pk")),
    }


def tonight_of(counts: Mapping[str, int]) -> Tonight | None:
    """None where no team is on duty."""
    teams = counts["patrol_teams"]
    if not teams:
        return None
    return Tonight(teams, counts["patrol_people"], teams - counts["patrol_whole"])


def duties_ahead(user: User, now: datetime, shown: int = NEXT) -> list[Duty]:
    """The next published nights of what the person sees, ``tonight`` marked, with their guards. Two
    queries; a contact sees its own enterprises'."""
    evening = evening_of(now)
    rows = with_guards(Duty.objects.visible_to(user).filter(night__night_on__gte=evening))
    found = list(rows[:shown])
    for duty in found:
        duty.tonight = duty.night.night_on == evening  # type: ignore[attr-defined]
    return found


def with_team(enterprises: "QuerySet[Enterprise]", now: datetime) -> "QuerySet[Enterprise]":
    """Enterprises with the team that each belongs to tonight, for :func:`team_of`."""
    mine = Membership.objects.on(evening_of(now)).filter(enterprise=OuterRef("pk"))
    return enterprises.annotate(
        patrols_in=Subquery(mine.values("team")[:1]),
        patrols_in_number=Subquery(mine.values("team__number")[:1]),
        patrols_in_name=Subquery(mine.values("team__name")[:1]),
    )


def team_of(enterprise: Any) -> PatrolTeam | None:
    """The team of one that was read ``with_team``, to be named and linked to; not to be saved."""
    if enterprise.patrols_in is None:
        return None
    return PatrolTeam(
        pk=enterprise.patrols_in,
        number=enterprise.patrols_in_number,
        name=enterprise.patrols_in_name,
    )


def guards_of(enterprise: Enterprise, user: User, now: datetime) -> list[Guard]:
    """Its guards, each with ``duty_on``, the next night on a published roster. One query."""
    ahead = Q(
        duties__night_on__gte=evening_of(now),
        duties__duty__night__roster__state=Roster.State.PUBLISHED,
    )
    guards = Guard.objects.visible_to(user).here(timezone.localdate(now))
    guards = guards.filter(enterprise=enterprise)
    return list(
        guards.annotate(duty_on=Min("duties__night_on", filter=ahead)).order_by("name", "pk")
    )


def with_guards(duties: DutyQuerySet) -> DutyQuerySet:
    """Duties in the order of the nights, with what a file or a card of them names."""
    guards: Prefetch[Any] = Prefetch(
        "guards", DutyGuard.objects.select_related("guard").order_by("guard_id")
    )
    rows = duties.select_related("night__roster", "night__team__unit", "enterprise")
    return rows.prefetch_related(guards).order_by("night__night_on", "enterprise__name", "pk")
