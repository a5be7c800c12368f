"""What the sweep makes of clocks that run out: which steps, once each, and who is told."""

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from enterprises.actions import cover
from issues.actions import VERBS, make_move
from issues.actions.escalating import escalate_due
from issues.models import Escalation, EscalationRule, Issue
from liaison.calendars.actions import import_calendar
from liaison.core.workdays import CalendarRow, DayKind
from liaison.notices.gathering import tell_gathered
from liaison.notices.models import Mention, Notice
from tests import factories as make
from tests.clockwork import DAY, HOUR, at, person
from tests.issues.escalating.clockwork import steps, told

pytestmark = pytest.mark.django_db


def test_a_line_nobody_accepts_climbs_to_the_bureau(station, begin):
    issue = make.RaisedIssueFactory(enterprise__unit=station)
    handler = issue.handler
    desk, chief = person(station, "desk"), person(station, "chief")
    bureau = station.parent.people.get()
    due = begin + DAY
    assert escalate_due(due - 7 * HOUR) == {}
    assert escalate_due(due - 6 * HOUR) == {"escalations": 1}
    assert told(due - 6 * HOUR) == {(handler, "due_soon")}
    assert escalate_due(due) == {"escalations": 1}
    assert told(due) == {(handler, "overdue"), (desk, "escalated")}
    assert escalate_due(due + 8 * HOUR) == {"escalations": 1}
    assert told(due + 8 * HOUR) == {(handler, "overdue"), (chief, "escalated")}
    assert escalate_due(due + DAY) == {"escalations": 1}
    assert told(due + DAY) == {(chief, "escalated"), (bureau, "escalated")}
    assert escalate_due(due + 100 * DAY) == {}
    last = Escalation.objects.get(issue=issue, step=4)
    assert last.told == [str(chief), str(bureau)]
    assert (last.recipients, last.due_at, last.is_ahead) == (["chief", "bureau"], due, False)
    after = Issue.objects.get(pk=issue.pk)
    assert after.version == issue.version, "nobody's open form goes stale by it"
    assert after.next_escalation_at is None


def test_the_resolve_clock_has_working_days_between_its_steps(station, begin):
    issue = make.WorkingIssueFactory(enterprise__unit=station, level="simple")
    due = issue.resolve_due_at
    assert due == at(2026, 3, 12, 10)
    escalate_due(at(2026, 4, 1))
    assert steps(issue) == [
        ("resolve", issue.clock_generation, 1, begin + 0.8 * (due - begin)),
        ("resolve", issue.clock_generation, 2, due),
        ("resolve", issue.clock_generation, 3, at(2026, 3, 13, 10)),
        ("resolve", issue.clock_generation, 4, at(2026, 3, 17, 10)),
    ]


def test_a_hazard_has_a_ladder_of_its_own(station, begin):
    issue = make.WorkingIssueFactory(enterprise__unit=station, kind="hazard", level="simple")
    escalate_due(at(2026, 3, 11, 10))
    assert [one[2] for one in steps(issue)] == [1, 2]
    assert (person(station, "chief"), "due_soon") in told(at(2026, 3, 11, 10))


@pytest.mark.parametrize("late", [3 * HOUR, 3 * DAY, 21 * DAY])
def test_late_or_in_time_the_same_steps(station, begin, late):
    """Failure 3: what a missed run would have found is found by the next."""

    def lines():
        return [
            make.RaisedIssueFactory(enterprise__unit=station),
            make.WorkingIssueFactory(enterprise__unit=station, level="simple"),
            make.WaitingIssueFactory(enterprise__unit=station),
        ]

    in_time, late_ones = lines(), lines()
    Issue.objects.filter(pk__in=[one.pk for one in late_ones]).update(next_escalation_at=None)
    moment, end = begin, begin + 6 * DAY
    while moment <= end:
        escalate_due(moment)
        moment += HOUR
    for one in late_ones:
        Issue.objects.filter(pk=one.pk).update(next_escalation_at=begin)
    # What falls due while it is late is found at the same time.
    escalate_due(end + late)
    for first, second in zip(in_time, late_ones, strict=True):
        assert sorted(steps(first)) == sorted(steps(second)), first.stage
    counted = Escalation.objects.count()
    assert escalate_due(end + late) == {}
    # A clock set back does not make it forget.
    assert escalate_due(begin) == {}
    assert Escalation.objects.count() == counted


