"""The demo's rosters: made and published by the verbs, and what enterprises say of their nights."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.utils import timezone

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.core.refused import Refused
from patrols.actions.absences import report_absence
from patrols.actions.nights import set_wish
from patrols.actions.rostering import make_rosters, publish_roster
from patrols.actions.swapping import ask_swap, move_swap
from patrols.models import Duty, Membership, Night, PatrolTeam, Roster, SwapRequest
from patrols.querysets import DutyQuerySet

# Of each team one enterprise cannot, one would rather not, one gladly: how many days ahead.
WISHES = (
    (Night.BLOCKED, range(6, 9), "停产检修，值班人员不足"),
    (Night.RATHER_NOT, range(12, 14), "夜班赶货"),
    (Night.GLADLY, range(18, 20), ""),
)


def say_wishes(teams: Sequence[PatrolTeam], *, by: User) -> None:
    """Telephoned to the desk before the first roster is made."""
    today = timezone.localdate()
    for team in teams:
        members = Membership.objects.on(today).filter(team=team).select_related("enterprise__unit")
        for one, (kind, days, reason) in zip(members.order_by("pk"), WISHES, strict=False):
            for ahead in days:
                night = today + timedelta(days=ahead)
                set_wish(one.enterprise, night, kind=kind, reason=reason, by=by)


def publish_rosters(teams: Sequence[PatrolTeam], month: date, *, by: User) -> None:
    """A team whose month cannot be made is left without, and its page says why."""
    for made in make_rosters(teams, month, by=by):
        if isinstance(made, Roster) and not made.conflicts:
            publish_roster(made, by=by, version=made.version)


def change_rosters(shown: Enterprise, *, by: User) -> None:
    """Tonight somebody cannot come, and nobody has been found yet; ``shown`` has asked a neighbour
    for a swap, and two others wait for the station's yes."""
    today = timezone.localdate()
    ahead = Duty.objects.filter(
        night__team__unit=shown.unit, night__roster__state=Roster.State.PUBLISHED
    ).select_related("night__roster", "night__team", "enterprise__unit")
    own = ahead.filter(night__night_on__gt=today, enterprise=shown).order_by("night__night_on")
    _ask(own, by=by)
    others = ahead.filter(night__night_on__gt=today + timedelta(days=2)).exclude(
        night__team__memberships__enterprise=shown
    )
    swap = _ask(others.order_by("night__night_on", "pk"), by=by)
    if swap is not None:
        move_swap(swap, "accept", by=by)
    tonight = ahead.filter(night__night_on=today).exclude(enterprise=shown).order_by("-pk").first()
    if tonight is not None:
        report_absence(tonight, by=by, reason="保安员临时发烧，今晚无法到岗")


def _ask(duties: DutyQuerySet, *, by: User) -> SwapRequest | None:
    """The first swap of these duties that a neighbour could say yes to."""
    for duty in duties[:5]:
        neighbours = Membership.objects.on(duty.night.night_on).filter(team=duty.night.team)
        for one in neighbours.exclude(enterprise=duty.enterprise).select_related("enterprise"):
            try:
                return ask_swap(duty, one.enterprise, by=by, reason="当晚年会，抽不出人")
            except Refused:
                continue
    return None
