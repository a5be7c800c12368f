"""Every stage x move x person x kind, derived from the table that the product itself reads."""

import itertools
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from issues.actions import VERBS, make_move
from issues.models import Issue, SlaPolicy
from issues.roles import available_moves, known_of, roles_of
from issues.workflow import ENDED, MOVES, OPEN, STAGES, UNDER_WAY, CloseRule, Need, Role, Stage
from liaison.core.refused import Conflict, Refused
from tests import factories as make
from tests.cast import cast_of

H, D, C, R, E, A, V, X = (
    Role.HANDLER, Role.DESK, Role.CHIEF, Role.RAISER, Role.CONTACT, Role.APPROVER, Role.REVIEWER,
    Role.DECIDER,
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
    "return": ({"proposed"}, "working", {V}),
    "dispute": ({"proposed"}, "working", {E}),
    "close": ({"proposed"}, "closed", {A}),
    "reopen": ({"closed"}, "working", {E, C}),
    "ask_extension": ({"accepted", "working"}, None, {H}),
    "grant_extension": ({"accepted", "working", "waiting", "proposed"}, None, {X}),
    "refuse_extension": ({"accepted", "working", "waiting", "proposed"}, None, {X}),
    "transfer": (set(OPEN), None, {D, C}),
    "note": (set(ANY), None, {H, D, C, R, E}),
}
# How a line may stand besides its stage, and why moves do not fit it then.
UNFIT = {
    "as_usual": {"grant_extension": "not_asked", "refuse_extension": "not_asked"},
    "asked": {"ask_extension": "asked_already"},
    "asked_too_late": {"ask_extension": "asked_already", "grant_extension": "ran_out"},
    "late": {
        "ask_extension": "ran_out",
        "grant_extension": "not_asked",
        "refuse_extension": "not_asked",
    },
    "strict": {
        "wait": "no_pause",
        "ask_extension": "no_extension",
        "grant_extension": "not_asked",
        "refuse_extension": "not_asked",
    },
}
# What each person is to a line, whatever its kind; nobody else is anything.
ROLES = {
    "handler": {H}, "acting": {H}, "raiser": {R}, "desk": {D}, "chief": {C, X}, "contact": {E},
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
    assert {move.name: move.need for move in MOVES.values() if move.need} == {
        "wait": Need.PAUSABLE,
        "ask_extension": Need.EXTENDABLE,
        "grant_extension": Need.ASKED_IN_TIME,
        "refuse_extension": Need.ASKED,
    }
    assert set(make.ISSUE_IN) == set(STAGES) == set(ANY)


def expected_roles(who, issue):
    if issue.sensitive and who not in INSIDERS:
        return set()
    roles = set(ROLES.get(who, ()))
    if who not in APPROVERS[issue.close_rule]:
        return roles
    # A contact who does not agree disputes; to return a line is between colleagues.
    return roles | ({A} if who == "contact" else {A, V})


def attempt(issue, name, by):
    """The code of the refusal, or the line as it would be afterwards; nothing stays."""
    try:
        with transaction.atomic():
            files = make.proofs_for(issue, by) if MOVES[name].proofs else []
            values = make.values_for(name, issue)
            after = make_move(issue, name, by=by, version=issue.version, values=values, files=files)
            after = Issue.objects.get(pk=after.pk)
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
    walk_the_grid(issue, UNFIT["as_usual"])


@pytest.mark.parametrize(("situation", "stage"), list(itertools.product(UNFIT, Stage)))
@pytest.mark.django_db
def test_a_move_with_a_need_fits_only_lines_that_stand_so(situation, stage):
    unit = make.StationFactory()
    raiser = make.OfficerFactory(unit=unit)
    issue = make.ISSUE_IN[stage](kind="other", by=raiser, enterprise__unit=unit)
    if situation == "strict":
        SlaPolicy.objects.filter(pk=issue.policy_id).update(may_pause=False, extension_days=0)
    if situation.startswith("asked") and stage in UNDER_WAY:
        make.ExtensionFactory(issue=issue)
    if situation.endswith("late") and stage in UNDER_WAY:
        # Before the clock was stopped, too.
        passed = timezone.now() - timedelta(minutes=1)
        issue.pauses.update(starts_at=timezone.now())
        Issue.objects.filter(pk=issue.pk).update(resolve_due_at=passed, next_due_at=passed)
    issue.refresh_from_db()
    walk_the_grid(issue, UNFIT[situation])


@pytest.mark.django_db
def test_whoever_asked_does_not_decide_also_when_the_line_is_theirs_no_more():
    first, second = (make.ChiefFactory() for _ in range(2))
    type(second).objects.filter(pk=second.pk).update(unit=first.unit)
    second.refresh_from_db()
    issue = make.WorkingIssueFactory(kind="other", enterprise__officer=first,
                                     enterprise__unit=first.unit)  # fmt: skip
    issue = VERBS["ask_extension"](issue, by=first, version=issue.version, days=1, reason="等检测")
    other = make.OfficerFactory(unit=issue.unit)
    issue = VERBS["transfer"](issue, by=second, version=issue.version, handler=other, reason="调岗")
    decisions = {"grant_extension", "refuse_extension"}
    assert not decisions & {move.name for move in available_moves(first, issue)}
    assert attempt(issue, "grant_extension", first)[0].code == "own_request"
    assert not Issue.objects.all().awaiting_approval_by(first).exists()
    assert decisions <= {move.name for move in available_moves(second, issue)}
    assert Issue.objects.all().awaiting_approval_by(second).get() == issue


def walk_the_grid(issue, unfit):
    stage = issue.stage
    before = Issue.objects.filter(pk=issue.pk).values().get()
    for who, person in cast_of(issue).items():
        roles = expected_roles(who, issue)
        assert roles_of(person, issue) == roles, who
        possible = [move.name for move in available_moves(person, issue)]
        # Read ahead for many lines they are the same.
        [read] = Issue.objects.all().for_moves(person).filter(pk=issue.pk)
        known = known_of([read])
        assert roles_of(person, read, known) == roles, who
        assert [move.name for move in available_moves(person, read, known)] == possible, who
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
            elif name in unfit:
                assert isinstance(after, Refused), cell
                assert after.code == unfit[name], cell
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
