"""One of many sets a time limit or the steps of a ladder."""

import pytest

from enterprises.actions.ladders import set_reminders
from enterprises.models import ReminderRule
from enterprises.steps import Way, step
from issues.actions.laddering import set_ladder
from issues.actions.limiting import set_policy
from issues.models import EscalationRule, SlaPolicy
from liaison.core.refused import Conflict
from tests import factories as make
from tests.races.threads import all_at_once, losers, winners

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
MANY = 32


@pytest.mark.parametrize("first", [True, False])
def test_one_of_many_sets_the_time_limit(first):
    unit = make.StationFactory()
    chiefs = [make.ChiefFactory(unit=unit) for _ in range(8)]
    terms = {"respond_hours": 24, "may_pause": True, "extension_days": 5}

    def change(chief, days, replaces):
        return set_policy(
            unit, None, "ordinary", resolve_days=days, **terms, by=chief, replaces=replaces
        )

    seen = None if first else change(chiefs[0], 30, None).policy.pk
    results = all_at_once(
        [lambda n=n, chief=chief: change(chief, n + 3, seen) for n, chief in enumerate(chiefs)]
    )
    [won] = winners(results)
    assert all(isinstance(one, Conflict) for one in losers(results))
    in_force = SlaPolicy.objects.in_force().get(unit=unit)
    assert in_force == won.policy
    assert all(one.details == {"replaces": in_force.pk} for one in losers(results))
    assert SlaPolicy.objects.filter(unit=unit).count() == (1 if first else 2)


@pytest.mark.parametrize("whose", ["station", "general", "kind"])
@pytest.mark.parametrize("verb", [set_ladder, set_reminders])
def test_one_of_many_sets_the_steps(verb, whose):
    """Also the first own ones, of which each keeps others that were there before."""
    chief = make.ChiefFactory()
    by = chief if whose == "station" else make.DeskFactory(
        unit=chief.unit.parent, admin_duty="system"
    )  # fmt: skip
    unit = chief.unit if whose == "station" else None
    kind = make.kind_of("dispute") if whose == "kind" else None
    place = (unit, kind, "respond") if verb is set_ladder else (unit, "contact")
    own = (EscalationRule if verb is set_ladder else ReminderRule).objects.all().exactly(*place)
    seen = list(own.values_list("pk", flat=True))
    wanted = [[step(Way.DAYS, n, ["chief"]), step(Way.DAYS, n + 1, ["bureau"])] for n in range(8)]
    results = all_at_once(
        [lambda steps=steps: verb(*place, steps, by=by, replaces=seen) for steps in wanted]
    )
    assert len(winners(results)) == 1
    assert all(isinstance(one, Conflict) for one in losers(results))
    assert own.count() == 2
    first, second = sorted(one.days for one in own)
    assert second == first + 1
