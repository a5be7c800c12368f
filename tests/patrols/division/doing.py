"""What the tests of divisions do again and again."""

from datetime import timedelta

from django.utils import timezone

from patrols.actions.dividing import (
    Asked,
    propose_division,
)
from patrols.actions.publishing_teams import publish_division
from patrols.models import Membership

TWO = Asked(teams=2, smallest=3, largest=4)
FEW = 12


def propose(unit, by, asked=TWO, version=None):
    return propose_division(unit, asked, by=by, version=version, rounds=FEW)


def team_of_each(draft):
    return dict(draft.places.values_list("enterprise", "team_number"))


def publish(draft, by, days=0, **more):
    draft.refresh_from_db()
    evening = timezone.localdate() + timedelta(days=days)
    return publish_division(draft, evening, by=by, version=draft.version, **more)


def open_ones():
    rows = Membership.objects.filter(ended_on__isnull=True)
    return dict(rows.values_list("enterprise", "team__number"))