def test_after_weeks_everybody_gets_one_notice(station, begin):
    for _ in range(5):
        make.RaisedIssueFactory(enterprise__unit=station)
    now = begin + 21 * DAY
    escalate_due(now)
    tell_gathered(now)
    for who in (person(station, "desk"), person(station, "chief"), station.parent.people.get()):
        assert Notice.objects.get(recipient=who, kind="digest").mentions.count() == 5
    assert tell_gathered(now) == {}


def test_what_was_read_is_not_told_again(station, begin):
    """Failure 2."""
    make.RaisedIssueFactory(enterprise__unit=station)
    now = begin + DAY
    escalate_due(now)
    tell_gathered(now)
    there = Notice.objects.count()
    Notice.objects.update(read_at=now)
    Issue.objects.update(next_escalation_at=begin)
    assert escalate_due(now) == tell_gathered(now) == {}
    assert Notice.objects.count() == there > 0


@pytest.mark.parametrize("hour", [0, 3, 7])
def test_before_eight_in_the_morning_it_is_the_same_day_in_china(
    station, begin, time_machine, hour
):
    """Failure 12: whoever acts on that day is told, though in UTC it is still the day before."""
    due = at(2026, 3, 12, hour, 30)
    time_machine.move_to(due - DAY, tick=False)
    issue = make.RaisedIssueFactory(enterprise__unit=station)
    acting = make.OfficerFactory(unit=station)
    day = date(2026, 3, 12)
    cover(issue.handler, acting, starts_on=day, ends_on=day, by=person(station, "desk"))
    assert issue.respond_due_at == due
    escalate_due(due - timedelta(seconds=1))
    assert [one[2] for one in steps(issue)] == [1]
    escalate_due(due)
    assert (acting, "overdue") in told(due)
    assert f"{due:%Y-%m-%d %H:%M}" in Mention.objects.get(made_at=due, recipient=acting).text


def test_over_the_end_of_the_year_a_ladder_goes_by_days_that_are_worked(station, time_machine):
    """1 to 3 January 2026 are free, Sunday the 4th is worked."""
    time_machine.move_to(at(2025, 12, 30, 10), tick=False)
    issue = make.WorkingIssueFactory(enterprise__unit=station, level="simple")
    due = issue.resolve_due_at
    assert due == at(2026, 1, 5, 10)
    late = make.RaisedIssueFactory(enterprise__unit=station)
    escalate_due(at(2025, 12, 31, 10))
    assert [one[3] for one in steps(late)] == [at(2025, 12, 31, 4), at(2025, 12, 31, 10)]
    escalate_due(at(2026, 1, 12, 10))
    assert [one[3] for one in steps(late)][2:] == [at(2025, 12, 31, 18), at(2026, 1, 1, 10)]
    assert [one[3] for one in steps(issue)][1:] == [due, at(2026, 1, 6, 10), at(2026, 1, 8, 10)]


def test_a_deadline_that_moves_rings_anew(station, begin, time_machine):
    """Failure 8: reminded of once is not reminded of for ever."""
    issue = make.WorkingIssueFactory(enterprise__unit=station, level="simple")
    escalate_due(at(2026, 3, 12, 0))
    assert [one[2] for one in steps(issue)] == [1]
    time_machine.move_to(at(2026, 3, 12, 8), tick=False)
    values = {"awaited": "报告", "awaited_from": "企业", "until": at(2026, 3, 20).date()}
    waiting = VERBS["wait"](issue, by=issue.handler, version=issue.version, **values)
    assert waiting.running_clock == "wait"
    time_machine.move_to(at(2026, 3, 19, 8), tick=False)
    moved = VERBS["resume"](waiting, by=issue.handler, version=waiting.version)
    assert moved.resolve_due_at > issue.resolve_due_at
    escalate_due(at(2026, 4, 10))
    again = [
        one for one in steps(issue) if one[0] == "resolve" and one[1] == moved.clock_generation
    ]
    assert [one[2] for one in again] == [2, 3, 4], "the warning had gone by when it was resumed"
    assert again[0][3] == moved.resolve_due_at


