"""Every stage x move x person x kind, derived from the table that the product itself reads."""

import itertools
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from issues.actions import VERBS, make_move
from issues.models import Issue
from issues.roles import available_moves, roles_of
from issues.workflow import ENDED, MOVES, OPEN, STAGES, CloseRule, Role, Stage
from liaison.core.refused import Conflict, Refused
from tests import factories as make
from tests.cast import cast_of

H, D, C, R, E, A = (
    Role.HANDLER, Role.DESK, Role.CHIEF, Role.RAISER, Role.CONTACT, Role.APPROVER,
)  # fmt: skip
ANY = OPEN + ENDED

# What was agreed, move by move: from, to, who.
AGREED = {
    "accept": ({"raised"}, "accepted", {H, D}),
    "decline": ({"raised"}, "declined", {C}),
    "withdraw": ({"raised", "accepted", "working", "waiting"}, "withdrawn", {R}),
    "start": ({"accepted"}, "working", {H}),
    "wait": ({"working"}, "waiting", {H}),
    "resume": ({"waiting"}, "working", {H, E}),
    "propose": ({"working"}, "proposed", {H}),
    "return": ({"proposed"}, "working", {A}),
    "close": ({"proposed"}, "closed", {A}),
    "reopen": ({"closed"}, "working", {E, C}),
    "transfer": (set(OPEN), None, {D, C}),
    "note": (set(ANY), None, {H, D, C, R, E}),
}
# What each person is to a line, whatever its kind; nobody else is anything.
ROLES = {
    "handler": {H}, "acting": {H}, "raiser": {R}, "desk": {D}, "chief": {C}, "contact": {E},
}  # fmt: skip
# Who strikes it off, by the kind's rule: never the handler, nor who acts for him.
APPROVERS = {
    CloseRule.CHIEF: {"chief"},
    CloseRule.SECOND_OFFICER: {"chief", "another_officer", "auxiliary", "deputy", "raiser"},
    CloseRule.CONTACT: {"chief", "desk", "contact"},
}
# A sensitive line exists for these only.
INSIDERS = {"handler", "acting", "raiser", "chief"}
# One kind for each rule, and the sensitive one.
KINDS = ("hazard", "other", "service", "case_lead")


def test_the_table_is_what_was_agreed():
    assert {
        move.name: (set(move.sources), move.target, set(move.roles)) for move in MOVES.values()
    } == AGREED
    assert set(VERBS) == set(MOVES)
    assert set(make.ISSUE_IN) == set(STAGES) == set(ANY)


def values_for(name, issue):
    """Something valid for every field the move asks for."""
    by_kind = {
        "date": timezone.localdate() + timedelta(days=3),
        "money": "100",
        "flag": False,
        "text": "说明",
    }
    return {
        field.name: make.OfficerFactory(unit=issue.unit).pk
        if field.kind == "officer"
        else by_kind[field.kind]
        for field in MOVES[name].fields
    }


def expected_roles(who, issue):
    if issue.sensitive and who not in INSIDERS:
        return set()
    roles = set(ROLES.get(who, ()))
    return roles | {A} if who in APPROVERS[issue.close_rule] else roles


def attempt(issue, name, by):
    """The code of the refusal, or the line as it would be afterwards; nothing stays."""
    try:
        with transaction.atomic():
            files = make.proofs_for(issue, by) if MOVES[name].proofs else []
            values = values_for(name, issue)
            after = make_move(issue, name, by=by, version=issue.version, values=values, files=files)
            after.refresh_from_db()
            events = issue.events.filter(move=name, actor=by, to_stage=after.stage).count()
            transaction.set_rollback(True)
            return after, events
    except Refused as refused:
        return refused, 0


@pytest.mark.parametrize(("kind", "stage"), list(itertools.product(KINDS, Stage)))
@pytest.mark.django_db
def test_a_move_is_possible_exactly_where_the_table_says(kind, stage):
    unit = make.StationFactory()
    raiser = make.OfficerFactory(unit=unit)
    issue = make.ISSUE_IN[stage](kind=kind, by=raiser, enterprise__unit=unit)
    before = Issue.objects.filter(pk=issue.pk).values().get()
    for who, person in cast_of(issue).items():
        roles = expected_roles(who, issue)
        assert roles_of(person, issue) == roles, who
        possible = [move.name for move in available_moves(person, issue)]
        for name, move in MOVES.items():
            cell = f"{who}: {name}"
            after, events = attempt(issue, name, person)
            if stage not in move.sources:
                assert isinstance(after, Conflict), cell
                assert after.code == "wrong_stage", cell
                assert name not in possible, cell
            elif not move.roles & roles:
                assert isinstance(after, Refused), cell
                assert after.code == "not_allowed", cell
                assert name not in possible, cell
            else:
                assert isinstance(after, Issue), f"{cell}: {after!r}"
                assert after.stage == (move.target or stage), cell
                assert after.version == issue.version + (1 if move.claims else 0), cell
                assert events >= 1, cell
                assert name in possible, cell
    assert Issue.objects.filter(pk=issue.pk).values().get() == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.django_db
def test_a_line_exists_for_exactly_those_who_may_read_it(kind):
    unit = make.StationFactory()
    issue = make.ProposedIssueFactory(
        kind=kind, by=make.OfficerFactory(unit=unit), enterprise__unit=unit
    )
    for who, person in cast_of(issue).items():
        sees = Issue.objects.visible_to(person).filter(pk=issue.pk).exists()
        roles = roles_of(person, issue)
        outside = who.startswith(("stranger", "squad", "former", "of_no"))
        if who == "bureau":
            assert sees
            assert not roles, "a bureau reads"
        else:
            assert sees == (not outside and (not issue.sensitive or who in INSIDERS)), who
            assert sees or not roles, who
