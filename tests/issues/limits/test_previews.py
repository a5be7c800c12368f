"""What a changed limit would do to open lines is said before, and is then done."""

from datetime import timedelta

import pytest

from issues.actions import VERBS, limiting
from issues.actions.limiting import preview_limit
from issues.limits import Fate
from issues.models import Event, Issue, SlaPolicy
from issues.signals import moved
from liaison.core.refused import Conflict
from tests import factories as make
from tests.issues.limits.terms import TERMS, at, change, line_at, now

pytestmark = pytest.mark.django_db


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
