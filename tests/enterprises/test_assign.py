"""One responsible officer for each enterprise, and who may say so."""

import pytest
from django.db import IntegrityError, transaction

from enterprises.actions import assign, change_stage, end_deputy, set_deputy
from enterprises.models import Assignment, Enterprise
from liaison.accounts.models import Kind, User
from liaison.audit.models import Entry
from liaison.core.refused import Conflict, Refused
from tests import factories as make

pytestmark = pytest.mark.django_db
ROLES = {Assignment.Role.RESPONSIBLE: assign, Assignment.Role.DEPUTY: set_deputy}


@pytest.fixture
def enterprise():
    return make.EnterpriseFactory()


@pytest.fixture
def desk(enterprise):
    return make.someone(Kind.DESK, enterprise.unit)


@pytest.fixture
def officer(enterprise):
    return make.OfficerFactory(unit=enterprise.unit)


def code_of(verb, *args, **kwargs):
    with pytest.raises(Refused) as refused:
        verb(*args, **kwargs)
    return refused.value.code


@pytest.mark.parametrize("verb", ROLES.values())
@pytest.mark.parametrize("kind", Kind)
def test_officers_and_chiefs_answer_nobody_else(verb, kind, enterprise, desk):
    person = make.UserFactory(kind=kind, unit=enterprise.unit)
    if kind in (Kind.POLICE_OFFICER, Kind.AUXILIARY_OFFICER, Kind.CHIEF):
        assert verb(enterprise, person, by=desk).officer == person
    else:
        assert code_of(verb, enterprise, person, by=desk) == "wrong_officer"


@pytest.mark.parametrize("verb", ROLES.values())
@pytest.mark.parametrize("kind", Kind)
@pytest.mark.parametrize("here", [True, False])
def test_desk_and_chiefs_of_the_station_decide(verb, kind, here, enterprise, officer):
    by = make.UserFactory(kind=kind, unit=enterprise.unit if here else make.StationFactory())
    if here and kind in (Kind.DESK, Kind.CHIEF):
        verb(enterprise, officer, by=by)
    else:
        assert code_of(verb, enterprise, officer, by=by) == "not_yours"
        assert not enterprise.assignments.exists()


@pytest.mark.parametrize("verb", ROLES.values())
def test_an_officer_of_another_station_or_one_who_left_does_not(verb, enterprise, desk):
    for person in (
        make.OfficerFactory(),
        make.OfficerFactory(unit=enterprise.unit, is_active=False),
    ):
        assert code_of(verb, enterprise, person, by=desk) == "wrong_officer"


@pytest.mark.parametrize("verb", ROLES.values())
def test_nobody_is_replaced_unseen(verb, enterprise, desk, officer):
    second, third = (make.OfficerFactory(unit=enterprise.unit) for _ in range(2))
    verb(enterprise, officer, by=desk)
    for believed in (None, second):
        with pytest.raises(Conflict) as conflict:
            verb(enterprise, third, by=desk, replaces=believed)
        assert conflict.value.details == {"officer": officer.pk}
        assert str(officer) in str(conflict.value)
    verb(enterprise, third, by=desk, replaces=officer, reason="轮岗")
    history = list(enterprise.assignments.order_by("pk").values_list("officer", "reason"))
    assert history == [(officer.pk, ""), (third.pk, "轮岗")]
    assert enterprise.assignments.open().get().officer == third
    assert code_of(verb, enterprise, third, by=desk, replaces=third) == "same_officer"


@pytest.mark.parametrize("role", ROLES)
def test_the_database_keeps_one_open_row(role, enterprise, officer):
    rows = {"enterprise": enterprise, "officer": officer, "role": role}
    Assignment.objects.create(**rows)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(**rows)


@pytest.mark.parametrize("verb", ROLES.values())
def test_a_long_reason_is_refused_before_the_database_does(verb, enterprise, desk, officer):
    assert code_of(verb, enterprise, officer, by=desk, reason="长" * 201) == "too_long"
    verb(enterprise, officer, by=desk, reason="长" * 200)


def test_it_is_in_the_record(enterprise, desk, officer):
    assign(enterprise, officer, by=desk)
    entry = Entry.objects.get(action="enterprise.assigned")
    assert (entry.actor, entry.subject_id) == (desk, str(enterprise.pk))
    assert entry.changes == {"officer": [None, officer.pk]}


# --- deputies ---------------------------------------------------------------------------------


def test_nobody_deputises_for_himself(enterprise, desk, officer):
    deputy = make.OfficerFactory(unit=enterprise.unit)
    assign(enterprise, officer, by=desk)
    assert code_of(set_deputy, enterprise, officer, by=desk) == "same_officer"
    set_deputy(enterprise, deputy, by=desk)
    assign(enterprise, deputy, by=desk, replaces=officer)
    assert not enterprise.assignments.open().deputies().exists()
    assert make.handler_of(enterprise) == deputy


def test_a_deputy_ends(enterprise, desk, officer):
    set_deputy(enterprise, officer, by=desk)
    end_deputy(enterprise, by=desk)
    assert not enterprise.assignments.open().exists()
    assert enterprise.assignments.get().ended_at is not None


# --- no enterprise without an officer ---------------------------------------------------------


def test_closing_down_ends_both_places_and_coming_back_asks_for_an_officer(
    enterprise, desk, officer
):
    assign(enterprise, officer, by=desk)
    set_deputy(enterprise, make.OfficerFactory(unit=enterprise.unit), by=desk)
    closed = change_stage(enterprise, "closed", by=desk, version=1, reason="注销")
    assert not enterprise.assignments.open().exists()
    assert not Enterprise.objects.all().unassigned().exists()
    for verb in ROLES.values():
        # The picture from before it was closed does not help.
        assert code_of(verb, enterprise, officer, by=desk) == "closed"
    change_stage(closed, "operating", by=desk, version=closed.version)
    assert Enterprise.objects.all().unassigned().get() == enterprise


@pytest.mark.parametrize(
    "changed", [{"is_active": False}, {"kind": Kind.DESK}, {"unit": None}], ids=str
)
def test_an_officer_who_no_longer_answers_leaves_it_without_one(changed):
    desk = make.DeskFactory()
    enterprise = make.AssignedEnterpriseFactory(unit=desk.unit)
    gone = make.handler_of(enterprise)
    assert not Enterprise.objects.all().unassigned().exists()
    User.objects.filter(pk=gone.pk).update(**changed)
    assert Enterprise.objects.all().unassigned().get() == enterprise
    # Whoever is proposed a new one sees nobody there, and need not name the one who left.
    officer = make.OfficerFactory(unit=desk.unit)
    assign(enterprise, officer, by=desk)
    assert not Enterprise.objects.all().unassigned().exists()
    assert make.handler_of(enterprise) == officer
    assert Entry.objects.filter(action="enterprise.assigned").last().changes == {
        "officer": [gone.pk, officer.pk]
    }


def test_an_officer_who_moved_to_another_station_leaves_it_without_one():
    enterprise = make.AssignedEnterpriseFactory()
    User.objects.filter(pk=make.handler_of(enterprise).pk).update(unit=make.StationFactory())
    assert Enterprise.objects.all().unassigned().get() == enterprise
