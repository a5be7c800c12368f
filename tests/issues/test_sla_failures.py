"""What other systems got wrong with their service levels, each once by its number."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from issues.actions import VERBS
from issues.actions.limiting import set_policy
from issues.actions.recomputing import recompute_deadlines
from issues.deadlines import resolve_by
from issues.models import Issue
from issues.workflow import MOVES, Stage
from liaison.calendars.models import WorkingHours
from liaison.core.published_calendar import load_calendar_csv
from liaison.core.refused import Conflict
from liaison.core.workdays import CHINA, WorkCalendar
from tests import factories as make

CALENDAR = WorkCalendar.from_rows(load_calendar_csv())


def at(*moment):
    return datetime(*moment, tzinfo=CHINA)


def pause(issue, until):
    values = {"awaited": "报告", "awaited_from": "企业", "until": until}
    return VERBS["wait"](issue, by=issue.handler, version=issue.version, **values)


def resume(issue):
    return VERBS["resume"](issue, by=issue.handler, version=issue.version)


@pytest.mark.django_db
def test_30_a_pause_is_no_first_response():
    issue = make.RaisedIssueFactory(kind="other")
    with pytest.raises(Conflict):
        pause(issue, timezone.localdate() + timedelta(days=3))
    assert Issue.objects.get(pk=issue.pk).responded_at is None
    responding = [move.name for move in MOVES.values() if move.target == Stage.ACCEPTED]
    assert responding == ["accept"]


@pytest.mark.django_db
def test_31_a_paused_line_past_its_deadline_does_not_fail_by_being_written_again(time_machine):
    time_machine.move_to(at(2026, 3, 2, 10), tick=False)
    issue = make.WorkingIssueFactory(kind="other")
    chief = make.ChiefFactory(unit=issue.unit)
    waiting = pause(issue, date(2026, 3, 20))
    time_machine.move_to(issue.resolve_due_at + timedelta(days=1), tick=False)
    waiting.save()
    Issue.objects.update(due_uncertain=True)
    recompute_deadlines(timezone.now())
    terms = {"respond_hours": 24, "resolve_days": 6, "may_pause": True, "extension_days": 5}
    set_policy(chief.unit, None, "ordinary", **terms, by=chief, replaces=None, also_open=True)
    waiting = Issue.objects.get(pk=issue.pk)
    assert not waiting.is_late
    resumed = resume(waiting)
    assert not resumed.is_late
    assert resumed.resolve_due_at > issue.resolve_due_at + timedelta(days=1)


@pytest.mark.django_db
def test_32_a_policy_is_never_rewritten_and_an_open_line_keeps_its_own():
    issue = make.WorkingIssueFactory(kind="other")
    chief = make.ChiefFactory(unit=issue.unit)
    terms = {"respond_hours": 1, "resolve_days": 1, "may_pause": False, "extension_days": 0}
    before = Issue.objects.filter(pk=issue.pk).values().get()
    promised = issue.policy.terms
    set_policy(chief.unit, None, "ordinary", **terms, by=chief, replaces=None)
    assert Issue.objects.filter(pk=issue.pk).values().get() == before
    assert Issue.objects.get(pk=issue.pk).policy.terms == promised
    assert pause(issue, timezone.localdate() + timedelta(days=3)).stage == Stage.WAITING


@pytest.mark.django_db
def test_33_lunch_and_the_night_are_windows_too(time_machine):
    time_machine.move_to(at(2026, 3, 2, 9), tick=False)
    issue = make.WorkingIssueFactory(kind="other")
    due = issue.resolve_due_at
    time_machine.move_to(at(2026, 3, 3, 12), tick=False)
    waiting = pause(issue, date(2026, 3, 20))
    time_machine.move_to(at(2026, 3, 3, 13, 30), tick=False)
    assert resume(waiting).resolve_due_at == due, "lunch takes nothing"
    for place, (start, end) in enumerate([(time(9), time(12)), (time(22), time(2))]):
        WorkingHours.objects.create(unit=issue.unit, position=place, start=start, end=end)
    issue = Issue.objects.get(pk=issue.pk)
    time_machine.move_to(at(2026, 3, 4, 23), tick=False)
    waiting = pause(issue, date(2026, 3, 20))
    time_machine.move_to(at(2026, 3, 5, 1), tick=False)
    # Two hours across midnight, given back from nine o'clock.
    assert resume(waiting).resolve_due_at == due + timedelta(hours=2)


def test_34_days_that_do_not_count_lengthen_the_time_and_never_shorten_it():
    for day in range(365):
        start = at(2026, 1, 1, 10) + timedelta(days=day)
        for days in (3, 5, 15):
            due = resolve_by(start, days, CALENDAR).at
            assert due >= start + timedelta(days=days)
    assert resolve_by(at(2026, 9, 29, 10), 5, CALENDAR).at == at(2026, 10, 12, 10)
