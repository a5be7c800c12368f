"""《行政许可法》 Art. 32 takes effect by itself."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from issues.actions import accept_issue
from issues.actions.silence import accept_by_silence
from issues.clocks import faces
from issues.models import Event, Issue
from issues.promise_changes import changes
from issues.promises import promises
from issues.why import explain
from issues.workflow import Stage
from liaison.core.workdays import CHINA
from liaison.notices.models import Notice
from tests import factories as make

# A Monday; the fifth working day after it is the next Monday.
START = timezone.datetime(2026, 3, 2, 9, 30, tzinfo=CHINA)
OVER = timedelta(days=7, hours=1)


@pytest.fixture
def clock():
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def line(clock, db):
    """A licence that was applied for, and which nobody has looked at."""
    application = make.ApplicationFactory(item=make.shared_item("hotel"))
    assert application.issue.silence_days == 5
    return application.issue


def again(line):
    return Issue.objects.get(pk=line.pk)


def sweep():
    return accept_by_silence(timezone.now())["accepted_by_silence"]


def test_it_counts_from_the_day_it_came_and_everybody_reads_so(line, clock):
    contact = make.ContactUserFactory(enterprise=line.enterprise)
    clock.shift(OVER)
    assert sweep() == 1
    after = again(line)
    assert after.stage == Stage.ACCEPTED
    assert after.started_at == line.raised_at
    assert after.responded_at is None
    assert after.next_due_at == after.resolve_due_at > timezone.now()
    event = Event.objects.get(issue=line, move="silence")
    assert event.actor is None
    assert event.public
    assert Notice.objects.filter(recipient=line.handler, kind="issue.silence").count() == 1
    assert Notice.objects.filter(recipient=contact, kind="issue.silence").count() == 1
    heard, done = promises(after, [], timezone.now())
    assert heard.tone == "over"
    assert done.due_at == after.next_due_at
    assert changes(after, [event])
    assert any("32" in one or "三十二" in one for one in explain(after))
    assert faces(after, [], timezone.now())[0].tone == "over"


def test_not_before_the_time_is_over_and_never_twice(line, clock):
    for hours in (1, 24 * 5, 24 * 6):
        clock.move_to(START + timedelta(hours=hours))
        assert sweep() == 0
        assert again(line).stage == Stage.RAISED
    clock.move_to(START + OVER)
    assert (sweep(), sweep()) == (1, 0)
    assert Event.objects.filter(issue=line, move="silence").count() == 1


def test_a_day_that_is_played_before_it_comes_silences_nobody(line):
    assert accept_by_silence(timezone.now() + timedelta(days=90))["accepted_by_silence"] == 0


def test_whoever_answered_is_not_taken_for_silent(line, clock):
    accept_issue(line, by=line.handler, version=again(line).version)
    clock.shift(OVER)
    assert sweep() == 0


def test_where_no_law_speaks_of_silence_nothing_happens(clock, db):
    line = make.RaisedIssueFactory(kind="approval")
    clock.shift(OVER)
    assert sweep() == 0
    assert again(line).stage == Stage.RAISED


def test_one_that_nobody_answers_for_waits_for_an_officer(line, clock):
    Issue.objects.filter(pk=line.pk).update(handler=None)
    clock.shift(OVER)
    assert sweep() == 0
    assert again(line).stage == Stage.RAISED
