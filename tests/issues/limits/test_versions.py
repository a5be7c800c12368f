"""Time limits as versions: who sets them, what they touch, and that a preview tells the truth."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from issues.actions import VERBS
from issues.actions.limiting import drop_policy
from issues.actions.recomputing import recompute_deadlines
from issues.deadlines import policy_for
from issues.models import Issue, SlaPolicy
from issues.workflow import STAGES
from liaison.audit.models import Entry
from liaison.core.refused import Conflict, Refused
from tests import factories as make
from tests.cast import who_may_set_rules
from tests.issues.limits.terms import at, change, general, line_at, now

pytestmark = pytest.mark.django_db


def test_a_change_retires_a_row_and_makes_another(chief):
    first = change(chief, resolve_days=4).policy
    second = change(chief, resolve_days=6, replaces=first.pk).policy
    first.refresh_from_db()
    assert (first.resolve_days, first.retired_at) == (4, timezone.now())
    assert (second.resolve_days, second.retired_at, second.made_by) == (6, None, chief)
    assert policy_for(chief.unit, make.kind_of("other"), "ordinary") == second
    elsewhere = make.StationFactory()
    assert policy_for(elsewhere, make.kind_of("other"), "ordinary") == general()
    entry = Entry.objects.filter(action="limits.set").latest("pk")
    assert (entry.actor, entry.unit) == (chief, chief.unit)
    assert entry.changes == {"kind": "", "level": "ordinary", "resolve_days": [4, 6]}


def test_without_a_difference_nothing_is_written(chief):
    first = change(chief, resolve_days=4).policy
    rows, entries = SlaPolicy.objects.count(), Entry.objects.count()
    assert change(chief, resolve_days=4, replaces=first.pk).policy == first
    assert (SlaPolicy.objects.count(), Entry.objects.count()) == (rows, entries)


def test_only_one_holds_at_a_place(chief):
    for unit in (None, chief.unit):
        for kind in (None, make.kind_of("other")):
            rows = SlaPolicy.objects.in_force().exactly(unit, kind, "ordinary")
            if not rows.exists():
                SlaPolicy.objects.create(unit=unit, kind=kind, level="ordinary", resolve_days=5)
            with pytest.raises(IntegrityError), transaction.atomic():
                SlaPolicy.objects.create(unit=unit, kind=kind, level="ordinary", resolve_days=6)
            rows.update(retired_at=timezone.now())
            SlaPolicy.objects.create(unit=unit, kind=kind, level="ordinary", resolve_days=7)


@pytest.mark.parametrize("seen", [None, 0])
def test_somebody_else_was_first(chief, seen):
    row = change(chief, resolve_days=4).policy
    with pytest.raises(Conflict) as refused:
        change(chief, resolve_days=6, replaces=seen)
    assert refused.value.details == {"replaces": row.pk}
    row.refresh_from_db()
    assert row.retired_at is None


def test_the_own_row_is_dropped_and_the_general_one_holds_again(chief):
    row = change(chief, resolve_days=4).policy
    issue = line_at(chief.unit)
    drop_policy(chief.unit, None, "ordinary", by=chief, replaces=row.pk)
    assert policy_for(chief.unit, make.kind_of("other"), "ordinary") == general()
    assert now(issue).policy == row, "an open line keeps it"
    with pytest.raises(Conflict):
        drop_policy(chief.unit, None, "ordinary", by=chief, replaces=row.pk)
    assert Entry.objects.filter(action="limits.dropped", actor=chief).count() == 1


def test_who_may_set_what(chief):
    able = who_may_set_rules(chief, may)
    assert able == {("chief", "own"), ("administrator at the top", "general")}


def may(person, unit):
    rows = SlaPolicy.objects.in_force().exactly(unit, None, "ordinary")
    seen = rows.first()
    try:
        with transaction.atomic():
            change(person, unit=unit, resolve_days=9, replaces=seen and seen.pk)
            if unit is not None:
                drop_policy(unit, None, "ordinary", by=person, replaces=rows.get().pk)
            transaction.set_rollback(True)
    except Refused as refused:
        return refused.code != "not_allowed"
    return True


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("respond_hours", 0), ("respond_hours", 721), ("resolve_days", 0), ("resolve_days", 367),
        ("extension_days", -1), ("extension_days", 367), ("level", "hard"),
    ],
)  # fmt: skip
def test_a_limit_must_make_sense(chief, field, value):
    with pytest.raises(Refused) as refused:
        change(chief, **{field: value})
    assert refused.value.field == field


def test_open_lines_keep_what_they_were_opened_under(chief):
    """Failure 32: editing a policy rewrote open history."""
    lines = [line_at(chief.unit, stage) for stage in STAGES]
    before = list(Issue.objects.order_by("pk").values_list())
    change(chief, resolve_days=1, respond_hours=1, may_pause=False)
    assert list(Issue.objects.order_by("pk").values_list()) == before
    raised = next(line for line in lines if line.stage == "raised")
    accepted = VERBS["accept"](raised, by=raised.handler, version=raised.version)
    assert accepted.resolve_due_at == at(2026, 3, 9, 10), "accepted later it is the same promise"


def test_they_follow_where_that_is_asked(chief):
    raised, working = line_at(chief.unit, "raised"), line_at(chief.unit)
    others = [
        line_at(chief.unit, level="simple"), line_at(make.StationFactory()),
        line_at(chief.unit, "closed"),
    ]  # fmt: skip
    before = {one.pk: now(one) for one in others}
    changed = change(chief, resolve_days=7, respond_hours=48, also_open=True)
    assert (changed.followed, changed.missed) == (2, 0)
    after = now(raised)
    assert after.respond_due_at == after.next_due_at == at(2026, 3, 4, 10)
    assert after.resolve_due_at is None
    moved_on = now(working)
    assert moved_on.resolve_due_at == moved_on.next_due_at == at(2026, 3, 11, 10)
    assert moved_on.respond_due_at == working.respond_due_at
    assert {after.policy, moved_on.policy} == {changed.policy}
    event = working.events.get(move="change_limit")
    assert (event.public, event.actor) == (True, chief)
    assert event.values == {
        "from": "2026-03-09T10:00:00+08:00", "due": "2026-03-11T10:00:00+08:00",
    }  # fmt: skip
    for one in others:
        assert now(one).version == before[one.pk].version


def test_a_breach_stands_and_nothing_is_put_into_the_past(chief, time_machine):
    late = line_at(chief.unit)
    time_machine.move_to(at(2026, 3, 4, 10), tick=False)
    later = line_at(chief.unit)
    time_machine.move_to(at(2026, 3, 9, 12), tick=False)
    assert now(late).is_late
    longer = change(chief, resolve_days=9, also_open=True)
    assert longer.followed == 1
    assert now(late).resolve_due_at == at(2026, 3, 9, 10)
    assert now(late).policy == general()
    assert now(later).resolve_due_at == at(2026, 3, 17, 10)
    shorter = change(chief, resolve_days=3, replaces=longer.policy.pk, also_open=True)
    assert shorter.followed == 0
    assert now(later).resolve_due_at == at(2026, 3, 17, 10)
    assert now(later).policy == longer.policy
    assert not now(later).is_late


def test_what_was_granted_stays_granted(chief):
    issue = line_at(chief.unit)
    ask = {"days": 2, "reason": "检测"}
    issue = VERBS["ask_extension"](issue, by=issue.handler, version=issue.version, **ask)
    issue = VERBS["grant_extension"](issue, by=chief, version=issue.version)
    change(chief, resolve_days=10, also_open=True)
    assert now(issue).resolve_days == 12
    assert now(issue).resolve_due_at == at(2026, 3, 18, 10)
    Issue.objects.update(due_uncertain=True)
    assert recompute_deadlines(timezone.now()) == 0, "it is what is derived from what is kept"


def test_while_it_waits_the_day_it_waits_for_stays_the_clock(chief):
    waiting = line_at(chief.unit, "waiting")
    change(chief, resolve_days=7, also_open=True)
    after = now(waiting)
    assert after.next_due_at == waiting.next_due_at
    assert after.resolve_due_at == at(2026, 3, 11, 10)


def test_a_reopened_line_keeps_its_days(chief):
    closed = line_at(chief.unit, "closed")
    issue = VERBS["reopen"](closed, by=chief, version=closed.version, reason="又坏了")
    changed = change(chief, resolve_days=9, may_pause=False, also_open=True)
    after = now(issue)
    assert (after.resolve_due_at, after.resolve_days) == (issue.resolve_due_at, 5)
    assert after.policy == changed.policy


def test_a_kinds_own_limit_shields_its_lines(chief):
    kind = make.kind_of("hazard")
    change(chief, kind=kind, resolve_days=4)
    hazard, other = line_at(chief.unit, kind="hazard"), line_at(chief.unit)
    changed = change(chief, resolve_days=9, also_open=True)
    assert (now(hazard).resolve_days, now(other).resolve_days) == (4, 9)
    assert changed.followed == 1


def test_a_general_limit_reaches_stations_without_their_own(chief):
    root = make.DeskFactory(unit=chief.unit.parent, admin_duty="system")
    change(chief, resolve_days=4)
    own, far = line_at(chief.unit), line_at(make.StationFactory())
    changed = change(root, unit=None, resolve_days=9, replaces=general().pk, also_open=True)
    assert changed.followed == 1
    assert (now(own).resolve_days, now(far).resolve_days) == (4, 9)


def test_no_pause_where_the_limit_forbids_it(chief):
    change(chief, may_pause=False)
    issue = line_at(chief.unit)
    waiting = {"awaited": "报告", "awaited_from": "企业", "until": date(2026, 3, 6)}
    with pytest.raises(Refused) as refused:
        VERBS["wait"](issue, by=issue.handler, version=issue.version, **waiting)
    assert refused.value.code == "no_pause"
