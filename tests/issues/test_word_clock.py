"""The enterprise's word has a clock of its own, and the promise stands still meanwhile."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from issues.actions import close_issue, dispute_issue, grant_extension, return_issue
from issues.actions.recomputing import recompute_deadlines
from issues.models import Event, Issue
from issues.promise_changes import changes
from issues.promises import clock_said, promises
from issues.workflow import Clock, CloseRule, Stage
from liaison.core.workdays import CHINA
from tests import factories as make

# A Monday; nothing is a holiday in these weeks.
START = timezone.datetime(2026, 3, 2, 9, 30, tzinfo=CHINA)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def line(clock, db):
    """Reported as done, and only its enterprise closes it."""
    return again(make.ProposedIssueFactory(kind="service"))


def again(line):
    return Issue.objects.get(pk=line.pk)


def contact_of(line):
    return make.ContactUserFactory(enterprise=line.enterprise)


def test_the_word_is_awaited_for_five_working_days_and_then_the_station_hears(line):
    assert line.close_rule == CloseRule.CONTACT
    assert line.running_clock == Clock.WAIT
    # Mon 2 March and five working days: through Mon 9 March.
    assert timezone.localtime(line.next_due_at).date().isoformat() == "2026-03-10"
    assert timezone.localtime(line.next_due_at).hour == 0
    assert line.next_escalation_at is not None
    assert Issue.objects.all().running(Clock.WAIT).filter(pk=line.pk).exists()
    assert Issue.objects.all().waiting_for_the_enterprise().filter(pk=line.pk).exists()


def test_a_confirmation_long_after_is_no_broken_promise(line, clock):
    before = line.resolve_due_at
    clock.shift(timedelta(days=30))
    assert timezone.now() > before
    closed = close_issue(line, by=contact_of(line), version=line.version)
    assert closed.closed_at <= again(line).resolve_due_at
    assert not line.pauses.filter(ended_at__isnull=True).exists()


@pytest.mark.parametrize("verb", [dispute_issue, return_issue])
def test_what_is_not_done_goes_on_with_the_time_that_was_left(line, clock, verb):
    left = line.resolve_due_at - timezone.now()
    # A week of five working days later, at the same time of day.
    clock.shift(timedelta(days=7))
    by = contact_of(line) if verb is dispute_issue else make.ChiefFactory(unit=line.unit)
    verb(line, by=by, version=line.version, reason="还没修好")
    after = again(line)
    assert after.stage == Stage.WORKING
    assert after.running_clock == Clock.RESOLVE
    assert after.next_due_at == after.resolve_due_at
    assert after.resolve_due_at - timezone.now() == left
    event = Event.objects.filter(issue=line).latest("pk")
    assert event.values["from"] != event.values["due"]


def test_a_promise_that_was_broken_before_stays_broken(clock, db):
    line = make.WorkingIssueFactory(kind="service")
    clock.move_to(line.resolve_due_at + timedelta(hours=1))
    proposed = make.propose(again(line))
    assert proposed.running_clock == Clock.RESOLVE
    assert proposed.next_due_at == line.resolve_due_at
    assert not line.pauses.exists()


def test_colleagues_stop_no_clock(clock, db):
    line = again(make.ProposedIssueFactory(kind="hazard"))
    assert line.close_rule == CloseRule.CHIEF
    assert line.running_clock == Clock.RESOLVE
    assert line.next_due_at == line.resolve_due_at
    assert not line.pauses.exists()


def test_a_calendar_that_changes_leaves_the_day_of_the_word(line):
    Issue.objects.filter(pk=line.pk).update(
        due_uncertain=True, resolve_due_at=line.resolve_due_at + timedelta(days=1)
    )
    assert recompute_deadlines(timezone.now()) == 1
    assert again(line).next_due_at == line.next_due_at
    assert again(line).running_clock == Clock.WAIT


def test_more_time_granted_meanwhile_leaves_the_day_of_the_word(clock, db):
    line = make.ExtensionFactory(issue__kind="service").issue
    proposed = again(make.propose(again(line)))
    chief = make.ChiefFactory(unit=line.unit)
    grant_extension(proposed, by=chief, version=proposed.version)
    after = again(line)
    assert after.next_due_at == proposed.next_due_at
    assert after.resolve_due_at > proposed.resolve_due_at


def test_the_enterprise_reads_which_clock_is_which(line, clock):
    pauses = list(line.pauses.all())
    done = promises(line, pauses, timezone.now())[1]
    assert done.due_at == line.next_due_at
    assert done.tone == "soon"
    assert clock_said(line)
    by_day = done.said
    clock.shift(timedelta(days=20))
    late = promises(line, pauses, timezone.now())[1]
    assert late.said != by_day
    # The silence is the enterprise's own: no promise of the station's is called broken.
    assert late.tone == "soon"
    events = Event.objects.filter(issue=line, public=True)
    assert [one.said for one in changes(line, events)][-1]
