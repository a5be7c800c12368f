"""Ladders changed as a whole: who may, what makes sense, and what open lines make of it."""

from datetime import datetime, timedelta

import pytest

from enterprises.steps import Way, numbered, step
from issues.actions import VERBS
from issues.actions.escalating import escalate_due
from issues.actions.laddering import drop_ladder, set_ladder
from issues.ladder import ladder_for
from issues.models import Escalation, EscalationRule, Issue
from issues.workflow import OPEN, Clock
from liaison.audit.models import Entry
from liaison.core.refused import Conflict, Refused
from liaison.core.workdays import CHINA
from liaison.notices.gathering import tell_gathered
from liaison.notices.models import Mention, Notice
from tests import factories as make

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
HANDLER, DESK, CHIEF, BUREAU = "handler", "desk", "chief", "bureau"


def pc(number, *who):
    return step(Way.PERCENT, number, who)


def h(number, *who):
    return step(Way.HOURS, number, who)


def d(number, *who):
    return step(Way.DAYS, number, who)


STEPS = [pc(80, HANDLER), h(0, HANDLER, DESK), d(2, CHIEF), d(4, BUREAU)]


@pytest.fixture
def begin(time_machine):
    """A Monday without holidays near."""
    moment = datetime(2026, 3, 9, 10, tzinfo=CHINA)
    time_machine.move_to(moment, tick=False)
    return moment


@pytest.fixture
def chief(begin):
    unit = make.StationFactory()
    make.DeskFactory(unit=unit)
    make.BureauUserFactory(unit=unit.parent)
    return make.ChiefFactory(unit=unit)


def rows(unit, kind=None, clock="respond"):
    return EscalationRule.objects.all().exactly(unit, kind, clock)


def change(by, steps, *, unit="own", kind=None, clock="respond", replaces=None):
    place = by.unit if unit == "own" else unit
    if replaces is None:
        replaces = rows(place, kind, clock).values_list("pk", flat=True)
    return set_ladder(place, kind, clock, steps, by=by, replaces=list(replaces))


def drop(by, *, unit="own", kind=None, clock="respond", replaces=None):
    place = by.unit if unit == "own" else unit
    if replaces is None:
        replaces = rows(place, kind, clock).values_list("pk", flat=True)
    drop_ladder(place, kind, clock, by=by, replaces=list(replaces))


def raised(chief, **more):
    more.setdefault("kind", "other")
    return make.RaisedIssueFactory(enterprise__unit=chief.unit, **more)


def taken(issue):
    return set(Escalation.objects.filter(issue=issue).values_list("step", flat=True))


def told(now):
    return {
        (one.recipient.kind, one.title.split()[-1]) for one in Mention.objects.filter(made_at=now)
    }


# --- the whole ladder, or none ----------------------------------------------------------------


def test_it_is_replaced_as_a_whole_and_recorded(chief):
    change(chief, STEPS)
    change(chief, [h(0, HANDLER, CHIEF), d(1, BUREAU)])
    assert {(one.hours, one.days) for one in rows(chief.unit)} == {(0, None), (None, 1)}
    entry = Entry.objects.filter(action="ladder.set").latest("pk")
    assert (entry.actor, entry.unit) == (chief, chief.unit)
    assert entry.changes["steps"] == [
        ["percent 80: handler", "hours 0: handler, desk", "days 2: chief", "days 4: bureau"],
        ["hours 0: handler, chief", "days 1: bureau"],
    ]
    assert rows(None).count() == 4, "elsewhere nothing has changed"


def test_without_a_difference_nothing_is_written(chief):
    change(chief, STEPS)
    before = list(rows(chief.unit).values_list()), Entry.objects.count()
    assert change(chief, STEPS) == 0
    assert (list(rows(chief.unit).values_list()), Entry.objects.count()) == before


def test_dropped_the_more_general_one_holds_again(chief):
    change(chief, STEPS)
    drop(chief)
    assert not rows(chief.unit).exists()
    assert Entry.objects.filter(action="ladder.dropped", actor=chief).count() == 1
    with pytest.raises(Refused):
        drop(chief)


def test_the_last_resort_is_changed_but_not_dropped(chief):
    root = make.DeskFactory(unit=chief.unit.parent, admin_duty="system")
    change(root, STEPS, unit=None)
    with pytest.raises(Refused) as refused:
        drop(root, unit=None)
    assert refused.value.code == "last"
    hazard = make.kind_of("hazard")
    drop(root, unit=None, kind=hazard, clock="resolve")
    assert not rows(None, hazard, "resolve").exists()


@pytest.mark.parametrize("place", ["own", "general"])
def test_somebody_else_was_first(chief, place):
    root = make.DeskFactory(unit=chief.unit.parent, admin_duty="system")
    by, unit = (chief, chief.unit) if place == "own" else (root, None)
    seen = list(rows(unit).values_list("pk", flat=True))
    change(by, STEPS, unit=unit)
    for verb in (
        lambda: change(by, [h(0, CHIEF)], unit=unit, replaces=seen),
        lambda: drop_ladder(
            chief.unit, None, "respond", by=chief, replaces=seen or [0]
        ),
    ):  # fmt: skip
        with pytest.raises(Conflict):
            verb()
    assert rows(unit).count() == 4


