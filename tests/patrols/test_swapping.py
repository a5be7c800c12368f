"""Swaps: each move by each side in each state; nothing unlawful comes of one."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liaison.core.refused import Conflict, Refused
from liaison.notices.models import Notice
from patrols.actions.swapping import ask_swap, move_swap
from patrols.models import Duty, DutyGuard, DutyNight, Guard, Roster, SwapRequest
from patrols.nights import evening_of
from patrols.roster_dates import month_of
from patrols.swap_moves import MOVES, Side
from tests import factories as make
from tests.factories.patrols import duty_of, team_of

pytestmark = pytest.mark.django_db
OPEN = ("asked", "accepted")


@pytest.fixture
def evening():
    return evening_of(timezone.now()) + timedelta(days=2)


@pytest.fixture
def team():
    return team_of(4)


@pytest.fixture
def four(team):
    return [one.enterprise for one in team.memberships.order_by("pk")]


def on_duty(enterprise, evening):
    duty = duty_of(enterprise, evening)
    guard = enterprise.guards.order_by("pk").first()
    DutyGuard.objects.create(duty=duty, guard=guard, night_on=evening)
    return duty


def publish(team):
    chief = make.ChiefFactory(unit=team.unit)
    Roster.objects.filter(team=team).update(
        state="published", published_by=chief, published_at=timezone.now()
    )


@pytest.fixture
def duties(team, four, evening):
    """Tonight after tomorrow the first two; three nights later the other two."""
    found = [on_duty(four[0], evening), on_duty(four[1], evening)]
    found += [on_duty(four[n], evening + timedelta(days=3)) for n in (2, 3)]
    publish(team)
    return [Duty.objects.select_related("night__roster", "night__team").get(pk=d.pk) for d in found]


@pytest.fixture
def people(team, four):
    return {
        Side.ASKING: make.ContactUserFactory(enterprise=four[0]),
        Side.ASKED: make.ContactUserFactory(enterprise=four[2]),
        Side.STATION: make.OfficerFactory(unit=team.unit),
        "third": make.ContactUserFactory(enterprise=four[3]),
        "stranger": make.DeskFactory(),
        "bureau": make.BureauUserFactory(unit=make.BureauFactory()),
    }


@pytest.fixture
def swap(duties, four, people, evening):
    return ask_swap(
        duties[0], four[2], by=people[Side.ASKING], takes_on=evening + timedelta(days=3)
    )


def out(evening):
    return set(Duty.objects.filter(night__night_on=evening).values_list("enterprise", flat=True))


@pytest.mark.parametrize("state", SwapRequest.State.values)
@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("who", [*Side, "third", "stranger", "bureau"])
def test_each_move_in_each_state_by_each_person(swap, people, name, state, who):
    move = MOVES[name]
    SwapRequest.objects.filter(pk=swap.pk).update(state=state)
    # The station's people may speak for an enterprise that telephones.
    may = who in (move.side, Side.STATION)
    if may and state in move.before:
        assert move_swap(swap, name, by=people[who]).state == move.after
        return
    with pytest.raises(Refused) as refused:
        move_swap(swap, name, by=people[who])
    assert refused.value.conflict == may
    assert SwapRequest.objects.get().state == state


def test_asked_accepted_approved_both_nights_change_and_both_are_told(swap, four, people, evening):
    assert Notice.objects.filter(kind="swap.asked", recipient=people[Side.ASKED]).exists()
    move_swap(swap, "accept", by=people[Side.ASKED])
    move_swap(swap, "approve", by=people[Side.STATION])
    later = evening + timedelta(days=3)
    assert out(evening) == {four[2].pk, four[1].pk}
    assert out(later) == {four[0].pk, four[3].pk}
    assert set(DutyNight.objects.values_list("locked", flat=True)) == {True}
    assert Duty.objects.get(night__night_on=evening, enterprise=four[2]).came_by == "swap"
    told = Notice.objects.filter(kind="swap.approved").values_list("recipient", flat=True)
    assert set(told) == {people[Side.ASKING].pk, people[Side.ASKED].pk}


def test_a_swap_brings_no_guard_without_a_valid_certificate(swap, four, people, evening):
    """Whatever was so when it was asked: certificates that ended since are looked at again."""
    move_swap(swap, "accept", by=people[Side.ASKED])
    ended, still = four[2].guards.order_by("pk")
    Guard.objects.filter(pk=ended.pk).update(certificate_until=evening)
    move_swap(swap, "approve", by=people[Side.STATION])
    assert list(DutyGuard.objects.filter(duty__enterprise=four[2])
                .values_list("guard", flat=True)) == [still.pk]  # fmt: skip


@pytest.mark.parametrize("at", ["ask", "accept", "approve"])
def test_nobody_free_is_refused_at_every_step_and_nothing_changes(
    at, duties, four, people, evening
):
    def spoil():
        Guard.objects.filter(enterprise=four[2]).update(certificate="", certificate_until=None)

    before = list(DutyGuard.objects.values_list())
    if at == "ask":
        spoil()
        with pytest.raises(Refused) as refused:
            ask_swap(duties[0], four[2], by=people[Side.ASKING])
    else:
        swap = ask_swap(duties[0], four[2], by=people[Side.ASKING])
        if at == "accept":
            spoil()
            with pytest.raises(Refused) as refused:
                move_swap(swap, "accept", by=people[Side.ASKED])
        else:
            move_swap(swap, "accept", by=people[Side.ASKED])
            spoil()
            with pytest.raises(Refused) as refused:
                move_swap(swap, "approve", by=people[Side.STATION])
            swap.refresh_from_db()
            assert swap.state == "accepted"
    assert refused.value.code == "nobody_free"
    assert list(DutyGuard.objects.values_list()) == before


def test_what_cannot_be_asked(team, duties, four, people, evening):
    def refused(duty, asked, **more):
        with pytest.raises(Refused) as caught:
            ask_swap(duty, asked, by=more.pop("by", people[Side.ASKING]), **more)
        return caught.value.code

    stranger = make.AssignedEnterpriseFactory(unit=team.unit)
    assert refused(duties[0], four[2], by=people["third"]) == "not_yours"
    assert refused(duties[0], stranger) == "not_in_team"
    assert refused(duties[0], four[1]) == "on_duty"
    assert refused(duties[0], four[2], takes_on=evening + timedelta(days=1)) == "not_on_duty"
    assert refused(duties[0], four[2], reason="长" * 201) == "too_long"
    ask_swap(duties[0], four[2], by=people[Side.ASKING])
    with pytest.raises(Conflict):
        ask_swap(duties[0], four[3], by=people[Side.ASKING])
    Roster.objects.update(state="draft", published_by=None, published_at=None)
    assert refused(duties[1], four[2], by=people[Side.STATION]) == "not_published"


def test_a_night_that_is_over_is_not_swapped(team, four, people):
    past = evening_of(timezone.now()) - timedelta(days=1)
    duty = on_duty(four[0], past)
    publish(team)
    duty = Duty.objects.select_related("night__roster").get(pk=duty.pk)
    with pytest.raises(Refused) as refused:
        ask_swap(duty, four[2], by=people[Side.ASKING])
    assert refused.value.code == "past"
    assert month_of(past) == duty.night.roster.month
