"""A night with every fault that a guard's certificate may have."""

from datetime import timedelta

import pytest
from django.utils import timezone

from patrols.actions.duty_guards import put_all_on_duty
from patrols.models import (
    Duty,
    DutyNight,
    Roster,
)
from patrols.nights import evening_of
from tests import factories as make
from tests.factories.patrols import GuardFactory, duty_of, join, team_of
from tests.patrols.no_certificate_no_duty.nights import (
    FAULTS,
    Night,
)


@pytest.fixture(params=FAULTS)
def night(request):
    evening = evening_of(timezone.now()) + timedelta(days=3)
    number, until = FAULTS[request.param](evening)
    team = team_of(2, 1)
    third = make.AssignedEnterpriseFactory(unit=team.unit)
    join(team, third)
    bad = GuardFactory(
        enterprise=third, name="示例无证", certificate=number, certificate_until=until
    )
    duties = [duty_of(one.enterprise, evening) for one in team.memberships.order_by("pk")[:2]]
    put_all_on_duty([(one, [one.enterprise.guards.get()]) for one in duties])
    chief = make.ChiefFactory(unit=team.unit)
    Roster.objects.update(state="published", published_by=chief, published_at=timezone.now())
    rows = Duty.objects.select_related("night__roster", "night__team__unit", "enterprise__unit")
    return Night(
        team=team,
        row=DutyNight.objects.select_related("team__unit", "roster").get(),
        duties=list(rows.order_by("pk")),
        third=third,
        bad=bad,
        desk=make.DeskFactory(unit=team.unit),
        fault=(number, until),
    )