def test_who_may_set_what(chief):
    unit, top = chief.unit, chief.unit.parent
    people = {
        "chief": chief,
        "other chief": make.ChiefFactory(),
        "officer": make.OfficerFactory(unit=unit),
        "desk": make.DeskFactory(unit=unit),
        "administrator of the station": make.DeskFactory(unit=unit, admin_duty="system"),
        "bureau": make.BureauUserFactory(unit=top),
        "security at the top": make.DeskFactory(unit=top, admin_duty="security"),
        "administrator at the top": make.DeskFactory(unit=top, admin_duty="system"),
        "of no unit": make.DeskFactory(unit=None, admin_duty="system"),
        "contact": make.ContactUserFactory(enterprise__unit=unit),
    }
    able = {
        (who, place)
        for who, person in people.items()
        for place, where in (("own", unit), ("general", None))
        if may(person, where)
    }
    assert able == {("chief", "own"), ("administrator at the top", "general")}


def may(person, unit):
    hazard, able = make.kind_of("hazard"), []
    for verb in (lambda: change(person, STEPS, unit=unit, kind=hazard),
                 lambda: drop(person, unit=unit, kind=hazard)):  # fmt: skip
        try:
            verb()
        except Refused as refused:
            able.append(refused.code != "not_allowed")
        else:
            able.append(True)
    assert len(set(able)) == 1
    return able[0]


# --- what makes sense -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "code", "place", "field"),
    [
        ([], "silent", None, ""),
        ([pc(80, CHIEF)], "silent", None, ""),
        ([d(-1, CHIEF, BUREAU)], "silent", None, ""),
        ([d(-1, CHIEF), h(0, HANDLER), d(1, DESK)], "silent", None, ""),
        ([h(0, CHIEF), d(1)], "nobody", 1, "recipients"),
        ([h(1, CHIEF), h(0, DESK)], "order", 1, "number"),
        ([h(0, CHIEF), h(0, DESK)], "order", 1, "number"),
        ([d(1, CHIEF), h(20, DESK)], "order", 1, "number"),
        ([h(0, CHIEF), pc(50, DESK)], "order", 1, "number"),
        ([pc(50, DESK), pc(50, HANDLER), h(0, CHIEF)], "order", 1, "number"),
        ([d(-1, DESK), d(-2, HANDLER), h(0, CHIEF)], "order", 1, "number"),
        ([pc(0, DESK), h(0, CHIEF)], "invalid", 0, "number"),
        ([pc(100, DESK), h(0, CHIEF)], "invalid", 0, "number"),
        ([h(721, CHIEF)], "invalid", 0, "number"),
        ([h(-721, DESK), h(0, CHIEF)], "invalid", 0, "number"),
        ([d(61, CHIEF)], "invalid", 0, "number"),
        ([d(-61, DESK), h(0, CHIEF)], "invalid", 0, "number"),
        ([h(n, CHIEF) for n in range(7)], "too_many", None, ""),
    ],
)
def test_a_ladder_cannot_be_talked_down_to_nothing(chief, steps, code, place, field):
    with pytest.raises(Refused) as refused:
        change(chief, steps)
    assert (refused.value.code, refused.value.details.get("step")) == (code, place)
    assert refused.value.field == field
    assert not rows(chief.unit).exists()


@pytest.mark.parametrize(
    "steps",
    [
        [h(0, CHIEF)],
        [pc(1, DESK), pc(99, DESK), h(-720, DESK), d(-1, DESK), h(0, DESK), d(60, BUREAU)],
        [d(-1, DESK), pc(50, DESK), h(720, CHIEF)],
    ],
)
def test_what_can_be_kept(chief, steps):
    change(chief, steps)
    assert rows(chief.unit).count() == len(steps)


def test_only_what_is_there_has_a_ladder(chief):
    with pytest.raises(Refused):
        change(chief, STEPS, clock="lunch")
    chief.unit.kind = "squad"
    with pytest.raises(Refused) as refused:
        change(chief, STEPS)
    assert refused.value.code == "no_station"


# --- lines in the middle of it ----------------------------------------------------------------


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


# --- numbers ----------------------------------------------------------------------------------


def test_a_number_stands_for_who_is_told_before_or_after():
    before = [(1, pc(80, HANDLER)), (2, h(0, HANDLER)), (3, d(1, CHIEF)), (4, d(3, CHIEF))]
    wanted = [d(-1, HANDLER), h(0, CHIEF), d(1, HANDLER, CHIEF), d(4, CHIEF)]
    assert [n for n, _step in numbered(wanted, before, 7)] == [1, 3, 8, 4]
    assert numbered([one for _n, one in before], before, 7) == before
