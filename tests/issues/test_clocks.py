"""The clocks of a line: what starts, stops and moves them, and that a breach is never undone."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from issues.actions import VERBS
from issues.deadlines import REOPENED_DAYS, after_pause, resolve_by
from issues.models import Issue, SlaPolicy
from liaison.core.published_calendar import load_calendar_csv
from liaison.core.workdays import CHINA, WorkCalendar, working_between
from tests import factories as make

CALENDAR = WorkCalendar.from_rows(load_calendar_csv())
MOMENTS = st.datetimes(
    datetime.fromisoformat("2026-01-01"),
    datetime.fromisoformat("2026-11-30"),
    timezones=st.just(CHINA),
)
SPANS = st.timedeltas(timedelta(0), timedelta(days=30))


@given(due=MOMENTS, paused=MOMENTS, length=SPANS)
def test_a_pause_gives_back_exactly_the_working_time_it_took(due, paused, length):
    resumed = paused + length
    after = after_pause(due, paused, resumed, CALENDAR)
    if due <= paused:
        assert after.at == due, "what had run out stays run out"
    else:
        assert after.at >= due
        took = working_between(paused, resumed, CALENDAR)
        assert working_between(due, after.at, CALENDAR) == took


@given(due=MOMENTS, paused=MOMENTS, length=SPANS, longer=SPANS)
def test_a_longer_pause_never_gives_an_earlier_deadline(due, paused, length, longer):
    short = after_pause(due, paused, paused + length, CALENDAR)
    assert after_pause(due, paused, paused + length + longer, CALENDAR).at >= short.at


@given(due=MOMENTS, paused=MOMENTS, length=SPANS)
def test_a_breach_stands_whatever_comes_after(due, paused, length):
    """Late when it was paused means late when it goes on, and at any moment after."""
    after = after_pause(due, paused, paused + length, CALENDAR)
    assert (after.at <= paused) == (due <= paused)


def at(*moment):
    return datetime(*moment, tzinfo=CHINA)


@pytest.mark.django_db
def test_from_raising_to_close_out(time_machine):
    time_machine.move_to(at(2026, 9, 28, 10), tick=False)
    issue = make.RaisedIssueFactory(kind="other", level="ordinary")
    assert issue.next_due_at == issue.respond_due_at == at(2026, 9, 29, 10)
    time_machine.move_to(at(2026, 9, 29, 9), tick=False)
    issue = VERBS["accept"](issue, by=issue.handler, version=issue.version)
    assert issue.responded_at == at(2026, 9, 29, 9)
    # Five working days; 1 to 7 October are holidays, 10 October is a make-up workday.
    assert issue.next_due_at == issue.resolve_due_at == at(2026, 10, 12, 9)
    issue = VERBS["start"](issue, by=issue.handler, version=issue.version)
    time_machine.move_to(at(2026, 9, 29, 10), tick=False)
    waiting = {"awaited": "报告", "awaited_from": "企业", "until": at(2026, 10, 20).date()}
    issue = VERBS["wait"](issue, by=issue.handler, version=issue.version, **waiting)
    assert issue.next_due_at == at(2026, 10, 21), "the wait is a clock too"
    time_machine.move_to(at(2026, 9, 30, 10), tick=False)
    issue = VERBS["resume"](issue, by=issue.handler, version=issue.version)
    assert issue.next_due_at == issue.resolve_due_at == at(2026, 10, 13, 9)
    assert issue.pauses.get().ended_at == at(2026, 9, 30, 10)
    issue = VERBS["propose"](issue, by=issue.handler, version=issue.version, summary="好了")
    assert issue.next_due_at == issue.resolve_due_at, "it runs until somebody has approved"
    chief = make.ChiefFactory(unit=issue.unit)
    issue = VERBS["close"](issue, by=chief, version=issue.version)
    assert issue.next_due_at is None
    time_machine.move_to(at(2026, 10, 14, 10), tick=False)
    issue = VERBS["reopen"](issue, by=chief, version=issue.version, reason="又坏了")
    assert issue.resolve_due_at == resolve_by(at(2026, 10, 14, 10), REOPENED_DAYS, CALENDAR).at
    assert issue.next_due_at == issue.resolve_due_at


@pytest.mark.django_db
def test_waiting_does_not_hide_a_breach(time_machine):
    issue = make.WorkingIssueFactory(kind="other", level="simple")
    due = issue.resolve_due_at
    time_machine.move_to(due + timedelta(hours=1), tick=False)
    until = timezone.localdate() + timedelta(days=30)
    waiting = {"awaited": "报告", "awaited_from": "企业", "until": until}
    issue = VERBS["wait"](issue, by=issue.handler, version=issue.version, **waiting)
    assert issue.is_late
    assert Issue.objects.all().late(timezone.now()).filter(pk=issue.pk).exists()
    time_machine.move_to(due + timedelta(days=8), tick=False)
    issue = VERBS["resume"](issue, by=issue.handler, version=issue.version)
    assert issue.resolve_due_at == due
    assert issue.is_late


@pytest.mark.django_db
def test_due_before_is_before():
    issue = make.RaisedIssueFactory()
    due = issue.respond_due_at
    assert Issue.objects.all().due_before(due + timedelta(seconds=1)).get() == issue
    assert not Issue.objects.all().due_before(due).exists()


@pytest.mark.django_db
def test_a_time_limit_changed_later_moves_no_open_line():
    issue = make.WorkingIssueFactory(level="ordinary")
    due = issue.resolve_due_at
    SlaPolicy.objects.filter(level="ordinary").update(resolve_days=1, respond_hours=1)
    issue = VERBS["propose"](issue, by=issue.handler, version=issue.version, summary="好了")
    assert issue.resolve_due_at == due


@pytest.mark.django_db
def test_the_more_particular_time_limit_holds():
    enterprise = make.AssignedEnterpriseFactory()
    unit, kind = enterprise.unit, make.kind_of("dispute")
    for hours, names in (
        (48, {"unit": unit}),
        (2, {"kind": kind}),
        (1, {"unit": make.StationFactory(), "kind": kind}),
    ):
        SlaPolicy.objects.create(level="ordinary", respond_hours=hours, resolve_days=5, **names)
    hours = {
        code: (line.respond_due_at - line.raised_at) / timedelta(hours=1)
        for code in ("dispute", "service")
        for line in [make.RaisedIssueFactory(enterprise=enterprise, kind=code)]
    }
    assert hours == {"dispute": 2, "service": 48}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "today", "late"),
    [
        # Due at 09:00 in China on the 12th, which is 01:00 UTC.
        (datetime(2026, 10, 11, 15, 59, tzinfo=UTC), False, False),
        (datetime(2026, 10, 11, 16, 0, tzinfo=UTC), True, False),
        (datetime(2026, 10, 12, 1, 1, tzinfo=UTC), False, True),
    ],
)
def test_today_is_a_day_in_china(now, today, late):
    issue = make.WorkingIssueFactory()
    Issue.objects.filter(pk=issue.pk).update(next_due_at=at(2026, 10, 12, 9))
    lines = Issue.objects.all()
    assert lines.due_today(now).exists() == today
    assert lines.late(now).exists() == late
    counts = lines.duty_counts(issue.handler, now)
    assert (counts["due_today"], counts["late"]) == (today, late)
