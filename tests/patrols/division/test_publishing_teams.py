"""A division from the night from which it holds."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liaison.audit.models import Entry
from liaison.core.refused import Conflict, Refused
from liaison.notices.models import Notice
from patrols.actions.dividing import (
    Asked,
    move_place,
)
from patrols.actions.publishing_teams import name_team
from patrols.actions.settling import remove_pin, set_pin
from patrols.models import Draft, Duty, DutyNight, Membership, PatrolTeam, Pin
from tests import factories as make
from tests.factories.patrols import duty_of, team_of
from tests.patrols.division.doing import open_ones, propose, publish, team_of_each

pytestmark = pytest.mark.django_db


def test_from_its_night_on_a_division_holds_and_what_was_is_kept(unit, chief, places):
    draft = publish(propose(unit, chief), chief)
    today = timezone.localdate()
    assert (draft.state, draft.published_by) == ("published", chief)
    assert open_ones() == team_of_each(draft)
    first = PatrolTeam.objects.get(number=1)
    leader = make.ContactFactory(enterprise=first.memberships.first().enterprise)
    name_team(first, by=chief, name=" 东片 ", leader=leader)
    # The next one, from next week on: one goes over, whose company led.
    goes = leader.enterprise
    again = propose(unit, chief)
    assert team_of_each(again) == open_ones()
    move_place(again, goes, 2, by=chief, version=1)
    publish(again, chief, days=7, any_size=True)
    first.refresh_from_db()
    assert (first.name, first.leader) == ("东片", None)
    history = Membership.objects.filter(enterprise=goes).order_by("began_on")
    week = today + timedelta(days=7)
    assert [(one.team.number, one.began_on, one.ended_on) for one in history] == [
        (1, today, week),
        (2, week, None),
    ]
    assert Membership.objects.on(week - timedelta(days=1)).get(enterprise=goes).team == first
    assert Membership.objects.on(week).get(enterprise=goes).team.number == 2
    # The others go on without a break.
    assert Membership.objects.exclude(enterprise=goes).count() == 7
    assert Draft.objects.filter(state="published").count() == 2
    assert history[1].reason["because"] == "by_hand"


def test_a_team_that_there_is_no_more_ends_with_its_members(unit, chief, places):
    publish(propose(unit, chief), chief)
    publish(propose(unit, chief, Asked(1, 3, 8)), chief, days=1)
    morning = timezone.localdate() + timedelta(days=1)
    assert PatrolTeam.objects.get(ended_on=morning).memberships.filter(ended_on=morning).exists()
    assert set(open_ones().values()) == {1}
    assert PatrolTeam.objects.on(timezone.localdate()).count() == 2
    assert PatrolTeam.objects.on(morning).count() == 1


def test_it_holds_from_tonight_at_the_earliest_and_in_order(unit, chief, places):
    draft = propose(unit, chief)
    with pytest.raises(Refused) as refused:
        publish(draft, chief, days=-1)
    assert refused.value.field == "begins_on"
    publish(draft, chief, days=3)
    with pytest.raises(Refused) as refused:
        publish(propose(unit, chief), chief, days=2)
    assert refused.value.code == "before_the_last"
    assert {one.began_on for one in Membership.objects.all()} == {
        timezone.localdate() + timedelta(days=3)
    }


def test_teams_too_small_are_published_only_by_who_says_so(unit, chief, places):
    draft = propose(unit, chief, Asked(2, 4, 4))
    move_place(draft, places[0], None, by=chief, version=1)
    with pytest.raises(Refused) as refused:
        publish(draft, chief)
    assert refused.value.field == "any_size"
    assert list(refused.value.details["sizes"].values()) == [3]
    assert Draft.objects.get().state == "open"
    assert not Membership.objects.exists()
    publish(draft, chief, any_size=True)
    assert len(open_ones()) == 7


def test_what_was_settled_after_the_proposal_is_kept_when_it_is_published(unit, chief, places):
    draft = propose(unit, chief)
    found = team_of_each(draft)
    pin = set_pin(unit, Pin.Kind.OUT, places[0], by=chief)
    with pytest.raises(Refused) as refused:
        publish(draft, chief)
    assert refused.value.code == "pinned"
    assert places[0].name in str(refused.value.message)
    remove_pin(pin, by=chief)
    with pytest.raises(Conflict):
        remove_pin(pin, by=chief)
    publish(draft, chief)
    assert open_ones() == found


def test_who_leads_is_a_contact_of_the_team(unit, chief):
    team = team_of(2, unit=unit)
    other = make.ContactFactory(enterprise=make.AssignedEnterpriseFactory(unit=unit))
    for leader, name, field in ((other, "", "leader"), (None, "队" * 41, "name")):
        with pytest.raises(Refused) as refused:
            name_team(team, by=chief, name=name, leader=leader)
        assert refused.value.field == field
    PatrolTeam.objects.update(ended_on=timezone.localdate())
    with pytest.raises(Conflict):
        name_team(team, by=chief, name="东片", leader=None)


def test_who_leaves_a_team_comes_off_its_nights_from_then_on(unit, chief, places):
    publish(propose(unit, chief), chief)
    goes, stays = places[:2]
    today = timezone.localdate()
    for evening in (today, today + timedelta(days=2), today + timedelta(days=3)):
        duty_of(goes, evening)
        duty_of(stays, evening)
    draft = propose(unit, chief)
    move_place(draft, goes, None, by=chief, version=1)
    publish(draft, chief, days=2, any_size=True)
    left = Duty.objects.values_list("enterprise", "night__night_on")
    assert [evening for key, evening in left if key == goes.pk] == [today]
    assert len(left) == 4
    assert list(DutyNight.objects.order_by("night_on").values_list("version", flat=True)) == [
        1,
        2,
        2,
    ]
    told = Notice.objects.get(kind="division.published", recipient=chief)
    assert goes.name in told.text
    assert stays.name not in told.text
    entry = Entry.objects.filter(action="patrols.publish_division").last()
    assert entry.changes["nights"] == 2
