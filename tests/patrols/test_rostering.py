"""A month made, made anew, published; nothing unlawful comes of it by any way."""

from collections import Counter
from datetime import timedelta

import pytest
from django.utils import timezone

from liaison.audit.models import Entry
from liaison.core.refused import Conflict, Refused
from liaison.notices.models import Notice
from patrols.actions.nights import change_night, lock_night, set_wish
from patrols.actions.rostering import make_roster, make_rosters, publish_roster
from patrols.certificates import is_valid
from patrols.models import Absence, Duty, DutyGuard, DutyNight, Guard, Roster
from patrols.nights import evening_of
from patrols.roster_dates import month_of, next_month
from patrols.roster_month import Month
from patrols.rostering.checking import measure, violations
from tests import factories as make
from tests.factories.patrols import (
    ExpiredGuardFactory,
    SelfRecruitedGuardFactory,
    UncertifiedGuardFactory,
    team_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def month():
    return next_month(month_of(timezone.localdate()))


@pytest.fixture
def team():
    return team_of(7)


@pytest.fixture
def chief(team):
    return make.ChiefFactory(unit=team.unit)


@pytest.fixture
def roster(team, month, chief):
    return make_roster(team, month, by=chief)


def enterprises(team):
    return [one.enterprise for one in team.memberships.select_related("enterprise")]


def stands(team):
    """Night, enterprise, guards: everything."""
    rows = DutyGuard.objects.filter(duty__night__team=team)
    return sorted(rows.values_list("night_on", "duty__enterprise", "guard"))


def test_a_month_is_whole_lawful_fair_and_only_with_valid_guards(team, month, chief):
    bad = [
        factory(enterprise=enterprises(team)[0])
        for factory in (UncertifiedGuardFactory, ExpiredGuardFactory)
    ]
    inside = SelfRecruitedGuardFactory(enterprise=enterprises(team)[0], outside="inside")
    ends = month + timedelta(days=9)
    ending = Guard.objects.filter(enterprise=enterprises(team)[1]).first()
    Guard.objects.filter(pk=ending.pk).update(certificate_until=ends)

    roster = make_roster(team, month, by=chief)

    read = Month(team, month)
    assert set(read.crews) == set(read.nights)
    assert not violations(read.as_it_is(), read.crews)
    assert measure(read.as_it_is(), read.crews).spread <= 1
    on_duty = DutyGuard.objects.select_related("guard")
    assert all(is_valid(one.guard, one.night_on) for one in on_duty)
    assert not on_duty.filter(guard__in=[*bad, inside]).exists()
    assert not on_duty.filter(guard=ending, night_on__gte=ends).exists()
    assert roster.state == Roster.State.DRAFT
    assert not roster.conflicts
    assert Entry.objects.filter(action="roster.made").count() == 1


def test_the_same_month_made_twice_is_the_same(team, month, chief, roster):
    first = stands(team)
    DutyNight.objects.all().delete()
    roster.refresh_from_db()
    make_roster(team, month, by=chief, version=roster.version)
    assert stands(team) == first


def test_a_locked_night_survives_and_blocked_ones_are_heeded(team, month, chief, roster):
    night = DutyNight.objects.get(team=team, night_on=month + timedelta(days=4))
    others = [one for one in enterprises(team) if not night.duties.filter(enterprise=one).exists()][
        :2
    ]
    before = Month(team, month).crews
    free = {}
    for one in others:
        for guard in one.guards.all():
            near = [
                before[night.night_on + timedelta(days=d)].sends.get(one.pk, ()) for d in (-1, 1)
            ]
            if all(guard.pk not in sent for sent in near):
                free.setdefault(one.pk, [guard.pk])
    change_night(night, free, by=chief, version=night.version)
    blocked = enterprises(team)[0]
    days = [month + timedelta(days=n) for n in (10, 11, 12)]
    for day in days:
        set_wish(blocked, day, kind="blocked", by=chief)
    kept = set(DutyGuard.objects.filter(night_on=night.night_on).values_list("guard", flat=True))
    assert len(kept) == 2

    make_roster(team, month, by=chief)

    assert kept == set(
        DutyGuard.objects.filter(night_on=night.night_on).values_list("guard", flat=True)
    )
    assert not Duty.objects.filter(enterprise=blocked, night__night_on__in=days).exists()
    read = Month(team, month)
    assert not violations(read.as_it_is(), read.crews)


def test_a_published_roster_changes_as_few_nights_as_possible(team, month, chief, roster):
    publish_roster(roster, by=chief, version=roster.version)
    before = Month(team, month).crews
    night = month + timedelta(days=7)
    missing = next(iter(before[night].sends))
    Absence.objects.create(enterprise_id=missing, night_on=night, by=chief)
    make_roster(team, month, by=chief)
    after = Month(team, month).crews
    assert [one for one in before if before[one] != after[one]] == [night]
    assert missing not in after[night].sends
    assert Roster.objects.get().state == Roster.State.PUBLISHED


def test_what_cannot_be_keeps_what_stands_and_says_why(team, month, chief, roster):
    first = stands(team)
    night = month + timedelta(days=5)
    for one in enterprises(team)[:6]:
        set_wish(one, night, kind="blocked", by=chief)
    made = make_roster(team, month, by=chief)
    assert stands(team) == first
    assert {row["cause"] for row in made.conflicts} == {"fewest", "blocked"}
    assert {row["night"] for row in made.conflicts} == {str(night)}
    assert sum(row["relax"] for row in made.conflicts) == 1
    assert all(row["who"] for row in made.conflicts if row["cause"] == "blocked")
    for one in enterprises(team):
        one.patrol_wishes.all().delete()
    assert not make_roster(team, month, by=chief).conflicts


def test_publishing_tells_each_enterprise_of_its_nights_once(team, month, chief, roster):
    contacts = [make.ContactUserFactory(enterprise=one) for one in enterprises(team)]
    publish_roster(roster, by=chief, version=roster.version)
    told = Notice.objects.filter(kind="roster.published")
    assert Counter(told.values_list("recipient", flat=True)) == {one.pk: 1 for one in contacts}
    roster.refresh_from_db()
    with pytest.raises(Conflict):
        publish_roster(roster, by=chief, version=roster.version)


def test_an_unlawful_draft_is_not_published(team, month, chief, roster):
    guard = DutyGuard.objects.order_by("-night_on").first().guard
    Guard.objects.filter(pk=guard.pk).update(certificate_until=month)
    with pytest.raises(Refused) as refused:
        publish_roster(roster, by=chief, version=roster.version)
    assert refused.value.code == "unlawful"
    assert guard.name in str(refused.value)
    assert Roster.objects.get().state == Roster.State.DRAFT


@pytest.mark.parametrize("kind", ["contact", "bureau", "stranger", "officer"])
def test_who_makes_and_who_publishes(team, month, chief, roster, kind):
    person = {
        "contact": lambda: make.ContactUserFactory(enterprise=enterprises(team)[0]),
        "bureau": lambda: make.BureauUserFactory(unit=team.unit.parent or make.BureauFactory()),
        "stranger": lambda: make.ChiefFactory(),
        "officer": lambda: make.OfficerFactory(unit=team.unit),
    }[kind]()
    with pytest.raises(Refused) as refused:
        publish_roster(roster, by=person, version=roster.version)
    assert refused.value.code == "not_allowed"
    if kind == "officer":
        assert make_roster(team, month, by=person).made_by == person
    else:
        with pytest.raises(Refused) as refused:
            make_roster(team, month, by=person)
        assert refused.value.code == "not_allowed"


def test_an_old_month_an_old_version_and_a_team_of_nobody(team, month, chief, roster):
    with pytest.raises(Refused) as refused:
        make_roster(team, month_of(month - timedelta(days=70)), by=chief)
    assert refused.value.code == "past"
    with pytest.raises(Conflict):
        make_roster(team, month, by=chief, version=roster.version + 1)
    with pytest.raises(Refused) as refused:
        make_roster(team_of(0, unit=team.unit), month, by=chief)
    assert refused.value.code == "no_members"


def test_in_the_middle_of_a_month_what_has_been_stays(team, chief):
    month = month_of(evening_of(timezone.now()))
    make_rosters([team], month, by=chief)
    nights = list(DutyNight.objects.values_list("night_on", flat=True).order_by("night_on"))
    assert nights[0] == evening_of(timezone.now())
    assert month_of(nights[-1]) == month


def test_the_last_night_of_the_month_before_tires_the_first(team, month, chief, roster):
    after = next_month(month)
    make_roster(team, after, by=chief)
    read = Month(team, after)
    assert not violations(read.as_it_is(), read.crews)
    last = set(
        DutyGuard.objects.filter(night_on=after - timedelta(days=1)).values_list("guard", flat=True)
    )
    first = set(DutyGuard.objects.filter(night_on=after).values_list("guard", flat=True))
    assert last
    assert not last & first
    # The other way round too: the earlier month made again heeds the later one.
    make_roster(team, month, by=chief)
    again = set(
        DutyGuard.objects.filter(night_on=after - timedelta(days=1)).values_list("guard", flat=True)
    )
    assert not again & first


# --- by hand ----------------------------------------------------------------------------------


@pytest.fixture
def night(team, month, roster):
    return DutyNight.objects.get(team=team, night_on=month + timedelta(days=4))


def rested(team, night, size):
    """A guard each of so many enterprises, who is not out on the nights around."""
    one = timedelta(days=1)
    tired = DutyGuard.objects.filter(night_on__range=(night.night_on - one, night.night_on + one))
    free = Guard.objects.of(enterprises_of(team)).exclude(pk__in=tired.values("guard"))
    found = {guard.enterprise_id: [guard.pk] for guard in free.order_by("-pk")}
    return dict(list(found.items())[:size])


def enterprises_of(team):
    return [one.pk for one in enterprises(team)]


@pytest.mark.parametrize("factory", [UncertifiedGuardFactory, ExpiredGuardFactory])
def test_no_hand_puts_a_guard_without_a_valid_certificate_on_a_night(team, chief, night, factory):
    before = stands(team)
    bad = factory(enterprise=enterprises(team)[0])
    sends = {**rested(team, night, 2), enterprises(team)[0].pk: [bad.pk]}
    with pytest.raises(Refused) as refused:
        change_night(night, sends, by=chief, version=night.version)
    assert refused.value.code == "certificate"
    assert stands(team) == before


def test_hands_keep_the_hard_rules_and_are_told_of_the_soft_ones(team, month, chief, night):
    sends = rested(team, night, 2)
    one = next(iter(sends))
    for wrong in ({one: sends[one]}, {}):
        with pytest.raises(Refused) as refused:
            change_night(night, wrong, by=chief, version=night.version)
        assert refused.value.code == "unlawful"
    tired = DutyGuard.objects.filter(night_on=night.night_on - timedelta(days=1)).first()
    with pytest.raises(Refused) as refused:
        change_night(
            night,
            {**sends, tired.duty.enterprise_id: [tired.guard_id]},
            by=chief,
            version=night.version,
        )
    assert refused.value.code == "unlawful"
    assert tired.guard.name in str(refused.value)
    stranger = make.AssignedEnterpriseFactory(unit=team.unit)
    with pytest.raises(Refused) as refused:
        change_night(night, {stranger.pk: []}, by=chief, version=night.version)
    assert refused.value.code == "not_in_team"
    wisher = next(x for x in enterprises(team) if x.pk == one)
    set_wish(wisher, night.night_on, kind="rather_not", by=chief)
    said = change_night(night, sends, by=chief, version=night.version)
    assert any(wisher.name in words for words in said)
    night.refresh_from_db()
    assert night.locked
    assert set(night.duties.values_list("enterprise", "came_by")) == {(k, "hand") for k in sends}
    with pytest.raises(Conflict):
        change_night(night, sends, by=chief, version=night.version - 1)


def test_locking_and_unlocking(team, chief, night):
    lock_night(night, by=chief, version=night.version, locked=True)
    night.refresh_from_db()
    assert night.locked
    with pytest.raises(Conflict):
        lock_night(night, by=chief, version=night.version - 1, locked=False)
    lock_night(night, by=chief, version=night.version, locked=False)
    night.refresh_from_db()
    assert not night.locked
