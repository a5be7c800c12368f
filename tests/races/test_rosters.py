"""Several at once on one night."""

from datetime import timedelta

import pytest
from django.utils import timezone

from patrols.actions.absences import report_absence, take_substitute
from patrols.actions.guards import edit_guard
from patrols.actions.nights import change_night, lock_night
from patrols.actions.rostering import publish_roster
from patrols.actions.swapping import ask_swap, move_swap
from patrols.models import Duty, DutyGuard, DutyNight, Guard, Roster, SwapRequest
from patrols.nights import evening_of
from tests import factories as make
from tests.factories.patrols import team_of
from tests.patrols.test_swapping import on_duty, publish
from tests.races.threads import all_at_once, losers, winners

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]


def night_of_two():
    team = team_of(5)
    five = [one.enterprise for one in team.memberships.order_by("pk")]
    evening = evening_of(timezone.now()) + timedelta(days=2)
    duties = [on_duty(one, evening).pk for one in five[:2]]
    publish(team)
    rows = Duty.objects.select_related("night__roster", "night__team", "enterprise")
    return team, five, [rows.get(pk=pk) for pk in duties], evening


def out(evening):
    return set(Duty.objects.filter(night__night_on=evening).values_list("enterprise", flat=True))


def test_two_swaps_of_one_night_to_the_same_enterprise_are_one():
    team, five, duties, evening = night_of_two()
    officer = make.OfficerFactory(unit=team.unit)
    swaps = [ask_swap(duty, five[2], by=officer) for duty in duties]
    for swap in swaps:
        move_swap(swap, "accept", by=officer)
    results = all_at_once([lambda s=swap: move_swap(s, "approve", by=officer) for swap in swaps])
    assert len(winners(results)) == len(losers(results)) == 1
    assert len(out(evening)) == 2
    assert five[2].pk in out(evening)
    states = SwapRequest.objects.order_by("state").values_list("state", flat=True)
    assert list(states) == ["accepted", "approved"]


def test_one_swap_approved_many_times_is_approved_once():
    team, five, duties, evening = night_of_two()
    officer = make.OfficerFactory(unit=team.unit)
    swap = ask_swap(duties[0], five[2], by=officer)
    move_swap(swap, "accept", by=officer)
    results = all_at_once([lambda: move_swap(swap, "approve", by=officer)] * 4)
    assert len(winners(results)) == 1
    assert out(evening) == {five[1].pk, five[2].pk}


def test_of_several_substitutes_one_comes():
    team, five, duties, evening = night_of_two()
    desk = make.DeskFactory(unit=team.unit)
    absence = report_absence(duties[0], by=desk)
    results = all_at_once([lambda e=one: take_substitute(absence, e, by=desk) for one in five[2:]])
    assert len(winners(results)) == 1
    absence.refresh_from_db()
    assert out(evening) == {five[1].pk, absence.substitute_id}


def test_publishing_against_a_change_of_a_night():
    team, _five, _duties, _evening = night_of_two()
    chief = make.ChiefFactory(unit=team.unit)
    Roster.objects.update(state="draft", published_by=None, published_at=None)
    roster = Roster.objects.select_related("team__unit").get()
    night = DutyNight.objects.select_related("team", "roster").get()
    results = all_at_once(
        [
            lambda: publish_roster(roster, by=chief, version=roster.version),
            lambda: lock_night(night, by=chief, version=night.version, locked=True),
        ]
    )
    # A month of one night cannot be published; whoever comes first, the lock holds.
    night.refresh_from_db()
    assert night.locked
    assert Roster.objects.get().state == "draft"
    assert [one.code for one in losers(results)] in (["unlawful"], ["changed"])


def test_a_guard_edited_and_a_night_changed_at_once_wait_for_each_other_in_one_order():
    team, _five, duties, evening = night_of_two()
    officer = make.OfficerFactory(unit=team.unit)
    one, two = (duty.guards.get().guard for duty in duties)
    for _turn in range(5):
        night = DutyNight.objects.get(night_on=evening)
        guard = Guard.objects.get(pk=one.pk)
        sends = {duties[0].enterprise_id: [one.pk], duties[1].enterprise_id: [two.pk]}
        results = all_at_once(
            [
                lambda g=guard: edit_guard(
                    g, {"certificate": ""}, version=g.version, by=officer, off_duty=True
                ),
                lambda n=night, s=sends: change_night(n, s, by=officer, version=n.version),
            ]
        )
        assert len(winners(results)) >= 1
        # Either the night has them with their certificate, or they are off it without one.
        on = DutyGuard.objects.filter(guard=one, night_on=evening)
        assert on.exists() <= bool(Guard.objects.get(pk=one.pk).certificate)
        Guard.objects.filter(pk=one.pk).update(
            certificate="示证0001", certificate_until=evening + timedelta(days=90)
        )
