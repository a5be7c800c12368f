"""Every stage x move x role, derived from the table that the product itself reads."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from issues.actions import VERBS, make_move
from issues.models import Issue
from issues.roles import roles_of
from issues.workflow import MOVES, Role, Stage
from liaison.core.refused import Refused
from tests import factories as make

STATES = {
    Stage.RAISED: make.RaisedIssueFactory,
    Stage.ACCEPTED: make.AcceptedIssueFactory,
    Stage.WORKING: make.WorkingIssueFactory,
    Stage.WAITING: make.WaitingIssueFactory,
    Stage.PROPOSED: make.ProposedIssueFactory,
    Stage.CLOSED: make.ClosedIssueFactory,
    Stage.DECLINED: make.DeclinedIssueFactory,
    Stage.WITHDRAWN: make.WithdrawnIssueFactory,
}
PEOPLE = ("handler", "another_officer", "auxiliary", "desk", "chief", "bureau", "contact")


def test_the_grid_knows_every_stage_and_every_verb():
    assert set(STATES) == set(Stage)
    assert set(VERBS) == set(MOVES)


@pytest.fixture
def person(db):
    def find(name: str, issue: Issue):
        match name:
            case "handler":
                return issue.handler
            case "another_officer":
                return make.OfficerFactory(unit=issue.unit)
            case "auxiliary":
                return make.AuxiliaryFactory(unit=issue.unit)
            case "desk":
                return make.DeskFactory(unit=issue.unit)
            case "chief":
                return make.ChiefFactory(unit=issue.unit)
            case "bureau":
                return make.BureauUserFactory(unit=issue.unit.parent)
        return make.ContactUserFactory(enterprise=issue.enterprise)

    return find


def values_for(name: str, issue: Issue) -> dict[str, object]:
    """Something valid for every field the move asks for."""
    values: dict[str, object] = {}
    for field in MOVES[name].fields:
        match field.kind:
            case "date":
                values[field.name] = timezone.localdate() + timedelta(days=3)
            case "officer":
                values[field.name] = make.OfficerFactory(unit=issue.unit).pk
            case "money":
                values[field.name] = "100"
            case "flag":
                values[field.name] = False
            case _:
                values[field.name] = "说明"
    return values


@pytest.mark.parametrize(("stage", "name"), list(itertools.product(Stage, MOVES)))
@pytest.mark.parametrize("who", PEOPLE)
def test_a_move_is_possible_exactly_where_the_table_says(stage, name, who, person):
    issue = STATES[stage](kind="other")
    by = person(who, issue)
    move = MOVES[name]
    allowed = stage in move.sources and bool(move.roles & roles_of(by, issue))
    before = Issue.objects.filter(pk=issue.pk).values().get()
    events = issue.events.count()
    try:
        after = make_move(issue, name, by=by, version=issue.version, values=values_for(name, issue))
    except Refused:
        assert not allowed
        assert Issue.objects.filter(pk=issue.pk).values().get() == before
        assert issue.events.count() == events
    else:
        assert allowed
        assert after.stage == (move.target or stage)
        assert issue.events.count() == events + 1
        assert after.version == before["version"] + (1 if move.claims else 0)


def test_the_handler_never_approves_whatever_the_rule(db):
    for kind in ("other", "hazard", "service"):
        issue = make.ProposedIssueFactory(kind=kind)
        assert Role.APPROVER not in roles_of(issue.handler, issue)
