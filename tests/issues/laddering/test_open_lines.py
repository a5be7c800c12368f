"""What a changed ladder means for lines in the middle of it."""

import pytest

from issues.actions import VERBS
from issues.actions.escalating import escalate_due
from issues.ladder import ladder_for
from issues.models import EscalationRule, Issue
from issues.workflow import OPEN, Clock
from liaison.notices.gathering import tell_gathered
from liaison.notices.models import Notice
from tests import factories as make
from tests.issues.laddering.steps import (
    BUREAU,
    CHIEF,
    DAY,
    DESK,
    HANDLER,
    HOUR,
    STEPS,
    change,
    drop,
    h,
    pc,
    raised,
    rows,
    taken,
    told,
)

pytestmark = pytest.mark.django_db


def test_an_open_line_goes_by_the_new_steps(chief, begin):
    issue = raised(chief)
    assert change(chief, [h(-20, CHIEF), h(0, CHIEF)]) == 1
    assert Issue.objects.get(pk=issue.pk).next_escalation_at == begin
    assert escalate_due(begin) == {}
    assert Issue.objects.get(pk=issue.pk).next_escalation_at == begin + 4 * HOUR
    assert escalate_due(begin + 4 * HOUR) == {"escalations": 1}
    assert Issue.objects.get(pk=issue.pk).version == issue.version


def test_nobody_is_told_again_of_what_only_moves(chief, begin, time_machine):
    """Overdue by nine hours and told of it; the chief shall hear two hours earlier."""
    issue = raised(chief)
    now = begin + DAY + 9 * HOUR
    time_machine.move_to(now, tick=False)
    escalate_due(now)
    assert taken(issue) == {1, 2, 3}
    steps = [pc(70, HANDLER), h(0, HANDLER, "deputy", DESK), h(6, HANDLER, CHIEF),
             h(24, CHIEF, BUREAU)]  # fmt: skip
    change(chief, steps)
    assert {one.step for one in rows(chief.unit)} == {1, 2, 3, 4}
    assert escalate_due(now + HOUR) == {}
    drop(chief)
    assert escalate_due(now + HOUR) == {}, "nor when the general one holds again"
    assert escalate_due(begin + 2 * DAY) == {"escalations": 1}
    assert taken(issue) == {1, 2, 3, 4}


def test_fewer_steps_do_not_let_it_lapse(chief, begin, time_machine):
    """Two steps were taken of four. Of the one that is left nothing was: it is not the first."""
    issue = raised(chief)
    now = begin + DAY
    time_machine.move_to(now, tick=False)
    escalate_due(now)
    assert taken(issue) == {1, 2}
    change(chief, [h(5, CHIEF)])
    [left] = rows(chief.unit)
    assert left.step == 5
    escalate_due(now + 5 * HOUR)
    assert taken(issue) == {1, 2, 5}
    assert ("chief", issue.title) in told(now + 5 * HOUR)


def test_those_whom_a_new_step_adds_hear_once_and_in_one_notice(chief, begin, time_machine):
    lines = [raised(chief) for _ in range(5)]
    now = begin + DAY + HOUR
    time_machine.move_to(now, tick=False)
    escalate_due(now)
    tell_gathered(now)
    Notice.objects.all().delete()
    change(chief, [h(0, CHIEF), h(24, BUREAU)])
    assert escalate_due(now + HOUR) == {"escalations": 5}
    assert {who for who, _title in told(now + HOUR)} == {"chief"}
    tell_gathered(now + HOUR)
    assert Notice.objects.get(recipient=chief, kind="digest").mentions.count() == len(lines)
    assert escalate_due(now + 2 * HOUR) == {}
    # And if it is changed to and fro.
    change(chief, [h(1, CHIEF), h(24, BUREAU)])
    change(chief, [h(0, CHIEF), h(24, BUREAU)])
    assert escalate_due(now + 3 * HOUR) == {}


def test_a_number_taken_on_an_open_line_is_never_given_to_another_step(chief, begin, time_machine):
    issue = raised(chief)
    now = begin + DAY + HOUR
    time_machine.move_to(now, tick=False)
    change(chief, [h(0, CHIEF)])
    escalate_due(now)
    assert taken(issue) == {5}
    drop(chief)
    change(chief, [h(0, DESK, BUREAU)])
    assert [one.step for one in rows(chief.unit)] == [6]
    assert escalate_due(now + HOUR) == {"escalations": 1}


def test_only_lines_that_go_by_it_are_looked_at_again(chief, begin):
    """Each place against what the lines of each kind and clock are really held to."""
    lines = [
        make.ISSUE_IN[stage](enterprise__unit=unit, kind=kind)
        for stage in OPEN
        for unit in (chief.unit, make.StationFactory())
        for kind in ("other", "hazard", "dispute")
    ]
    root = make.DeskFactory(unit=chief.unit.parent, admin_duty="system")
    change(chief, STEPS, kind=make.kind_of("dispute"), clock="resolve")
    places = [
        (by, unit, kind, clock)
        for clock in Clock.values
        for by, unit in ((chief, chief.unit), (root, None))
        for kind in (None, make.kind_of("hazard"), make.kind_of("dispute"))
    ]
    for n, (by, unit, kind, clock) in enumerate(places):
        Issue.objects.update(next_escalation_at=begin + 50 * DAY)
        follow = change(by, [h(n, CHIEF, BUREAU)], unit=unit, kind=kind, clock=clock)
        marked = set(Issue.objects.filter(next_escalation_at=begin).values_list("pk", flat=True))
        assert marked == {one.pk for one in lines if holds(one, unit, kind, clock)}
        assert follow == len(marked)


def holds(issue, unit, kind, clock):
    issue = Issue.objects.get(pk=issue.pk)
    ladder = ladder_for(EscalationRule.objects.all(), issue.unit_id, issue.kind_id, clock)
    place = (unit and unit.pk, kind and kind.pk)
    return issue.running_clock == clock and (ladder[0].unit_id, ladder[0].kind_id) == place


def test_a_wait_that_hides_a_breach_goes_by_the_steps_of_the_breach(chief, begin, time_machine):
    issue = make.WorkingIssueFactory(enterprise__unit=chief.unit, kind="other", level="simple")
    late = issue.resolve_due_at + HOUR
    time_machine.move_to(late, tick=False)
    values = {"awaited": "报告", "awaited_from": "企业", "until": (late + 9 * DAY).date()}
    VERBS["wait"](issue, by=issue.handler, version=issue.version, **values)
    assert change(chief, STEPS, clock="wait") == 0
    assert change(chief, STEPS, clock="resolve") == 1


def test_it_costs_the_same_however_many_lines_follow(chief, django_assert_max_num_queries):
    for _ in range(20):
        raised(chief)
    with django_assert_max_num_queries(14):
        assert change(chief, STEPS, replaces=[]) == 20
