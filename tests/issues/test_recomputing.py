"""Deadlines follow the calendar: which ones move, by how much, and which never do."""

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from issues.actions import VERBS, recomputing
from issues.actions.recomputing import recompute_deadlines
from issues.models import Event, Issue
from issues.signals import moved
from issues.workflow import STAGES
from liaison.audit.models import Entry
from liaison.calendars.actions import import_calendar
from liaison.calendars.models import WorkingHours
from liaison.core.workdays import CHINA, CalendarRow, DayKind
from tests import factories as make
from tests.calendars.plan import PLAN_2027

pytestmark = pytest.mark.django_db
# By the weekday rule 15 working days after Thursday 24 December, and with 1 January free.
GUESSED, RIGHT = 14, 15


def at(*moment):
    return datetime(*moment, tzinfo=CHINA)


def due(day):
    return at(2027, 1, day, 10)


@pytest.fixture
def line(time_machine):
    time_machine.move_to(at(2026, 12, 24, 10), tick=False)
    issue = make.AcceptedIssueFactory(kind="other", level="complex")
    assert (issue.resolve_due_at, issue.due_uncertain) == (due(GUESSED), True)
    return issue


def now(issue):
    return Issue.objects.get(pk=issue.pk)


def test_a_deadline_into_an_unknown_year_follows_when_the_year_is_imported(line):
    admin = make.DeskFactory(admin_duty="system")
    assert import_calendar(PLAN_2027, by=admin).moved == 1
    after = now(line)
    assert after.resolve_due_at == after.next_due_at == due(RIGHT)
    assert not after.due_uncertain
    assert after.version == line.version + 1
    event = after.events.get(move="recompute")
    assert event.public, "a promise that moves is told to whom it was given"
    assert (event.actor, event.from_stage, event.to_stage) == (admin, "accepted", "accepted")
    assert datetime.fromisoformat(event.values["from"]) == due(GUESSED)
    assert event.values["due"] == "2027-01-15T10:00:00+08:00"
    assert Entry.objects.filter(action="issue.recompute", actor=admin).count() == 1
    assert import_calendar(PLAN_2027, by=admin).moved == 0


def test_a_correction_moves_what_was_thought_certain(line):
    import_calendar(PLAN_2027, by=None)
    later = make.AcceptedIssueFactory(kind="other", level="simple")
    sunday = CalendarRow(date(2027, 1, 10), DayKind.MAKEUP, "New Year's Day")
    assert import_calendar([sunday], by=None).moved == 1
    assert now(line).resolve_due_at == due(GUESSED)
    assert not now(line).due_uncertain
    assert now(later).resolve_due_at == later.resolve_due_at, "its days do not reach there"


def test_what_ended_before_the_year_or_runs_round_the_clock_was_never_in_doubt(line):
    lead = make.AcceptedIssueFactory(kind="case_lead", level="complex")
    assert (lead.resolve_due_at, lead.due_uncertain) == (at(2027, 1, 8, 10), False)
    soon = make.AcceptedIssueFactory(kind="other", level="simple")
    assert (soon.resolve_due_at, soon.due_uncertain) == (at(2026, 12, 29, 10), False)
    import_calendar(PLAN_2027, by=None)
    assert now(lead).version == lead.version
    assert now(soon).version == soon.version


def test_a_breach_stands(line, time_machine):
    time_machine.move_to(due(GUESSED) + timedelta(minutes=1), tick=False)
    assert import_calendar(PLAN_2027, by=None).moved == 0
    after = now(line)
    assert (after.resolve_due_at, after.version) == (due(GUESSED), line.version)
    assert not after.due_uncertain, "it will not move any more"
    assert after.is_late


def wait(issue, until):
    issue = VERBS["start"](issue, by=issue.handler, version=issue.version)
    return VERBS["wait"](
        issue,
        by=issue.handler,
        version=issue.version,
        awaited="报告",
        awaited_from="企业",
        until=until,
    )


def test_while_it_waits_the_day_it_waits_for_stays_the_clock(line, time_machine):
    waiting = wait(line, date(2027, 1, 20))
    # Past the old deadline, yet the clock stood still before it ran out.
    time_machine.move_to(due(GUESSED) + timedelta(days=2), tick=False)
    assert import_calendar(PLAN_2027, by=None).moved == 1
    after = now(waiting)
    assert after.resolve_due_at == due(RIGHT)
    assert after.next_due_at == waiting.next_due_at == at(2027, 1, 21)
    resumed = VERBS["resume"](after, by=after.handler, version=after.version)
    assert resumed.resolve_due_at > due(RIGHT)


