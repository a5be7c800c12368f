"""Everything of one officer goes to another: all of it, or nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.actions import assign, hand_over, set_deputy
from enterprises.forms import HandOverForm
from enterprises.models import Assignment, Cadence, Enterprise
from issues.models import Issue
from liaison.accounts.models import User
from liaison.core.refused import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def unit():
    return make.StationFactory()


@pytest.fixture
def desk(unit):
    return make.DeskFactory(unit=unit)


@pytest.fixture
def outgoing(unit, desk):
    """Answers for three, deputises for two, handles lines, and has a visit that is due."""
    officer, other = (make.OfficerFactory(unit=unit) for _ in range(2))
    for _ in range(3):
        enterprise = make.AssignedEnterpriseFactory(unit=unit, officer=officer)
        make.RaisedIssueFactory(enterprise=enterprise)
    for _ in range(2):
        lent = make.AssignedEnterpriseFactory(unit=unit, officer=other)
        set_deputy(lent, officer, by=desk)
    Cadence.objects.update(next_visit_due_on=timezone.localdate() - timedelta(days=2))
    return officer


def places_of(officer):
    rows = Assignment.objects.all().open().filter(officer=officer)
    return sorted(rows.values_list("enterprise_id", "role"))


def test_places_lines_and_due_visits_go_together(unit, desk, outgoing):
    incoming = make.OfficerFactory(unit=unit)
    before = places_of(outgoing)
    due = Enterprise.objects.all().contact_overdue(timezone.localdate())
    assert due.mine(outgoing).count() == 3
    made = hand_over(outgoing, incoming, by=desk, reason="调离")
    assert len(made) == 3
    assert places_of(incoming) == before
    assert places_of(outgoing) == []
    assert not Issue.objects.filter(handler=outgoing).open().exists()
    assert Issue.objects.filter(handler=incoming).open().count() == 3
    assert due.mine(incoming).count() == 3
    assert {one.reason for one in made} == {"调离"}


def test_the_one_who_takes_over_does_not_deputise_for_himself(unit, desk, outgoing):
    incoming = make.OfficerFactory(unit=unit)
    lent = Enterprise.objects.filter(
        assignments__in=Assignment.objects.all().open().deputies().filter(officer=outgoing)
    ).first()
    assign(lent, incoming, by=desk, replaces=make.handler_of(lent))
    own = Enterprise.objects.all().answered_by([outgoing]).first()
    set_deputy(own, incoming, by=desk)
    hand_over(outgoing, incoming, by=desk, reason="调离")
    assert not lent.assignments.open().deputies().exists()
    assert not own.assignments.open().deputies().exists()
    assert make.handler_of(lent) == make.handler_of(own) == incoming


def test_an_officer_who_has_left_already_can_still_be_relieved(unit, desk, outgoing):
    incoming = make.OfficerFactory(unit=unit)
    User.objects.filter(pk=outgoing.pk).update(is_active=False, unit=make.StationFactory())
    outgoing.refresh_from_db()
    assert len(hand_over(outgoing, incoming, by=desk, reason="调离")) == 3
    assert not Enterprise.objects.all().unassigned().exists()


def test_the_form_offers_whoever_holds_something_and_nobody_else_who_has_left(unit, outgoing):
    serving, gone = (make.OfficerFactory(unit=unit) for _ in range(2))
    elsewhere = make.AssignedEnterpriseFactory().assignments.get().officer
    User.objects.filter(pk__in=(outgoing.pk, gone.pk)).update(is_active=False)
    offered = set(HandOverForm(unit=unit).fields["outgoing"].queryset)
    assert {serving, outgoing} <= offered
    assert offered.isdisjoint({gone, elsewhere})


def test_what_is_refused_changes_nothing(unit, desk, outgoing):
    incoming = make.OfficerFactory(unit=unit)
    before = places_of(outgoing)
    stranger = make.DeskFactory()
    for by, to, reason, code in (
        (desk, outgoing, "x", "same_officer"),
        (desk, incoming, "  ", "missing"),
        (desk, incoming, "长" * 201, "too_long"),
        (incoming, incoming, "x", "not_yours"),
        (stranger, incoming, "x", "not_yours"),
        (stranger, make.OfficerFactory(unit=stranger.unit), "x", "nothing"),
        (desk, make.OfficerFactory(), "x", "not_yours"),
        (desk, desk, "x", "wrong_officer"),
        (desk, make.OfficerFactory(unit=unit, is_active=False), "x", "wrong_officer"),
    ):
        with pytest.raises(Refused) as refused:
            hand_over(outgoing, to, by=by, reason=reason)
        assert refused.value.code == code
        assert places_of(outgoing) == before


def test_an_officer_with_nothing_has_nothing_to_hand_over(unit, desk):
    with pytest.raises(Refused) as refused:
        hand_over(
            make.OfficerFactory(unit=unit), make.OfficerFactory(unit=unit), by=desk, reason="x"
        )
    assert refused.value.code == "nothing"
