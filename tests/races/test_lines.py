"""Many threads on one line of the bill: exactly one wins, the others are told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.actions import assign
from issues.actions import VERBS, make_move, note_on_issue, raise_issue
from issues.models import Issue
from liaison.accounts.models import Kind
from liaison.core.refused import Conflict
from tests import factories as make
from tests.races.threads import all_at_once, losers, winners

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
MANY = 32


def test_one_of_many_makes_the_move():
    issue = make.RaisedIssueFactory()
    results = all_at_once(
        [
            lambda: make_move(issue, "accept", by=issue.handler, version=1, values={})
            for _ in range(MANY)
        ]
    )
    [won] = winners(results)
    assert won.version == 2
    assert all(isinstance(one, Conflict) for one in losers(results))
    assert all(one.details == {"stage": "accepted", "version": 2} for one in losers(results))
    assert issue.events.filter(move="accept").count() == 1


@pytest.mark.parametrize("pair", [("close", "return"), ("wait", "propose"), ("accept", "decline")])
def test_of_two_different_moves_one_is_made(pair):
    stage = {"close": "proposed", "wait": "working", "accept": "raised"}[pair[0]]
    issue = make.ISSUE_IN[stage](kind="other")
    chief = make.ChiefFactory(unit=issue.unit)
    values = {
        "return": {"reason": "再看"},
        "decline": {"reason": "不属"},
        "propose": {"summary": "好了"},
        "wait": {
            "awaited": "报告",
            "awaited_from": "企业",
            "until": timezone.localdate() + timedelta(days=2),
        },
    }
    by = {"close": chief, "return": chief, "decline": chief}
    results = all_at_once(
        [
            lambda name=name: make_move(
                issue,
                name,
                by=by.get(name, issue.handler),
                version=issue.version,
                values=values.get(name, {}),
            )
            for name in pair * 4
        ]
    )
    [won] = winners(results)
    now = Issue.objects.get(pk=issue.pk)
    assert (now.stage, now.version) == (won.stage, issue.version + 1)
    assert issue.events.filter(move__in=pair).count() == 1
    assert issue.close_outs.filter(outcome="pending").count() == (now.stage == "proposed")


def test_remarks_are_no_conflict():
    issue = make.WorkingIssueFactory()
    results = all_at_once(
        [lambda n=n: note_on_issue(issue, by=issue.handler, note=f"第{n}条") for n in range(MANY)]
    )
    assert not losers(results)
    assert issue.events.filter(move="note").count() == MANY


def test_numbers_are_given_once_and_without_gaps():
    """From the very first of the year, when there is no counter yet."""
    enterprise = make.AssignedEnterpriseFactory()
    desk = make.DeskFactory(unit=enterprise.unit)
    kind = make.kind_of("service")
    results = all_at_once(
        [
            lambda n=n: raise_issue(enterprise, kind=kind, title=f"{n}", by=desk, source="desk")
            for n in range(MANY)
        ]
    )
    numbers = sorted(int(one.number.rpartition("-")[2]) for one in results)
    assert numbers == list(range(1, MANY + 1))


@pytest.mark.parametrize("time", range(3))
def test_a_line_moves_while_its_enterprise_changes_hands(time):
    issue = make.RaisedIssueFactory()
    first, second = issue.handler, make.OfficerFactory(unit=issue.unit)
    desk = make.someone(Kind.DESK, issue.unit)
    chief = make.ChiefFactory(unit=issue.unit)
    all_at_once(
        [
            lambda: assign(issue.enterprise, second, by=desk, replaces=first),
            lambda: VERBS["decline"](issue, by=chief, version=1, reason="不属本所"),
        ]
    )
    now = Issue.objects.get(pk=issue.pk)
    moves = set(issue.events.values_list("move", flat=True))
    assert now.version == 1 + len(moves & {"decline", "transfer"})
    assert (now.handler == second) == ("transfer" in moves)
    assert now.handler == second or not now.is_open


def test_of_two_chiefs_one_decides_on_an_extension():
    issue = make.WorkingIssueFactory(kind="other")
    chiefs = [make.ChiefFactory(unit=issue.unit) for _ in range(6)]
    asked = VERBS["ask_extension"](
        issue, by=issue.handler, version=issue.version, days=2, reason="检测"
    )
    results = all_at_once(
        [
            lambda n=n, chief=chief: (
                VERBS["grant_extension"](asked, by=chief, version=asked.version)
                if n % 2
                else VERBS["refuse_extension"](
                    asked, by=chief, version=asked.version, reason="不妥"
                )
            )
            for n, chief in enumerate(chiefs)
        ]
    )
    [won] = winners(results)
    assert all(isinstance(one, Conflict) for one in losers(results))
    extension = won.extensions.get()
    won.refresh_from_db()
    assert won.resolve_days == (7 if extension.outcome == "granted" else 5)
