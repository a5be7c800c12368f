"""A division as a draft: proposed, moved by hand, discarded."""

import pytest
from django.utils import timezone, translation

from liaison.audit.models import Entry
from liaison.core.coordinates import Point
from liaison.core.refused import Conflict, Refused
from patrols.actions.dividing import (
    Asked,
    discard_division,
    move_place,
    usual,
)
from patrols.actions.publishing_teams import name_team, publish_division
from patrols.actions.settling import remove_barrier, set_barrier, set_pin
from patrols.models import Barrier, Draft, Membership, Pin
from patrols.reasons import why
from tests import factories as make
from tests.factories.patrols import in_rows, team_of
from tests.patrols.division.doing import propose, publish, team_of_each

pytestmark = pytest.mark.django_db


def test_neighbours_are_proposed_together_and_each_is_told_why(unit, chief, places):
    lost = make.AssignedEnterpriseFactory(unit=unit, longitude=None, latitude=None)
    draft = propose(unit, chief)
    team_of_one = team_of_each(draft)
    sides = [{team_of_one[one.pk] for one in row} for row in (places[:4], places[4:])]
    assert sorted(map(sorted, sides)) == [[1], [2]]
    assert team_of_one[lost.pk] is None
    for place in draft.places.all():
        assert place.reason["because"] in ("centre", "nearest", "placeless")
    entry = Entry.objects.get(action="patrols.propose_division")
    assert (entry.actor, entry.changes["teams"], entry.changes["uncovered"]) == (chief, 2, 0)
    assert not Membership.objects.exists()


def test_reasons_are_said_in_the_language_of_whoever_reads_them(unit, chief, places):
    one = propose(unit, chief).places.filter(reason__because="nearest").first()
    far = str(one.reason["metres"])
    said = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said[language] = one.why
    assert all(far in words for words in said.values())
    assert said["en"].endswith("farther.")
    assert f"{far} 米" in said["zh-hans"]
    assert f"{far} m" in said["en"]


@pytest.mark.parametrize("because", ["centre", "full", "small", "apart", "barrier", "overall"])
def test_every_reason_has_words_for_what_was_kept(because):
    reason = {
        "because": because,
        "metres": 1234,
        "other": 7,
        "other_metres": 456,
        "partner": "示例",
    }
    with translation.override("en"):
        said = why(reason)
    assert "7" in said
    assert "%" not in said
    assert ("示例" in said) == (because == "apart")


def test_who_are_pinned_together_apart_into_a_team_or_out_are_so(unit, chief, places):
    near, far = places[0], places[7]
    set_pin(unit, Pin.Kind.TOGETHER, far, by=chief, other=near)
    set_pin(unit, Pin.Kind.APART, places[1], by=chief, other=places[2])
    set_pin(unit, Pin.Kind.TEAM, places[4], by=chief, team_number=2)
    set_pin(unit, Pin.Kind.OUT, places[5], by=chief, reason="自愿退出")
    draft = propose(unit, chief)
    found = team_of_each(draft)
    assert found[near.pk] == found[far.pk]
    assert found[places[1].pk] != found[places[2].pk]
    assert found[places[4].pk] == 2
    assert found[places[5].pk] is None
    reasons = {one.enterprise_id: one.reason for one in draft.places.all()}
    assert reasons[near.pk]["partner"] == far.name
    assert reasons[places[4].pk]["because"] == "fixed"
    assert reasons[places[5].pk]["because"] == "out"


def test_a_river_between_near_ones_divides_them(unit, chief):
    # Closer across the river than along their own bank.
    banks = in_rows(unit, 3, rows=2, apart=0.0004, step=0.004)
    asked = Asked(2, 3, 3)
    free = team_of_each(propose(unit, chief, asked))
    assert any(free[a.pk] == free[b.pk] for a, b in zip(banks[:3], banks[3:], strict=True))
    at = banks[0].point
    line = [Point(at.lon - 0.01, at.lat + 0.0002), Point(at.lon + 0.02, at.lat + 0.0002)]
    river = set_barrier(unit, Barrier.Kind.RIVER, "示例河", line, by=chief)
    found = team_of_each(propose(unit, chief, asked, version=1))
    assert [len({found[one.pk] for one in bank}) for bank in (banks[:3], banks[3:])] == [1, 1]
    remove_barrier(river, by=chief)
    assert team_of_each(propose(unit, chief, asked, version=2)) == free


