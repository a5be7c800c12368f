"""Whatever is done to a line, and in which order: a breach stands, and time given is not taken.

The real actions on a real line, with time moving on between them.
"""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from issues.actions import VERBS
from issues.actions.limiting import set_policy
from issues.actions.recomputing import recompute_deadlines
from issues.deadlines import after_pause, derive, ran_out
from issues.limits import LEFT, refit
from issues.models import Extension, Issue, Pause, SlaPolicy
from issues.roles import available_moves
from liaison.calendars.actions import import_calendar
from liaison.core.published_calendar import load_calendar_csv
from liaison.core.workdays import CHINA, CalendarRow, DayKind, WorkCalendar
from tests import factories as make

CALENDAR = WorkCalendar.from_rows(load_calendar_csv())
START = datetime(2026, 3, 2, 10, tzinfo=CHINA)
# By these nothing is taken from a deadline; a shorter limit or another calendar may.
GIVING = ("wait", "resume", "extend", "longer", "recompute", "nothing")


def wait(line, chief):
    until = timezone.localdate() + timedelta(days=5)
    return move(line, "wait", line.handler, awaited="报告", awaited_from="企业", until=until)


def extend(line, chief):
    move(line, "ask_extension", line.handler, days=1, reason="检测")
    move(line, "grant_extension", chief)


def move(line, name, by, **values):
    line = Issue.objects.get(pk=line.pk)
    if name in [one.name for one in available_moves(by, line)]:
        VERBS[name](line, by=by, version=line.version, **values)


def limit(days):
    def change(line, chief):
        row = SlaPolicy.objects.in_force().filter(unit=chief.unit).first()
        set_policy(
            chief.unit, None, "ordinary", respond_hours=days * 8, resolve_days=days,
            may_pause=True, extension_days=5, by=chief, replaces=row and row.pk, also_open=True,
        )  # fmt: skip

    return change


def recompute(line, chief):
    Issue.objects.filter(pk=line.pk).update(due_uncertain=True)
    recompute_deadlines(timezone.now())


def calendar(kind):
    return lambda line, chief: import_calendar([CalendarRow(date(2026, 3, 6), kind)], by=None)


STEPS = {
    "accept": lambda line, chief: move(line, "accept", line.handler),
    "start": lambda line, chief: move(line, "start", line.handler),
    "wait": wait,
    "resume": lambda line, chief: move(line, "resume", line.handler),
    "extend": extend,
    "longer": limit(12),
    "shorter": limit(2),
    "recompute": recompute,
    "holiday": calendar(DayKind.HOLIDAY),
    "no holiday": calendar(DayKind.NORMAL),
    "nothing": lambda line, chief: None,
}


def out(line):
    """Whether the clock that counts has run out by now."""
    due = line.resolve_due_at or line.respond_due_at
    return ran_out(due, line.pauses.all(), timezone.now())


@pytest.mark.django_db
def test_a_breach_is_final_whatever_is_done_and_nothing_given_is_taken():
    breached = set()
    with time_machine.travel(START, tick=False):
        raised = make.RaisedIssueFactory(kind="other")
        chief = make.ChiefFactory(unit=raised.unit)

    @settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate])
    @example(True, [(name, 60) for name in ("nothing", *sorted(STEPS), *sorted(STEPS))])
    @given(
        accepted=st.booleans(),
        steps=st.lists(
            st.tuples(st.sampled_from(sorted(STEPS)), st.integers(1, 60)), min_size=3, max_size=10
        ),
    )
    def walk(accepted, steps):
        with transaction.atomic(), time_machine.travel(START, tick=False) as clock:
            before = raised
            if accepted:
                STEPS["accept"](raised, chief)
                STEPS["start"](raised, chief)
                before = Issue.objects.get(pk=raised.pk)
            for name, hours in steps:
                clock.shift(timedelta(hours=hours))
                was_out = out(before)
                STEPS[name](raised, chief)
                after = Issue.objects.get(pk=raised.pk)
                taken_on = before.started_at is None and after.started_at is not None
                if was_out and not taken_on:
                    breached.add(name)
                    assert after.resolve_due_at == before.resolve_due_at, name
                    assert after.respond_due_at == before.respond_due_at, name
                    assert out(after), name
                    assert after.next_due_at <= timezone.now(), name
                elif not taken_on:
                    assert not out(after), f"{name} put it into the past"
                    if name in GIVING and before.resolve_due_at:
                        assert after.resolve_due_at >= before.resolve_due_at, name
                if before.responded_at:
                    assert after.responded_at == before.responded_at
                    assert after.respond_due_at == before.respond_due_at
                before = after
            transaction.set_rollback(True)

    walk()
    assert {"wait", "resume", "longer", "recompute"} <= breached, "else it would prove nothing"


MOMENTS = st.datetimes(
    datetime.fromisoformat("2026-01-05"),
    datetime.fromisoformat("2026-10-30"),
    timezones=st.just(CHINA),
)
DAYS = st.integers(1, 15)


@given(start=MOMENTS, days=DAYS, more=DAYS, stops=st.lists(st.tuples(st.integers(1, 300),
       st.integers(0, 100)), max_size=3))  # fmt: skip
def test_more_days_never_give_an_earlier_deadline(start, days, more, stops):
    line, pauses, moment = Issue(started_at=start, resolve_days=days), [], start
    for after, length in stops:
        moment += timedelta(hours=after)
        pauses.append(Pause(starts_at=moment, ended_at=moment + timedelta(hours=length)))
        moment += timedelta(hours=length)
    plain = derive(line, pauses, CALENDAR).due.at
    assert derive(line, pauses, CALENDAR, days=days + more).due.at > plain
    assert derive(line, [], CALENDAR).due.at <= plain


@given(
    start=MOMENTS, days=DAYS, other=DAYS, extended=st.integers(0, 5), elapsed=st.integers(0, 600)
)
def test_another_limit_moves_a_line_only_between_deadlines_ahead(
    start, days, other, extended, elapsed
):
    line = Issue(started_at=start, resolve_days=days + extended, generation=1)
    granted = [Extension(days=extended, outcome="granted", generation=1)] if extended else []
    line.resolve_due_at = derive(line, [], CALENDAR).due.at
    now = start + timedelta(hours=elapsed)
    policy = SlaPolicy(respond_hours=24, resolve_days=other)
    found = refit(line, policy, pauses=[], extensions=granted, calendar=CALENDAR, now=now)
    assert found.before == line.resolve_due_at
    assert (found.fate in LEFT) == (min(found.before, found.after) <= now)
    assert (found.after > found.before) == (other > days)
    assert found.days == other + extended


@given(due=MOMENTS, paused=MOMENTS, hours=st.integers(0, 200))
def test_a_pause_takes_nothing(due, paused, hours):
    assert after_pause(due, paused, paused + timedelta(hours=hours), CALENDAR).at >= due
