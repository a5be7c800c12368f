"""A month of the demo station, hour by hour: what the clock did is recounted from the raw dates.

People come to work and see to some of it; the rest is left lying. Everything that was due must be
done, or reminded of and escalated to the very step that its dates ask for, or paused with a reason.
The recount knows no code of the ladders, only rows and dates.
"""

import json
import random
from collections import defaultdict
from datetime import datetime, time, timedelta
from io import StringIO

import pytest
import time_machine as clock
from django.core.management import call_command
from django.utils import timezone

from enterprises.models import Cadence, Enterprise, Reminder, ReminderRule
from issues.actions import VERBS, raise_issue
from issues.models import Escalation, EscalationRule, Issue, IssueKind
from issues.workflow import Stage
from liaison.accounts.models import Kind, Unit, User
from liaison.calendars.models import CalendarDay
from liaison.core.workdays import CHINA
from liaison.notices.models import Mention, Notice
from tests import factories as make
from visits.actions import log_visit

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
DAYS = 30
pytestmark = pytest.mark.django_db


def tick(now):
    out = StringIO()
    call_command("tick", "--at", now.isoformat(), "--json", stdout=out)
    return json.loads(out.getvalue())["counts"]


@pytest.fixture
def month(settings, tmp_path, caplog):
    """The station after thirty days, and the moment of the last tick."""
    caplog.set_level("WARNING")
    settings.VAR, settings.DEMO = tmp_path, True
    # Across the National Day holiday of 2026 and the make-up days around it.
    begin = datetime(2026, 9, 14, 8, 30, tzinfo=CHINA)
    with clock.travel(begin, tick=False):
        call_command("seed_demo", "--json", stdout=StringIO())
    unit, chance = Unit.objects.get(code="LSL"), random.Random(4)
    now, counts = begin, defaultdict(int)
    while now < begin + DAYS * DAY:
        now += HOUR
        if now.hour in (10, 15):
            with clock.travel(now, tick=False):
                at_work(unit, chance)
        for name, n in tick(now).items():
            counts[name] += n
    assert counts["failed"] == 0
    return unit, now, counts