def test_what_cannot_be_is_refused_in_words_and_leaves_the_draft(unit, chief, places):
    draft = propose(unit, chief)
    before = team_of_each(draft)
    set_pin(unit, Pin.Kind.TOGETHER, places[0], by=chief, other=places[1])
    set_pin(unit, Pin.Kind.APART, places[1], by=chief, other=places[2])
    set_pin(unit, Pin.Kind.TOGETHER, places[2], by=chief, other=places[0])
    with pytest.raises(Refused) as refused:
        propose(unit, chief, version=1)
    assert refused.value.code == "together_and_apart"
    assert places[1].name in str(refused.value.message)
    draft.refresh_from_db()
    assert (draft.version, team_of_each(draft)) == (1, before)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        (Asked(2, 5, 4), "smallest"),
        (Asked(0, 3, 4), "teams"),
        (Asked(100, 3, 4), "teams"),
        (Asked(5, 3, 4), "teams"),
    ],
)
def test_a_proposal_that_makes_no_sense_is_refused_at_its_field(unit, chief, places, asked, field):
    with pytest.raises(Refused) as refused:
        propose(unit, chief, asked)
    assert refused.value.field == field
    assert not Draft.objects.exists()


def test_as_many_teams_are_usual_as_take_everybody_in(unit, settings):
    settings.PATROL_TEAM_SMALLEST, settings.PATROL_TEAM_LARGEST = 3, 5
    assert usual(unit) == Asked(1, 3, 5)
    in_rows(unit, 11)
    assert usual(unit) == Asked(3, 3, 5)


def test_somebody_else_s_draft_is_not_given_up_unseen(unit, chief, places):
    desk = make.DeskFactory(unit=unit)
    draft = propose(unit, desk)
    for version in (None, draft.version + 1):
        with pytest.raises(Conflict):
            propose(unit, chief, version=version)
    again = propose(unit, chief, version=draft.version)
    assert (again.pk, again.version) == (draft.pk, 2)
    assert Draft.objects.count() == 1


def test_by_hand_one_goes_to_another_team_and_that_is_the_reason(unit, chief, places):
    draft = propose(unit, chief)
    one = places[0]
    before = team_of_each(draft)[one.pk]
    move_place(draft, one, 3 - before, by=chief, version=1)
    place = draft.places.get(enterprise=one)
    assert (place.team_number, place.moved_by) == (3 - before, chief)
    with translation.override("en"):
        assert place.why == f"Moved by hand by {chief}."
    assert Entry.objects.get(action="patrols.move_place").changes == {"team": [before, 3 - before]}
    with pytest.raises(Conflict):
        move_place(draft, one, before, by=chief, version=1)
    move_place(draft, one, None, by=chief, version=2)
    assert team_of_each(draft)[one.pk] is None


def test_by_hand_too_what_is_settled_stays_so(unit, chief, places):
    draft = propose(unit, chief)
    found = team_of_each(draft)
    set_pin(unit, Pin.Kind.TOGETHER, places[0], by=chief, other=places[1])
    with pytest.raises(Refused) as refused:
        move_place(draft, places[0], 3 - found[places[0].pk], by=chief, version=1)
    assert refused.value.code == "pinned"
    assert places[1].name in str(refused.value.message)
    for team, code in ((3, "no_such_team"), (0, "no_such_team")):
        with pytest.raises(Refused) as refused:
            move_place(draft, places[0], team, by=chief, version=1)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        move_place(draft, make.AssignedEnterpriseFactory(unit=unit), 1, by=chief, version=1)
    assert refused.value.code == "not_here"
    assert team_of_each(draft) == found
    assert Draft.objects.get().version == 1


def test_a_discarded_draft_is_gone_and_the_next_begins_anew(unit, chief, places):
    draft = propose(unit, chief)
    with pytest.raises(Conflict):
        discard_division(draft, by=chief, version=2)
    discard_division(draft, by=chief, version=1)
    with pytest.raises(Conflict):
        publish(draft, chief)
    assert propose(unit, chief).pk != draft.pk
    assert not Membership.objects.exists()


def test_only_desk_and_chiefs_of_the_station_divide(unit, chief, places):
    draft = propose(unit, chief)
    team = team_of(1, unit=unit)
    for person in (
        make.OfficerFactory(unit=unit),
        make.ChiefFactory(),
        make.ContactUserFactory(enterprise=places[0]),
        make.UserFactory(kind="bureau", unit=unit.parent),
    ):
        for verb in (
            lambda by: propose(unit, by, version=1),
            lambda by: move_place(draft, places[0], 1, by=by, version=1),
            lambda by: publish_division(draft, timezone.localdate(), by=by, version=1),
            lambda by: discard_division(draft, by=by, version=1),
            lambda by: set_pin(unit, "out", places[0], by=by),
            lambda by: name_team(team, by=by, name="", leader=None),
        ):
            with pytest.raises(Refused) as refused:
                verb(person)
            assert refused.value.code == "not_allowed"
    assert Draft.objects.get().version == 1
