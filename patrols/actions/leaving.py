"""Enterprises that have closed down leave their teams, the draft and the nights ahead."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import F, Q
from django.db.models.functions import Greatest
from django.utils import timezone

from enterprises.models import Enterprise
from liaison.accounts.models import User
from liaison.audit.record import record
from patrols.actions.taking_off import take_off_nights
from patrols.models import Draft, DraftPlace, Membership, PatrolTeam
from patrols.team_notices import tell_of_leaving


@transaction.atomic
def leave_teams(enterprises: Sequence[Enterprise], *, by: User | None) -> None:
    """From tonight on they belong to no team and are on no duty; what was before stays.

    Their nights stand short, which desk and chiefs are told. One that comes back, also by the
    undoing of a list, is uncovered until a division is published with it.
    """
    today = timezone.localdate()
    gone = {one.pk: one for one in enterprises}
    units = {one.unit_id for one in enterprises}
    # Before memberships are read: whoever is publishing the draft comes first, or is overtaken.
    Draft.objects.filter(unit__in=units).open().update(version=F("version") + 1)
    DraftPlace.objects.filter(draft__state=Draft.State.OPEN, enterprise__in=gone).delete()
    ahead = Membership.objects.filter(enterprise__in=gone).filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=today)
    )
    rows = list(ahead.select_related("team__unit").order_by("-began_on"))
    # The one they are in tonight; one that begins later where there is none.
    teams = {one.enterprise_id: one.team for one in rows}
    ahead.update(ended_on=Greatest(F("began_on"), today))
    led = PatrolTeam.objects.filter(ended_on__isnull=True, leader__enterprise__in=gone)
    led.update(leader=None)
    nights = take_off_nights(gone.keys(), {one.team_id for one in rows}, today)
    for key, team in teams.items():
        record(
            "patrols.leave_team",
            gone[key],
            by=by,
            unit=team.unit,
            changes={"team": str(team), "nights": [str(one) for one in nights.get(key, ())]},
        )
        tell_of_leaving(gone[key], team, nights.get(key, []), by=by)
