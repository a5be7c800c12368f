"""How the time of an item is counted, from the catalogue to the clock of the line."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from green_channel.actions import apply_for, check_complete, confirm_receipt, save_local_term
from green_channel.models import DayCount, Item, LocalTerm
from green_channel.terms import limit_of, terms_at
from issues.actions import ask_extension, grant_extension, reopen_issue
from issues.deadlines import clock_starts, resolve_by
from issues.models import Issue
from issues.own_limit import Counted, OwnLimit
from issues.why import explain
from liaison.accounts.models import Kind
from liaison.core.refused import Refused
from liaison.core.workdays import CHINA, WorkCalendar, is_working_day
from tests import factories as make

PLAIN = WorkCalendar(years=frozenset({2026, 2027}))
moments = st.timedeltas(timedelta(), timedelta(days=270)).map(
    lambda since: datetime(2026, 1, 2, tzinfo=CHINA) + since
)


@given(moments, st.integers(1, 240))
def test_hours_are_counted_by_the_clock(start, hours):
    assert resolve_by(start, hours, PLAIN, Counted.HOURS).at == start + timedelta(hours=hours)


@given(moments, st.integers(1, 90))
def test_calendar_days_leave_out_the_day_on_which_they_begin(start, days):
    due = resolve_by(start, days, WorkCalendar.round_the_clock()).at
    assert due.astimezone(CHINA).date() - start.date() == timedelta(days=days)
    assert due - start == timedelta(days=days)


@given(moments)
def test_at_once_ends_with_a_day_that_is_worked_and_never_before_it_began(start):
    due = resolve_by(start, 0, PLAIN, Counted.AT_ONCE).at
    last = (due.astimezone(CHINA) - timedelta(microseconds=1)).date()
    assert due > start
    assert is_working_day(last, PLAIN)
    assert (last == start.date()) == is_working_day(start.date(), PLAIN)


@given(st.integers(-3, 400), st.sampled_from(Counted.values), st.booleans(), st.integers(0, 30))
def test_a_limit_that_cannot_be_counted_is_never_made(amount, counted, every_day, extension):
    try:
        made = OwnLimit(amount, counted, every_day=every_day, extension_days=extension)
    except ValueError:
        return
    assert (made.amount >= 1) or made.counted == Counted.AT_ONCE
    assert made.counted == Counted.DAYS or made.extension_days == 0
    assert made.counted != Counted.HOURS or made.every_day


@given(
    st.sampled_from(DayCount.values),
    st.none() | st.integers(1, 60),
    st.none() | st.integers(1, 60),
    st.none() | st.integers(1, 60),
)
def test_what_holds_at_a_station_is_never_longer_than_the_law_allows(
    counted, statutory, promised, own
):
    if counted == DayCount.AT_ONCE:
        statutory = promised = 0
        own = None
    item = Item(counted=counted, statutory=statutory, promised=promised)
    terms = terms_at(item, None, LocalTerm(promised=own))
    assert None in (terms.promised, statutory) or terms.promised <= statutory
    limit = limit_of(item, terms)
    assert (limit is None) == (statutory is None and terms.promised is None)
    assert limit is None or limit.amount == terms.amount


def test_every_item_of_the_catalogue_makes_a_clock_that_can_run(db):
    found = {item.code: limit_of(item, terms_at(item, None)) for item in Item.objects.all()}
    assert found["id_card"] == OwnLimit(60, every_day=True, extension_days=30)
    assert found["temporary_id"] == OwnLimit(0, Counted.AT_ONCE)
    assert found["foreign_stay"] == OwnLimit(24, Counted.HOURS, every_day=True)
    assert found["hotel"] == OwnLimit(20, extension_days=10, silence_days=5)
    assert found["household_in"] is None
    assert len(found) == 21


# 2026-03-02 is a Monday; no holiday is near.
MONDAY = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)


def accepted(code, *, unit=None):
    """An application for it, accepted at ten on a Monday."""
    unit = unit or make.StationFactory()
    with time_machine.travel(MONDAY, tick=False):
        return make.HandledApplicationFactory(
            enterprise__unit=unit, item=make.shared_item(code)
        ).issue


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "due"),
    [
        ("flow_register", datetime(2026, 3, 5, 10, 0, tzinfo=CHINA)),
        ("seal", datetime(2026, 3, 3, 10, 0, tzinfo=CHINA)),
        ("temporary_id", datetime(2026, 3, 3, 0, 0, tzinfo=CHINA)),
        ("foreign_stay", datetime(2026, 3, 3, 10, 0, tzinfo=CHINA)),
        ("explosive_buy", datetime(2026, 3, 9, 10, 0, tzinfo=CHINA)),
        ("passport", datetime(2026, 3, 17, 10, 0, tzinfo=CHINA)),
    ],
)
def test_the_line_is_due_when_the_item_says(code, due):
    issue = accepted(code)
    assert timezone.localtime(issue.resolve_due_at) == due
    assert timezone.localtime(issue.next_due_at) == due
    assert f"{due:%Y-%m-%d %H:%M}" in explain(issue)[0]


@pytest.mark.django_db
def test_the_stations_own_promise_is_the_clock():
    unit = make.StationFactory()
    chief = make.ChiefFactory(unit=unit)
    save_local_term(make.shared_item("passport"), unit, {"promised": 4}, by=chief)
    issue = accepted("passport", unit=unit)
    assert timezone.localdate(issue.resolve_due_at) == date(2026, 3, 6)
    assert issue.application.statutory == 15


@pytest.mark.django_db
def test_a_promise_longer_than_the_law_is_refused_by_the_verb_and_by_the_database():
    unit = make.StationFactory()
    chief = make.ChiefFactory(unit=unit)
    item = make.shared_item("passport")
    with pytest.raises(Refused) as refused:
        save_local_term(item, unit, {"promised": 16}, by=chief)
    assert (refused.value.code, refused.value.field) == ("beyond_statutory", "promised")
    with pytest.raises(IntegrityError), transaction.atomic():
        LocalTerm.objects.create(unit=unit, item=item, statutory=15, promised=16)
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(promised=16)


@pytest.mark.django_db
def test_nobody_but_the_chief_promises_for_the_station():
    unit = make.StationFactory()
    for other in (make.DeskFactory(unit=unit), make.ChiefFactory()):
        with pytest.raises(Refused):
            save_local_term(make.shared_item("passport"), unit, {"promised": 4}, by=other)
    assert not LocalTerm.objects.exists()


@pytest.mark.django_db
def test_a_licence_is_extended_once_by_ten_days():
    issue = accepted("explosive_buy")
    handler, chief = issue.handler, make.ChiefFactory(unit=issue.unit)
    with time_machine.travel(MONDAY + timedelta(days=1), tick=False):
        with pytest.raises(Refused):
            ask_extension(issue, by=handler, version=issue.version, days=11, reason="核查")
        issue = ask_extension(issue, by=handler, version=issue.version, days=10, reason="核查")
        issue = grant_extension(issue, by=chief, version=issue.version)
        assert timezone.localdate(issue.resolve_due_at) == date(2026, 3, 23)
        with pytest.raises(Refused) as refused:
            ask_extension(issue, by=handler, version=issue.version, days=1, reason="再延")
    assert refused.value.code == "extended_once"


@pytest.mark.django_db
def test_what_runs_by_hours_is_not_extended():
    issue = accepted("foreign_stay")
    with time_machine.travel(MONDAY, tick=False), pytest.raises(Refused) as refused:
        ask_extension(issue, by=issue.handler, version=issue.version, days=1, reason="核查")
    assert refused.value.code == "no_extension"


@pytest.mark.django_db
@pytest.mark.parametrize(("days", "since_it_came"), [(7, False), (8, True)])
def test_silence_for_five_working_days_counts_as_accepted(days, since_it_came):
    """Raised on Monday: the next Monday is the fifth working day, Tuesday is too late."""
    with time_machine.travel(MONDAY, tick=False):
        application = make.ApplicationFactory(item=make.shared_item("hotel"), brought=9)
    issue = application.issue
    with time_machine.travel(MONDAY + timedelta(days=days), tick=False):
        issue = check_complete(application, by=issue.handler, version=issue.version)
        said = " ".join(explain(issue))
    assert (issue.started_at == issue.raised_at) == since_it_came
    assert ("Art. 32" in said or "第三十二条" in said) == since_it_came


@given(moments, st.timedeltas(timedelta(), timedelta(days=30)))
def test_where_no_law_speaks_of_silence_the_clock_begins_with_acceptance(raised, later):
    issue = Issue(raised_at=raised)
    assert clock_starts(issue, raised + later, PLAIN) == raised + later


@pytest.mark.django_db
def test_a_reopened_application_has_days_like_any_other_line():
    application = make.DecidedApplicationFactory(item=make.shared_item("temporary_id"))
    issue = application.issue
    desk = make.someone(Kind.DESK, issue.unit)
    issue = confirm_receipt(application, by=desk, version=issue.version, confirmed_by="本人")
    chief = make.someone(Kind.CHIEF, issue.unit, besides=issue.handler)
    issue = reopen_issue(issue, by=chief, version=issue.version, reason="证件有误")
    assert issue.resolve_due_at - issue.started_at >= timedelta(days=5)


@pytest.mark.django_db
def test_an_item_without_any_time_has_the_stations_general_limit():
    application = make.ApplicationFactory(item=make.shared_item("household_in"))
    assert application.issue.own_limit is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Issue.objects.filter(pk=application.issue_id).update(silence_days=5)


@pytest.mark.django_db
def test_what_is_under_way_keeps_its_time_when_the_promise_changes():
    issue = accepted("passport")
    chief = make.ChiefFactory(unit=issue.unit)
    save_local_term(make.shared_item("passport"), issue.unit, {"promised": 3}, by=chief)
    issue.refresh_from_db()
    assert issue.own_limit == 15
    again = apply_for(make.shared_item("passport"), issue.enterprise, by=chief)
    assert again.issue.own_limit == 3