def test_a_pause_begun_after_the_deadline_hides_no_breach(line, time_machine):
    time_machine.move_to(due(GUESSED) + timedelta(hours=1), tick=False)
    waiting = wait(line, date(2027, 1, 20))
    assert import_calendar(PLAN_2027, by=None).moved == 0
    assert now(waiting).next_due_at == due(GUESSED)


def test_pauses_are_given_back_in_the_hours_of_the_station(line, time_machine):
    waiting = wait(line, date(2026, 12, 30))
    time_machine.move_to(at(2026, 12, 25, 10), tick=False)
    resumed = VERBS["resume"](waiting, by=waiting.handler, version=waiting.version)
    # A day by office hours.
    assert resumed.resolve_due_at == due(15)
    import_calendar(PLAN_2027, by=None)
    assert now(line).resolve_due_at == at(2027, 1, 18, 10), "Friday the 15th and one day more"


def test_hours_are_those_of_the_nearest_unit_above(line, time_machine):
    bureau = line.unit.parent
    WorkingHours.objects.create(
        unit=bureau, position=0, start=at(1, 1, 1, 22).time(), end=at(1, 1, 1, 6).time()
    )
    waiting = wait(line, date(2026, 12, 30))
    time_machine.move_to(at(2026, 12, 25, 2), tick=False)
    resumed = VERBS["resume"](waiting, by=waiting.handler, version=waiting.version)
    # Four hours of the night were lost; the due moment lies between two nights.
    assert resumed.resolve_due_at == at(2027, 1, 15, 2)


def test_a_reopened_line_is_counted_from_when_it_was_reopened(time_machine):
    time_machine.move_to(at(2026, 12, 20, 9), tick=False)
    issue = make.ClosedIssueFactory(kind="other", level="simple")
    time_machine.move_to(at(2026, 12, 30, 10), tick=False)
    chief = make.ChiefFactory(unit=issue.unit)
    issue = VERBS["reopen"](issue, by=chief, version=issue.version, reason="又坏了")
    assert (issue.resolve_due_at, issue.due_uncertain) == (due(6), True)
    import_calendar(PLAN_2027, by=None)
    assert now(issue).resolve_due_at == due(7)


def test_by_the_same_calendar_nothing_moves(time_machine):
    """What is recomputed from what is kept is what the verbs had set, in every stage."""
    time_machine.move_to(at(2026, 9, 29, 9), tick=False)
    lines = [make.ISSUE_IN[stage](kind="other") for stage in STAGES]
    time_machine.move_to(at(2026, 9, 30, 11), tick=False)
    waiting = next(line for line in lines if line.stage == "waiting")
    VERBS["resume"](waiting, by=waiting.handler, version=waiting.version)
    before = list(Issue.objects.order_by("pk").values_list())
    Issue.objects.filter(next_due_at__isnull=False).update(due_uncertain=True)
    assert recompute_deadlines(timezone.now()) == 0
    after = {line.pk: line for line in Issue.objects.all()}
    assert not any(line.due_uncertain for line in after.values() if line.resolve_due_at)
    Issue.objects.update(due_uncertain=False)
    assert list(Issue.objects.order_by("pk").values_list()) == before


def test_cut_off_in_the_middle_it_goes_on_where_it_was(line, monkeypatch):
    monkeypatch.setattr(recomputing, "BATCH", 2)
    others = [
        make.AcceptedIssueFactory(kind="other", level="complex", enterprise=line.enterprise)
        for _ in range(4)
    ]
    seen = []

    def fails_at_the_fourth(issue, event, **_more):
        seen.append(issue.pk)
        if len(seen) == 4:
            raise RuntimeError("pulled the plug")

    moved.connect(fails_at_the_fourth)
    try:
        with pytest.raises(RuntimeError, match="plug"):
            import_calendar(PLAN_2027, by=None)
    finally:
        moved.disconnect(fails_at_the_fourth)
    every = Issue.objects.filter(pk__in=[line.pk, *(one.pk for one in others)])
    assert every.filter(due_uncertain=True).count() == 3, "a batch is done or not"
    assert recompute_deadlines(timezone.now()) == 3
    assert set(every.values_list("resolve_due_at", flat=True)) == {due(RIGHT)}
    assert Event.objects.filter(move="recompute").count() == 5


def test_a_time_limit_changed_meanwhile_plays_no_part(line):
    line.policy.resolve_days = 1
    line.policy.save()
    import_calendar(PLAN_2027, by=None)
    assert now(line).resolve_due_at == due(RIGHT)