def at_work(unit, chance):
    """Some visits are made, some lines moved on, a few raised; most are left to the clock."""
    now, today = timezone.now(), timezone.localdate()
    if not worked(today):
        return
    due = list(Enterprise.objects.filter(unit=unit).contact_due(today).order_by("pk"))
    for one in chance.sample(due, len(due) // 4):
        officer = one.assignments.open().responsible().first()
        if officer:
            channel = chance.choice(("phone", "on_site"))
            log_visit(one, by=officer.officer, channel=channel, happened_at=now, summary="走访")
    desk = User.objects.filter(unit=unit, kind=Kind.DESK).first()
    kinds = list(IssueKind.objects.all())
    raise_issue(
        chance.choice(list(Enterprise.objects.filter(unit=unit).live())),
        kind=chance.choice(kinds), title="示例诉求", by=desk, source=Issue.Source.DESK,
        level=chance.choice(("simple", "ordinary", "complex")),
    )  # fmt: skip
    # An application goes on from its own page (tests/green_channel); here it is left to the clock.
    lines = Issue.objects.filter(unit=unit, application=None).open().for_ledger()
    for line in lines.order_by("pk"):
        if line.handler is not None and chance.random() < 0.08:
            moved_on(line, chance)


NEXT = {
    Stage.RAISED: ("accept",),
    Stage.ACCEPTED: ("start",),
    Stage.WORKING: ("wait", "propose"),
    Stage.WAITING: ("resume",),
    Stage.PROPOSED: ("close",),
}


def moved_on(line, chance):
    step = chance.choice(NEXT[line.stage])
    if step == "resume":
        VERBS["resume"](line, by=line.handler, version=line.version)
    else:
        make.STEPS[step](line)


# --- the recount: rows and dates only ---------------------------------------------------------


def worked(day):
    row = CalendarDay.objects.filter(on=day).first()
    if row is None or row.kind == "normal":
        return day.weekday() < 5
    return row.kind == "makeup"


def so_many_days(moment, days, every_day):
    """``days`` working days after this moment, or before it if negative."""
    local = timezone.localtime(moment)
    while days:
        local += DAY if days > 0 else -DAY
        if every_day or worked(local.date()):
            days -= 1 if days > 0 else -1
    return local


def line_steps(line, rules):
    """Step and moment of the ladder of the clock that runs on this line."""
    fitting = [
        rule
        for rule in rules
        if rule.clock == clock_of(line) and rule.kind_id in (None, line.kind_id)
    ]
    if any(rule.kind_id for rule in fitting):
        fitting = [rule for rule in fitting if rule.kind_id]
    start = line.raised_at if line.started_at is None else line.started_at
    if clock_of(line) == "wait":
        start = line.pauses.get(ended_at=None).starts_at
    for rule in fitting:
        if rule.percent is not None:
            yield rule, start + (line.next_due_at - start) * rule.percent / 100
        elif rule.hours is not None:
            yield rule, line.next_due_at + rule.hours * HOUR
        else:
            yield rule, so_many_days(line.next_due_at, rule.days, line.round_the_clock)


def clock_of(line):
    if line.stage == "raised":
        return "respond"
    waits = line.stage in ("waiting", "proposed") and line.next_due_at != line.resolve_due_at
    return "wait" if waits else "resolve"


def test_every_promise_of_a_month_was_kept_or_rang(month):
    recount_lines(*month)
    recount_contacts(*month)
    recount_told(*month)


def recount_lines(unit, end, counts):
    lines = Issue.objects.filter(unit=unit)
    rules = list(EscalationRule.objects.all())
    seen = defaultdict(int)
    for line in lines.open().select_related("kind"):
        taken = {
            one.step: one
            for one in Escalation.objects.filter(
                issue=line, clock=clock_of(line), generation=line.clock_generation
            )
        }
        expected = {
            rule.step: moment
            for rule, moment in line_steps(line, rules)
            # A warning that lay in the past when the clock was set is for nobody.
            if moment <= end and not (moment < line.next_due_at and moment <= line.clock_set_at)
        }
        assert {step: one.planned_at for step, one in taken.items()} == expected, line
        for one in taken.values():
            assert (
                # What had passed when the clock was set rings then.
                one.planned_at <= one.at <= max(one.planned_at, line.clock_set_at) + HOUR
                or one.at <= end - DAYS * DAY + HOUR
            )
            assert one.told
        if line.next_due_at < end:
            seen["overdue"] += 1
            assert taken, f"{line} lapsed in silence"
        if line.stage == Stage.WAITING:
            seen["paused"] += 1
            [reason] = line.pauses.filter(ended_at=None).values_list("awaited", "awaited_from")
            assert all(reason)
    for line in lines.filter(next_due_at=None):
        seen["done"] += 1
        assert not Escalation.objects.filter(issue=line, at__gt=line.closed_at).exists()
    assert min(seen["overdue"], seen["paused"], seen["done"]) > 2, dict(seen)
    # The demo's past, before the month, has steps of its own.
    assert counts["escalations"] == Escalation.objects.filter(at__gt=end - DAYS * DAY).count()


def recount_contacts(unit, end, counts):
    rules = list(ReminderRule.objects.all())
    seen = defaultdict(int)
    for row in Cadence.objects.filter(enterprise__unit=unit).select_related("enterprise"):
        if not row.enterprise.is_live:
            assert not row.enterprise.reminders.filter(at__gt=end - DAY).exists()
            continue
        for kind, due_on, set_on in (
            ("contact", row.next_contact_due_on, row.contact_set_on),
            ("visit", row.next_visit_due_on, row.visit_set_on),
        ):
            taken = set(
                Reminder.objects.filter(
                    enterprise=row.enterprise, kind=kind, due_on=due_on
                ).values_list("step", "planned_at")
            )
            expected = set()
            for rule in rules:
                if rule.kind != kind:
                    continue
                base = max(due_on, set_on) if rule.days >= 0 else due_on
                day = base + rule.days * DAY
                moment = datetime.combine(day, time(8), tzinfo=CHINA)
                if moment <= end and not (rule.days < 0 and day <= set_on):
                    expected.add((rule.step, moment))
            assert taken == expected, (row, kind)
            if due_on < end.date():
                seen["overdue"] += 1
                assert taken, f"{row.enterprise} lapsed in silence"
            else:
                seen["in time"] += 1
        if row.officer_due_at is not None:
            seen["free"] += 1
            steps = {
                rule.step
                for rule in rules
                if rule.kind == "officer"
                and so_many_days(row.officer_due_at, rule.days, every_day=False) <= end
            }
            found = Reminder.objects.filter(enterprise=row.enterprise, kind="officer")
            assert set(found.values_list("step", flat=True)) == steps
    assert min(seen.values()) > 3, dict(seen)
    assert counts["reminders"] == Reminder.objects.filter(at__gt=end - DAYS * DAY).count()


def recount_told(_unit, end, counts):
    assert not Mention.objects.filter(notice=None).exists()
    month = Notice.objects.filter(made_at__gt=end - DAYS * DAY)
    told = month.filter(mentions__isnull=False).distinct()
    assert told.count() == counts["notices"]
    # An hour's tick never tells a person twice.
    moments = list(told.values_list("recipient", "made_at"))
    assert len(moments) == len(set(moments))