def test_a_longer_time_is_warned_of_anew(station, begin, time_machine):
    """Failure 8: the warning of the earlier deadline was not that of the later one."""
    issue = make.WorkingIssueFactory(enterprise__unit=station, level="simple")
    escalate_due(at(2026, 3, 12, 0))
    time_machine.move_to(at(2026, 3, 12, 8), tick=False)
    asked = VERBS["ask_extension"](
        issue, by=issue.handler, version=issue.version, days=2, reason="检测"
    )
    longer = VERBS["grant_extension"](asked, by=person(station, "chief"), version=asked.version)
    escalate_due(longer.resolve_due_at - timedelta(seconds=1))
    assert [one[1:3] for one in steps(issue)] == [
        (issue.clock_generation, 1), (longer.clock_generation, 1)
    ]  # fmt: skip


def test_a_breached_clock_does_not_begin_anew_by_waiting(station, begin, time_machine):
    issue = make.WorkingIssueFactory(enterprise__unit=station, level="simple")
    late = issue.resolve_due_at + HOUR
    escalate_due(late)
    time_machine.move_to(late, tick=False)
    values = {"awaited": "报告", "awaited_from": "企业", "until": (late + 9 * DAY).date()}
    waiting = VERBS["wait"](issue, by=issue.handler, version=issue.version, **values)
    assert (waiting.running_clock, waiting.clock_generation) == ("resolve", issue.clock_generation)
    escalate_due(late + 9 * DAY)
    assert [one[2] for one in steps(issue)] == [1, 2, 3, 4]
    resumed = VERBS["resume"](waiting, by=issue.handler, version=waiting.version)
    assert resumed.clock_generation == issue.clock_generation
    assert escalate_due(late + 30 * DAY) == {}


def test_what_has_ended_rings_no_more(station, begin):
    """Failure 7."""
    issue = make.RaisedIssueFactory(enterprise__unit=station)
    chief = person(station, "chief")
    make_move(issue, "decline", by=chief, version=1, values={"reason": "不属本所管辖"})
    assert escalate_due(begin + 30 * DAY) == {}


def test_a_reopened_line_has_a_ladder_of_its_own(station, begin):
    issue = make.ClosedIssueFactory(enterprise__unit=station)
    reopened = VERBS["reopen"](
        issue, by=person(station, "chief"), version=issue.version, reason="未整改"
    )
    escalate_due(begin + 60 * DAY)
    assert {one[1] for one in steps(issue)} == {reopened.clock_generation}
    assert len(steps(issue)) == 4


def test_one_line_that_cannot_be_worked_out_stops_no_other(station, begin, caplog):
    """Failures 5 and 9."""
    lines = [make.RaisedIssueFactory(enterprise__unit=station) for _ in range(3)]
    poisoned = make.RaisedIssueFactory(enterprise__unit=station, kind="dispute")
    EscalationRule.objects.create(
        kind=poisoned.kind, clock="respond", step=1, days=30_000, recipients=["handler"]
    )
    now = begin + DAY
    Issue.objects.filter(pk=poisoned.pk).update(next_escalation_at=begin)
    assert escalate_due(now) == {"escalations": 6, "failed": 1}
    assert f"Issue {poisoned.pk} is put off" in caplog.text
    assert {one.issue for one in Escalation.objects.all()} == set(lines)
    assert escalate_due(now) == {}
    EscalationRule.objects.filter(kind=poisoned.kind).update(days=0)
    assert escalate_due(now + HOUR)["escalations"] == 1


def test_what_was_done_stands(station, begin):
    make.RaisedIssueFactory(enterprise__unit=station)
    escalate_due(begin + DAY)
    for change in (lambda rows: rows.update(told=[]), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(Escalation.objects.all())


def test_a_sweep_asks_a_few_questions_however_many_are_due(
    station, begin, django_assert_max_num_queries
):
    for _ in range(30):
        make.RaisedIssueFactory(enterprise__unit=station)
    with django_assert_max_num_queries(30):
        assert escalate_due(begin + DAY) == {"escalations": 60}


def test_a_step_counted_in_working_days_follows_the_calendar(station, begin):
    """The deadline stands; the day after it turns out to be free, or a weekend to be worked."""
    issue = make.WorkingIssueFactory(enterprise__unit=station, level="simple")
    escalate_due(issue.resolve_due_at)
    import_calendar([CalendarRow(date(2026, 3, 13), DayKind.HOLIDAY)], by=None)
    escalate_due(issue.resolve_due_at)
    assert Issue.objects.get(pk=issue.pk).next_escalation_at == at(2026, 3, 16, 10)
    import_calendar([CalendarRow(date(2026, 3, 14), DayKind.MAKEUP)], by=None)
    assert escalate_due(at(2026, 3, 14, 10)) == {"escalations": 1}
