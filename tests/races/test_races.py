"""Many threads at once: exactly one wins, the others are told, nobody gets an error."""

import itertools
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.actions import assign, change_stage, cover, edit_enterprise, hand_over, set_deputy
from enterprises.actions.ladders import set_reminders
from enterprises.models import Assignment, Cadence, Cover, Enterprise, ReminderRule
from enterprises.steps import Way, step
from issues.actions import VERBS, make_move, note_on_issue, raise_issue
from issues.actions.laddering import set_ladder
from issues.actions.limiting import set_policy
from issues.models import EscalationRule, Issue, SlaPolicy
from liaison.accounts.models import Kind
from liaison.core.refused import Conflict
from tests import factories as make
from tests.races.threads import all_at_once, losers, winners
from visits.actions import Promised, keep_promise, log_inspection, log_visit
from visits.models import Inspection, Visit

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
MANY = 32


@pytest.mark.parametrize("verb", [assign, set_deputy])
def test_one_of_many_takes_the_place(verb):
    enterprise = make.EnterpriseFactory()
    desk = make.DeskFactory(unit=enterprise.unit)
    officers = [make.OfficerFactory(unit=enterprise.unit) for _ in range(MANY)]
    results = all_at_once(
        [lambda officer=officer: verb(enterprise, officer, by=desk) for officer in officers]
    )
    [won] = winners(results)
    assert all(isinstance(one, Conflict) for one in losers(results))
    assert all(one.details == {"officer": won.officer_id} for one in losers(results))
    assert enterprise.assignments.get() == won


def test_one_of_many_replaces_the_officer():
    enterprise = make.AssignedEnterpriseFactory()
    line = make.RaisedIssueFactory(enterprise=enterprise)
    first = make.handler_of(enterprise)
    desk = make.DeskFactory(unit=enterprise.unit)
    officers = [make.OfficerFactory(unit=enterprise.unit) for _ in range(MANY)]
    results = all_at_once(
        [
            lambda officer=officer: assign(enterprise, officer, by=desk, replaces=first)
            for officer in officers
        ]
    )
    [won] = winners(results)
    line.refresh_from_db()
    assert line.handler_id == won.officer_id == make.handler_of(enterprise).pk
    assert line.events.filter(move="transfer").count() == 1


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


def test_one_visit_however_often_it_is_sent():
    enterprise = make.AssignedEnterpriseFactory()
    officer = make.handler_of(enterprise)
    sent = {
        "channel": "phone",
        "met": "门卫",
        "happened_at": timezone.now(),
        "client_id": uuid.uuid4(),
    }
    results = all_at_once([lambda: log_visit(enterprise, by=officer, **sent) for _ in range(16)])
    assert {one.pk for one in results} == {Visit.objects.get().pk}


def test_one_inspection_however_often_it_is_sent():
    enterprise = make.EnterpriseFactory()
    officers = [make.OfficerFactory(unit=enterprise.unit) for _ in range(2)]
    sent = {
        "by": officers[0],
        "officers": officers,
        "platform_reference": "SD-1",
        "happened_at": timezone.now(),
        "summary": "检查",
        "client_id": uuid.uuid4(),
        "early_because": "同一次",
    }
    results = all_at_once([lambda: log_inspection(enterprise, **sent) for _ in range(16)])
    assert {one.pk for one in results} == {Inspection.objects.get().pk}


def test_a_promise_is_kept_once():
    visit = make.VisitFactory(promises=[Promised("回访")])
    promise = visit.promises.get()
    results = all_at_once([lambda: keep_promise(promise, by=visit.officer) for _ in range(8)])
    assert len(losers(results)) == 7


def test_the_latest_of_many_visits_sets_the_clock():
    enterprise = make.AssignedEnterpriseFactory()
    officer, now = make.handler_of(enterprise), timezone.now()
    moments = [now - timedelta(hours=n) for n in range(16)]
    all_at_once(
        [
            lambda at=at: log_visit(
                enterprise, by=officer, channel="on_site", met="门卫", happened_at=at
            )
            for at in moments
        ]
    )
    row = Cadence.objects.get(enterprise=enterprise)
    assert row.last_contact_at == row.last_visit_at == now
    assert row.next_contact_due_on == timezone.localdate(now) + timedelta(days=row.contact_days)


@pytest.mark.parametrize("time", range(3))
def test_a_visit_and_a_change_of_facts_at_once_lose_nothing(time):
    enterprise = make.AssignedEnterpriseFactory()
    officer, now = make.handler_of(enterprise), timezone.now()
    desk = make.someone(Kind.DESK, enterprise.unit)
    all_at_once(
        [
            lambda: edit_enterprise(enterprise, {"grade": "red"}, by=desk, version=1),
            lambda: log_visit(
                enterprise, by=officer, channel="on_site", met="门卫", happened_at=now
            ),
        ]
    )
    row = Cadence.objects.get(enterprise=enterprise)
    assert (row.visit_days, row.visit_because) == (7, "grade:red")
    assert row.next_visit_due_on == timezone.localdate(now) + timedelta(days=7)


