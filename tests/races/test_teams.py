"""Several at once on one division."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.actions import change_stage
from patrols.actions.dividing import Asked, move_place, propose_division
from patrols.actions.publishing_teams import publish_division
from patrols.models import Draft, Membership
from tests import factories as make
from tests.factories.patrols import in_rows
from tests.races.threads import all_at_once, losers, winners

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def made():
    unit = make.StationFactory()
    places = in_rows(unit, 4, rows=2)
    chief = make.ChiefFactory(unit=unit)
    return unit, places, chief, propose_division(unit, Asked(2, 3, 4), by=chief, rounds=8)


def teams_now():
    rows = Membership.objects.filter(ended_on__isnull=True)
    return dict(rows.values_list("enterprise", "team__number"))


def test_of_two_publishers_one_publishes(made):
    _unit, places, chief, draft = made
    today = timezone.localdate()
    results = all_at_once(
        [
            lambda day=today + timedelta(days=n): publish_division(draft, day, by=chief, version=1)
            for n in range(4)
        ]
    )
    assert len(winners(results)) == 1
    assert {one.code for one in losers(results)} == {"overtaken"}
    assert Draft.objects.get().begins_on == winners(results)[0].begins_on
    assert Membership.objects.count() == len(teams_now()) == len(places)


def test_a_move_against_publishing_is_in_it_or_refused(made):
    _unit, places, chief, draft = made
    before = draft.places.get(enterprise=places[0]).team_number
    results = all_at_once(
        [
            lambda: move_place(draft, places[0], None, by=chief, version=1),
            lambda: publish_division(
                draft, timezone.localdate(), by=chief, version=1, any_size=True
            ),
        ]
    )
    assert len(winners(results)) == len(losers(results)) == 1
    kept = Draft.objects.get()
    if kept.state == "published":
        assert teams_now()[places[0].pk] == before
    else:
        assert teams_now() == {}
        assert kept.places.get(enterprise=places[0]).team_number is None


def test_of_several_who_begin_a_draft_one_has_it(made):
    unit, _places, chief, draft = made
    Draft.objects.filter(pk=draft.pk).update(state="discarded")
    asked = Asked(2, 3, 4)
    results = all_at_once([lambda: propose_division(unit, asked, by=chief, rounds=1)] * 3)
    assert len(winners(results)) == 1
    assert Draft.objects.filter(state="open").count() == 1
    assert Draft.objects.get(state="open").places.count() == 8


def test_whoever_closes_down_while_teams_are_published_is_in_none(made):
    _unit, places, chief, draft = made
    gone = places[0]
    results = all_at_once(
        [
            lambda: change_stage(gone, "closed", by=chief, version=gone.version),
            lambda: publish_division(
                draft, timezone.localdate(), by=chief, version=1, any_size=True
            ),
        ]
    )
    assert not isinstance(results[0], Exception)
    assert gone.pk not in teams_now()
    if losers(results):
        assert losers(results)[0].code == "overtaken"
        assert teams_now() == {}
    else:
        assert len(teams_now()) == 7
