"""Time limits as versions: who sets them, what they touch, and that a preview tells the truth."""

from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from issues.actions import VERBS, limiting
from issues.actions.limiting import drop_policy, preview_limit, set_policy
from issues.actions.recomputing import recompute_deadlines
from issues.deadlines import policy_for
from issues.limits import Fate
from issues.models import Event, Issue, SlaPolicy
from issues.signals import moved
from issues.workflow import STAGES
from liaison.audit.models import Entry
from liaison.core.refused import Conflict, Refused
from liaison.core.workdays import CHINA
from tests import factories as make

pytestmark = pytest.mark.django_db
TERMS = {"respond_hours": 24, "resolve_days": 5, "may_pause": True, "extension_days": 5}


def at(*moment):
    return datetime(*moment, tzinfo=CHINA)


@pytest.fixture
def chief(time_machine):
    time_machine.move_to(at(2026, 3, 2, 10), tick=False)
    return make.ChiefFactory()


def general(level="ordinary"):
    return SlaPolicy.objects.in_force().get(unit=None, kind=None, level=level)


def change(by, *, unit="own", kind=None, level="ordinary", replaces=None, **more):
    place = by.unit if unit == "own" else unit
    also = {name: more.pop(name) for name in ("also_open", "agreed") if name in more}
    return set_policy(place, kind, level, **{**TERMS, **more}, by=by, replaces=replaces, **also)


def line_at(unit, stage="working", **more):
    more.setdefault("kind", "other")
    return make.ISSUE_IN[stage](enterprise__unit=unit, **more)


def now(issue):
    return Issue.objects.get(pk=issue.pk)


# --- versions ---------------------------------------------------------------------------------


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
    unit, top = chief.unit, chief.unit.parent
    root = make.DeskFactory(unit=top, admin_duty="system")
    people = {
        "chief": chief,
        "other chief": make.ChiefFactory(),
        "officer": make.OfficerFactory(unit=unit),
        "desk": make.DeskFactory(unit=unit),
        "administrator of the station": make.DeskFactory(unit=unit, admin_duty="system"),
        "bureau": make.BureauUserFactory(unit=top),
        "security at the top": make.DeskFactory(unit=top, admin_duty="security"),
        "administrator at the top": root,
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


# --- open lines -------------------------------------------------------------------------------


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
    assert (event.public, event.actor) == (False, chief)
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


# --- the preview ------------------------------------------------------------------------------


def wanted(chief, **more):
    return SlaPolicy(unit=chief.unit, level="ordinary", **{**TERMS, **more})


@pytest.fixture
def mixed(chief, time_machine):
    """Lines of every fate for a limit of 2 hours and 3 days, on Monday the 9th at noon."""
    late = line_at(chief.unit)
    time_machine.move_to(at(2026, 3, 4, 10), tick=False)
    would_be = line_at(chief.unit)
    time_machine.move_to(at(2026, 3, 5, 10), tick=False)
    closed = line_at(chief.unit, "closed")
    time_machine.move_to(at(2026, 3, 9, 12), tick=False)
    reopened = VERBS["reopen"](closed, by=chief, version=closed.version, reason="又坏了")
    return {
        late: Fate.RAN_OUT,
        would_be: Fate.WOULD_RUN_OUT,
        line_at(chief.unit): Fate.EARLIER,
        line_at(chief.unit, "raised"): Fate.EARLIER,
        reopened: Fate.SAME,
    }


def test_the_preview_says_what_then_happens(chief, mixed):
    terms = {"respond_hours": 2, "resolve_days": 3}
    preview = preview_limit(wanted(chief, **terms))
    assert preview.concerned == len(mixed)
    assert preview.counts == {
        Fate.EARLIER: 2, Fate.LATER: 0, Fate.SAME: 1, Fate.RAN_OUT: 1, Fate.WOULD_RUN_OUT: 1,
    }  # fmt: skip
    named = {one.line: one for one in preview.named}
    assert {line: one.fate for line, one in named.items()} == {
        line: fate for line, fate in mixed.items() if fate != Fate.SAME
    }
    assert not Event.objects.filter(move="change_limit").exists(), "only looked at"
    changed = change(chief, **terms, also_open=True, agreed=preview.digest)
    assert changed.followed == preview.follow == 3
    for line, fate in mixed.items():
        after = now(line)
        follows = fate not in (Fate.RAN_OUT, Fate.WOULD_RUN_OUT)
        assert (after.policy == changed.policy) == follows
        clock = after.resolve_due_at or after.respond_due_at
        if line in named:
            assert clock == (named[line].after if follows else named[line].before)


def test_what_has_changed_since_the_preview_is_looked_at_again(chief, mixed):
    preview = preview_limit(wanted(chief, resolve_days=3))
    line_at(chief.unit)
    with pytest.raises(Conflict) as refused:
        change(chief, resolve_days=3, also_open=True, agreed=preview.digest)
    assert refused.value.code == "changed"
    assert not SlaPolicy.objects.filter(unit=chief.unit).exists()
    with pytest.raises(Conflict):
        change(chief, resolve_days=4, also_open=True, agreed=preview.digest)


def test_many_lines_are_counted_and_a_few_named(chief, monkeypatch):
    monkeypatch.setattr(limiting, "BATCH", 2)
    monkeypatch.setattr(limiting, "NAMED", 3)
    first = line_at(chief.unit)
    for _ in range(4):
        make.WorkingIssueFactory(enterprise=first.enterprise, kind="other")
    preview = preview_limit(wanted(chief, resolve_days=7))
    assert (preview.concerned, len(preview.named)) == (5, 3)
    assert change(chief, resolve_days=7, also_open=True).followed == 5


def test_cut_off_in_the_middle_it_goes_on_where_it_was(chief, monkeypatch):
    monkeypatch.setattr(limiting, "BATCH", 2)
    first = line_at(chief.unit)
    for _ in range(4):
        make.WorkingIssueFactory(enterprise=first.enterprise, kind="other")
    seen = []

    def fails_at_the_fourth(issue, event, **_more):
        seen.append(issue.pk)
        if len(seen) == 4:
            raise RuntimeError("pulled the plug")

    moved.connect(fails_at_the_fourth)
    try:
        with pytest.raises(RuntimeError, match="plug"):
            change(chief, resolve_days=7, also_open=True)
    finally:
        moved.disconnect(fails_at_the_fourth)
    row = SlaPolicy.objects.in_force().get(unit=chief.unit)
    assert Issue.objects.filter(policy=row).count() == 2, "a batch is done or not"
    again = change(chief, resolve_days=7, replaces=row.pk, also_open=True)
    assert (again.policy, again.followed) == (row, 3)
    assert Event.objects.filter(move="change_limit").count() == 5


def test_a_line_that_somebody_moves_meanwhile_is_left(chief):
    first, second = line_at(chief.unit), line_at(chief.unit)

    def meanwhile(issue, event, **_more):
        if event.move == "change_limit":
            Issue.objects.filter(pk=second.pk, version=second.version).update(version=99)

    moved.connect(meanwhile)
    try:
        changed = change(chief, resolve_days=7, also_open=True)
    finally:
        moved.disconnect(meanwhile)
    assert (changed.followed, changed.missed) == (1, 1)
    assert now(first).resolve_days == 7
    assert now(second).resolve_days == 5
    assert now(second).resolve_due_at - now(first).resolve_due_at < timedelta(0)