def test_two_covers_for_one_person_are_one():
    unit = make.StationFactory()
    desk = make.DeskFactory(unit=unit)
    officers = [make.OfficerFactory(unit=unit) for _ in range(4)]
    today = timezone.localdate()
    span = {"starts_on": today, "ends_on": today + timedelta(days=5), "by": desk}
    all_at_once(
        [lambda pair=pair: cover(*pair, **span) for pair in itertools.permutations(officers, 2)]
    )
    made = list(Cover.objects.all())
    away, acting = {one.officer for one in made}, {one.acting for one in made}
    assert made
    assert len(away) == len(made), "nobody is covered twice"
    assert not away & acting, "nobody who is away acts for another"


def test_handing_over_while_others_assign_leaves_nobody_behind():
    """One officer for each enterprise, and its open lines with that officer."""
    unit = make.StationFactory()
    desk = make.DeskFactory(unit=unit)
    outgoing, incoming, other = (make.OfficerFactory(unit=unit) for _ in range(3))
    mine = [make.AssignedEnterpriseFactory(unit=unit, officer=outgoing) for _ in range(4)]
    for enterprise in mine:
        make.RaisedIssueFactory(enterprise=enterprise)
    kind = make.kind_of("service")
    all_at_once(
        [
            lambda: hand_over(outgoing, incoming, by=desk, reason="调离"),
            *[lambda one=one: assign(one, other, by=desk, replaces=outgoing) for one in mine[:2]],
            *[
                lambda n=n, one=one: raise_issue(
                    one, kind=kind, title=f"新{n}", by=desk, source="desk"
                )
                for n, one in enumerate(mine * 2)
            ],
        ]
    )
    for enterprise in mine:
        answers = make.handler_of(enterprise)
        lines = Issue.objects.filter(enterprise=enterprise)
        assert {line.handler for line in lines} == {answers}
        assert lines.count() == 3


@pytest.mark.parametrize("time", range(3))
def test_closing_down_and_assigning_leave_no_officer_at_a_closed_enterprise(time):
    enterprise = make.EnterpriseFactory()
    desk = make.someone(Kind.DESK, enterprise.unit)
    officer = make.OfficerFactory(unit=enterprise.unit)
    all_at_once(
        [
            lambda: change_stage(enterprise, "closed", by=desk, version=1),
            lambda: assign(enterprise, officer, by=desk),
        ]
    )
    assert Enterprise.objects.get(pk=enterprise.pk).stage == "closed"
    assert not Assignment.objects.all().open().filter(enterprise=enterprise).exists()


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


@pytest.mark.parametrize("first", [True, False])
def test_one_of_many_sets_the_time_limit(first):
    unit = make.StationFactory()
    chiefs = [make.ChiefFactory(unit=unit) for _ in range(8)]
    terms = {"respond_hours": 24, "may_pause": True, "extension_days": 5}

    def change(chief, days, replaces):
        return set_policy(
            unit, None, "ordinary", resolve_days=days, **terms, by=chief, replaces=replaces
        )

    seen = None if first else change(chiefs[0], 30, None).policy.pk
    results = all_at_once(
        [lambda n=n, chief=chief: change(chief, n + 3, seen) for n, chief in enumerate(chiefs)]
    )
    [won] = winners(results)
    assert all(isinstance(one, Conflict) for one in losers(results))
    in_force = SlaPolicy.objects.in_force().get(unit=unit)
    assert in_force == won.policy
    assert all(one.details == {"replaces": in_force.pk} for one in losers(results))
    assert SlaPolicy.objects.filter(unit=unit).count() == (1 if first else 2)


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


@pytest.mark.parametrize("whose", ["station", "general", "kind"])
@pytest.mark.parametrize("verb", [set_ladder, set_reminders])
def test_one_of_many_sets_the_steps(verb, whose):
    """Also the first own ones, of which each keeps others that were there before."""
    chief = make.ChiefFactory()
    by = chief if whose == "station" else make.DeskFactory(
        unit=chief.unit.parent, admin_duty="system"
    )  # fmt: skip
    unit = chief.unit if whose == "station" else None
    kind = make.kind_of("dispute") if whose == "kind" else None
    place = (unit, kind, "respond") if verb is set_ladder else (unit, "contact")
    own = (EscalationRule if verb is set_ladder else ReminderRule).objects.all().exactly(*place)
    seen = list(own.values_list("pk", flat=True))
    wanted = [[step(Way.DAYS, n, ["chief"]), step(Way.DAYS, n + 1, ["bureau"])] for n in range(8)]
    results = all_at_once(
        [lambda steps=steps: verb(*place, steps, by=by, replaces=seen) for steps in wanted]
    )
    assert len(winners(results)) == 1
    assert all(isinstance(one, Conflict) for one in losers(results))
    assert own.count() == 2
    first, second = sorted(one.days for one in own)
    assert second == first + 1
