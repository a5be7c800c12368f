"""When an enterprise is next to be contacted, and why."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from enterprises.actions import change_stage, edit_enterprise, note_contact, recompute_cadence
from enterprises.actions.cadence import CLOCK_FIELDS, start_cadence
from enterprises.deadlines import (
    FALLBACK_DAYS,
    due_first,
    fill_cadence,
    strictest,
    why_contact_due,
    why_visit_due,
)
from enterprises.models import Cadence, ContactPolicy, Enterprise, Grade, Stage, Tier
from liaison.accounts.models import Kind
from tests import factories as make

ANY = st.just("")
POLICIES = st.lists(
    st.builds(
        ContactPolicy,
        tier=st.sampled_from(Tier.values) | ANY,
        grade=st.sampled_from(Grade.values) | ANY,
        stage=st.sampled_from(Stage.values) | ANY,
        contact_days=st.integers(1, 60),
        visit_days=st.integers(1, 90),
    ),
    max_size=8,
)
ENTERPRISES = st.builds(
    Enterprise,
    tier=st.sampled_from(Tier.values),
    grade=st.sampled_from(Grade.values),
    stage=st.sampled_from(Stage.values),
    created_at=st.datetimes(
        datetime.fromisoformat("2026-01-01"),
        datetime.fromisoformat("2026-06-01"),
        timezones=st.just(UTC),
    ),
)
FIELDS = st.sampled_from(list(FALLBACK_DAYS))


@given(POLICIES, ENTERPRISES, FIELDS)
def test_the_strictest_matching_policy_holds(policies, enterprise, field):
    matching = [one for one in policies if one.matches(enterprise)]
    best = strictest(policies, enterprise, field)
    assert best.days == min([getattr(one, field) for one in matching], default=FALLBACK_DAYS[field])
    if best.because:
        name, _sep, value = best.because.partition(":")
        assert getattr(enterprise, name) == value


@given(POLICIES, ENTERPRISES, FIELDS)
def test_another_policy_never_loosens(policies, enterprise, field):
    for n in range(1, len(policies)):
        some = [one for one in policies[:n] if one.matches(enterprise)]
        if some:
            fewer = strictest(policies[:n], enterprise, field).days
            assert strictest(policies, enterprise, field).days <= fewer


@given(POLICIES, ENTERPRISES, st.none() | st.integers(0, 300), st.none() | st.integers(0, 300))
def test_both_clocks_run_from_the_last_time_or_from_the_listing(policies, enterprise, call, visit):
    start = datetime(2026, 6, 1, tzinfo=UTC)
    cadence = Cadence(
        last_contact_at=None if call is None else start + timedelta(hours=call),
        last_visit_at=None if visit is None else start + timedelta(hours=visit),
    )
    fill_cadence(cadence, enterprise, policies, start.date())
    if enterprise.stage == Stage.CLOSED:
        assert cadence.next_contact_due_on is cadence.next_visit_due_on is None
        return
    for last, due, days, why in (
        (
            cadence.last_contact_at,
            cadence.next_contact_due_on,
            cadence.contact_days,
            why_contact_due,
        ),
        (cadence.last_visit_at, cadence.next_visit_due_on, cadence.visit_days, why_visit_due),
    ):
        since = timezone.localdate(last or enterprise.created_at)
        assert due == since + timedelta(days=days)
        assert str(days) in why(cadence) or days == 1
        assert last is None or f"{since:%Y-%m-%d}" in why(cadence)


# --- in the database --------------------------------------------------------------------------


@pytest.fixture
def enterprise(db, time_machine):
    time_machine.move_to("2026-03-02T02:00:00+00:00", tick=False)
    return make.EnterpriseFactory()


def due(enterprise):
    row = Cadence.objects.get(enterprise=enterprise)
    return row.next_contact_due_on, row.next_visit_due_on


def test_a_call_resets_one_clock_and_a_visit_both(enterprise):
    assert due(enterprise) == (date(2026, 3, 9), date(2026, 4, 1))
    note_contact(enterprise, at=datetime(2026, 3, 5, 2, tzinfo=UTC), on_site=False)
    assert due(enterprise) == (date(2026, 3, 12), date(2026, 4, 1))
    note_contact(enterprise, at=datetime(2026, 3, 6, 2, tzinfo=UTC), on_site=True)
    assert due(enterprise) == (date(2026, 3, 13), date(2026, 4, 5))


def test_an_old_visit_typed_in_later_moves_nothing_back(enterprise):
    note_contact(enterprise, at=datetime(2026, 3, 6, 2, tzinfo=UTC), on_site=True)
    before = due(enterprise)
    note_contact(enterprise, at=datetime(2026, 2, 1, 2, tzinfo=UTC), on_site=True)
    assert due(enterprise) == before


def test_an_old_visit_typed_in_later_does_not_silence_what_is_due(enterprise, time_machine):
    time_machine.move_to("2026-03-20T02:00:00+00:00", tick=False)
    overdue = Enterprise.objects.all().contact_overdue(date(2026, 3, 20))
    assert overdue.exists()
    note_contact(enterprise, at=datetime(2026, 3, 4, 2, tzinfo=UTC), on_site=False)
    assert due(enterprise)[0] == date(2026, 3, 11)
    assert overdue.exists()


def test_before_eight_in_the_morning_it_is_already_today(enterprise):
    # 07:30 on the 6th in China is 23:30 UTC on the 5th.
    note_contact(enterprise, at=datetime(2026, 3, 5, 23, 30, tzinfo=UTC), on_site=False)
    assert due(enterprise)[0] == date(2026, 3, 13)


def test_the_facts_of_the_moment_decide_not_those_in_hand(enterprise):
    desk = make.someone(Kind.DESK, enterprise.unit)
    edit_enterprise(enterprise, {"grade": "red"}, by=desk, version=1)
    row = Cadence.objects.get(enterprise=enterprise)
    assert (row.visit_days, row.visit_because) == (7, "grade:red")
    assert enterprise.grade == "green", "the object in hand is out of date"
    note_contact(enterprise, at=datetime(2026, 3, 2, 1, tzinfo=UTC), on_site=True)
    row.refresh_from_db()
    assert (row.visit_days, row.next_visit_due_on) == (7, date(2026, 3, 9))


def test_nothing_is_due_at_an_enterprise_that_is_no_more(enterprise):
    desk = make.someone(Kind.DESK, enterprise.unit)
    closed = change_stage(enterprise, "closed", by=desk, version=1)
    assert due(enterprise) == (None, None)
    assert not Enterprise.objects.all().contact_due(date(2027, 1, 1)).exists()
    change_stage(closed, "operating", by=desk, version=closed.version)
    assert due(enterprise) == (date(2026, 3, 9), date(2026, 4, 1))


def test_a_stations_own_policies_stand_in_place_of_the_defaults(enterprise):
    elsewhere = make.EnterpriseFactory()
    ContactPolicy.objects.create(unit=enterprise.unit, contact_days=3, visit_days=10)
    recompute_cadence([enterprise, elsewhere])
    assert due(enterprise) == (date(2026, 3, 5), date(2026, 3, 12))
    assert due(elsewhere) == (date(2026, 3, 9), date(2026, 4, 1))


def test_a_thousand_at_once_cost_a_few_queries_a_batch(enterprise, django_assert_max_num_queries):
    Enterprise.objects.bulk_create(
        Enterprise(unit=enterprise.unit, name=f"示例{n}", identity_key=f"示例{n}|")
        for n in range(1000)
    )
    everything = list(Enterprise.objects.select_related("unit"))
    with django_assert_max_num_queries(3 * 13 + 9):
        recompute_cadence(everything)
    assert Cadence.objects.filter(next_contact_due_on__isnull=False).count() == 1001


@pytest.mark.parametrize(
    ("on", "overdue", "today"), [(8, False, False), (9, False, True), (10, True, True)]
)
def test_due_on_the_day_and_overdue_after_it(enterprise, on, overdue, today):
    day = date(2026, 3, on)
    assert Enterprise.objects.all().contact_overdue(day).exists() == overdue
    assert Enterprise.objects.all().contact_due(day).exists() == today


@pytest.mark.django_db
def test_clocks_started_for_many_are_those_that_recomputing_comes_to():
    unit = make.StationFactory()
    facts = [(t, g, s) for t in Tier.values for g in Grade.values for s in Stage.values]
    made = Enterprise.objects.bulk_create(
        Enterprise(
            unit=unit, name=f"{n}", identity_key=f"{n}|", tier=tier, grade=grade, stage=stage,
            created_at=timezone.now() - timedelta(days=n % 3),
        )
        for n, (tier, grade, stage) in enumerate(facts)
    )  # fmt: skip
    clocks = [name for name in CLOCK_FIELDS if name != "next_reminder_at"]
    start_cadence(unit, made)
    started = list(Cadence.objects.order_by("pk").values_list(*clocks))
    looked = list(Cadence.objects.order_by("pk").values_list("next_reminder_at", flat=True))
    Cadence.objects.all().delete()
    recompute_cadence(made)
    assert started == list(Cadence.objects.order_by("pk").values_list(*clocks))
    again = list(Cadence.objects.order_by("pk").values_list("next_reminder_at", flat=True))
    # A step that lies in the past is looked at now, and now is a moment later.
    near = timedelta(minutes=1)
    assert all(a == b or abs(a - b) < near for a, b in zip(looked, again, strict=True))


@pytest.mark.parametrize(
    ("contact", "visit", "first", "why"),
    [
        (date(2026, 3, 4), date(2026, 3, 9), date(2026, 3, 4), why_contact_due),
        (date(2026, 3, 9), date(2026, 3, 4), date(2026, 3, 4), why_visit_due),
        (date(2026, 3, 4), date(2026, 3, 4), date(2026, 3, 4), why_visit_due),
        (date(2026, 3, 4), None, date(2026, 3, 4), why_contact_due),
        (None, date(2026, 3, 4), date(2026, 3, 4), why_visit_due),
    ],
)
def test_the_earlier_of_both_clocks_is_told_and_of_a_draw_the_stricter(contact, visit, first, why):
    days = {"contact_days": contact and 7, "visit_days": visit and 30}
    cadence = Cadence(next_contact_due_on=contact, next_visit_due_on=visit, **days)
    assert due_first(cadence) == (first, why(cadence))


def test_where_nothing_is_due_no_day_is_told():
    assert due_first(Cadence()) == (None, why_contact_due(Cadence()))
