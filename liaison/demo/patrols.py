"""The demo station's joint patrols: eleven teams of seven to ten, as the scheme has them, their
routes and their nights to the end of next month."""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from django.utils import timezone

from enterprises.models import Contact, Enterprise
from liaison.accounts.models import Unit, User
from liaison.core.coordinates import Point
from liaison.demo.diary import clock_at
from liaison.demo.rosters import change_rosters, publish_rosters, say_wishes
from liaison.notices.actions import mark_all_read
from patrols.actions.dividing import Asked, propose_division
from patrols.actions.posts import add_window
from patrols.actions.publishing_teams import name_team, publish_division
from patrols.actions.routes import add_checkpoint, make_route, order_route
from patrols.actions.settling import set_pin
from patrols.models import PatrolTeam, Pin
from patrols.nights import evening_of
from patrols.roster_dates import month_of, next_month

TEAMS, SMALLEST, LARGEST = 11, 7, 10
# Of the search for teams: well under a second.
ROUNDS = 60
# For so many nights the teams have patrolled.
NIGHTS = 4
# Teams whose next month is published already.
AHEAD = 4
# Enterprises by whose gates a team's route leads.
GATES = 5
# The station's own cars: name, evenings, from, to, where, how far around in metres.
WINDOWS = (
    ("示例东环路机动巡逻", range(7), time(20), time(23, 30), Point(120.515, 36.865), 1200),
    ("示范一路步巡", (4, 5, 6), time(21), time(0, 30), Point(120.49, 36.855), 600),
)


def keep_patrols(shown: Enterprise, people: Mapping[str, User]) -> None:
    """Teams since some nights ago with their rosters; of the next month some are made, the
    others are left to whoever tries it. ``shown`` is the enterprise whose contact everybody signs
    in as."""
    desk, unit = people["desk"], shown.unit
    now = timezone.now()
    evening = evening_of(now)
    begins = evening - timedelta(days=NIGHTS)
    morning = timezone.make_aware(datetime.combine(begins, time(9)))
    with clock_at(morning):
        teams = divide_into_teams(unit, desk, shown)
        _lay_out(unit, teams, desk)
        say_wishes(teams, by=desk)
        for month in sorted({month_of(begins), month_of(evening)}):
            publish_rosters(teams, month, by=desk)
    # Who was told on that day has read it since.
    read_at = min(morning + timedelta(hours=8), now)
    for person in people.values():
        mark_all_read(by=person, until=morning, now=read_at)
    publish_rosters(teams[:AHEAD], next_month(month_of(evening)), by=desk)
    change_rosters(shown, by=desk)


def divide_into_teams(unit: Unit, desk: User, shown: Enterprise) -> list[PatrolTeam]:
    """Proposed and published like any other division; each team led by a contact of its own."""
    set_pin(unit, Pin.Kind.TEAM, shown, team_number=1, reason="企业主动报名参加联防", by=desk)
    draft = propose_division(unit, Asked(TEAMS, SMALLEST, LARGEST), by=desk, rounds=ROUNDS)
    publish_division(draft, timezone.localdate(), by=desk, version=draft.version)
    teams = list(PatrolTeam.objects.filter(unit=unit).order_by("number"))
    for team in teams:
        inside = team.memberships.filter(ended_on__isnull=True).values("enterprise")
        leader = Contact.objects.filter(enterprise__in=inside, left_on__isnull=True)
        name_team(team, by=desk, name="", leader=leader.order_by("pk").first())
    return teams


def _lay_out(unit: Unit, teams: list[PatrolTeam], desk: User) -> None:
    """A route past the gates of each team, in the order of the shortest round, and the station's
    own windows."""
    for team in teams:
        route = make_route(team, by=desk, name="夜间巡控路线", rounds=2)
        members = team.memberships.filter(ended_on__isnull=True).select_related("enterprise")
        for n, one in enumerate(members.order_by("pk")[:GATES], 1):
            enterprise = one.enterprise
            if enterprise.point is None:
                raise ValueError("who is in a team has a place on the map")
            add_checkpoint(
                route, by=desk, name=f"{enterprise.name}门口", point=enterprise.point, version=n
            )
        order_route(route, by=desk, version=GATES + 1)
    for name, weekdays, begins, ends, point, radius in WINDOWS:
        add_window(
            unit, by=desk, name=name, weekdays=weekdays, from_time=begins, to_time=ends,
            point=point, radius=radius,
        )  # fmt: skip
