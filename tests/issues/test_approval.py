"""Who strikes a line off: never who did the work, whichever way round it is asked."""

import itertools

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from issues.actions import VERBS, accept_issue, close_issue, transfer_issue
from issues.models import CloseOut, Issue
from issues.roles import roles_of
from issues.workflow import CloseRule, Role, Stage
from liaison.accounts.models import Kind
from liaison.core.refused import Refused
from tests import factories as make
from tests.cast import cast_of

pytestmark = pytest.mark.django_db


def ways_to_a_proposal(kind):
    """Proposed lines that differ in who handled, who proposed and who handles now."""
    unit = make.StationFactory()
    plain = make.ProposedIssueFactory(kind=kind, enterprise__unit=unit)
    yield plain
    given_away = make.ProposedIssueFactory(kind=kind, enterprise__unit=unit)
    yield transfer_issue(
        given_away,
        by=make.someone(Kind.CHIEF, unit),
        version=given_away.version,
        handler=make.OfficerFactory(unit=unit),
        reason="调岗",
    )
    yield make.ProposedIssueFactory(
        kind=kind,
        enterprise__unit=unit,
        enterprise__officer=make.ChiefFactory(unit=unit),
    )
    orphan = make.ProposedIssueFactory(kind=kind, enterprise__unit=unit)
    Issue.objects.filter(pk=orphan.pk).update(handler=None)
    yield Issue.objects.get(pk=orphan.pk)


@pytest.mark.parametrize("kind", ["hazard", "other", "service", "case_lead"])
def test_the_list_of_what_waits_for_me_is_what_i_may_close(kind):
    for issue in ways_to_a_proposal(kind):
        people = set(issue.unit.people.all())
        if issue.handler is not None:
            people |= set(cast_of(issue).values())
        for person in people:
            listed = Issue.objects.visible_to(person).awaiting_approval_by(person)
            may = Role.APPROVER in roles_of(person, issue)
            assert listed.filter(pk=issue.pk).exists() == may, (person.kind, issue.pk)
        done = {issue.handler, *(one.proposed_by for one in issue.close_outs.all())} - {None}
        for worker in done:
            assert Role.APPROVER not in roles_of(worker, issue)


def test_a_proposer_who_has_given_the_line_away_does_not_approve_it():
    issue = make.ProposedIssueFactory(kind="other")
    proposer, chief = issue.handler, make.ChiefFactory(unit=issue.unit)
    other = make.OfficerFactory(unit=issue.unit)
    issue = transfer_issue(issue, by=chief, version=issue.version, handler=other, reason="调岗")
    for worker in (proposer, other):
        with pytest.raises(Refused) as refused:
            close_issue(issue, by=worker, version=issue.version)
        assert refused.value.code == "not_allowed"
    assert close_issue(issue, by=chief, version=issue.version).stage == Stage.CLOSED


def test_a_chief_who_handles_a_line_needs_another_chief():
    unit = make.StationFactory()
    first, second = make.ChiefFactory(unit=unit), make.ChiefFactory(unit=unit)
    issue = make.ProposedIssueFactory(
        kind="hazard", enterprise__unit=unit, enterprise__officer=first
    )
    with pytest.raises(Refused) as refused:
        close_issue(issue, by=first, version=issue.version)
    assert refused.value.code == "not_allowed"
    assert close_issue(issue, by=second, version=issue.version).stage == Stage.CLOSED


def test_the_database_refuses_one_person_on_both_sides():
    issue = make.ProposedIssueFactory(kind="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        CloseOut.objects.filter(issue=issue).update(
            decided_by=issue.handler, decided_at=timezone.now()
        )


@pytest.mark.parametrize(
    ("rule", "who"), list(itertools.product(CloseRule, ["desk", "chief", "contact"]))
)
def test_the_enterprises_word_is_written_down_by_whoever_types_it_in(rule, who):
    kind = make.kind_of("other")
    kind.close_rule = rule
    kind.save()
    issue = make.ProposedIssueFactory(kind=kind)
    by = {
        "desk": lambda: make.DeskFactory(unit=issue.unit),
        "chief": lambda: make.ChiefFactory(unit=issue.unit),
        "contact": lambda: make.ContactUserFactory(enterprise=issue.enterprise),
    }[who]()
    if Role.APPROVER not in roles_of(by, issue):
        with pytest.raises(Refused):
            close_issue(issue, by=by, version=issue.version, confirmed_by="张经理电话")
    elif rule == CloseRule.CONTACT and who != "contact":
        with pytest.raises(Refused) as refused:
            close_issue(issue, by=by, version=issue.version, confirmed_by=" ")
        assert refused.value.field == "confirmed_by"
        close_issue(issue, by=by, version=issue.version, confirmed_by="张经理电话")
        assert issue.close_outs.get().confirmed_by == "张经理电话"
    else:
        close_issue(issue, by=by, version=issue.version)
        assert issue.close_outs.get().decided_by == by


def test_returning_keeps_the_clock_and_asks_again():
    issue = make.ProposedIssueFactory(kind="other")
    chief = make.ChiefFactory(unit=issue.unit)
    due = issue.resolve_due_at
    back = VERBS["return"](issue, by=chief, version=issue.version, reason="照片看不清")
    assert (back.stage, back.resolve_due_at, back.next_due_at) == (Stage.WORKING, due, due)
    assert issue.close_outs.get().outcome == CloseOut.Outcome.RETURNED
    again = VERBS["propose"](back, by=back.handler, version=back.version, summary="已补拍")
    assert again.close_outs.filter(outcome=CloseOut.Outcome.PENDING).count() == 1


def test_a_line_whose_officer_has_left_is_not_accepted_on_his_behalf():
    issue = make.RaisedIssueFactory(kind="other")
    type(issue.handler).objects.filter(pk=issue.handler_id).update(is_active=False)
    desk = make.DeskFactory(unit=issue.unit)
    with pytest.raises(Refused) as refused:
        accept_issue(issue, by=desk, version=issue.version)
    assert refused.value.code == "no_handler"
