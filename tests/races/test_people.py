"""People sent away, named and let in, many threads at once."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from enterprises.actions import (
    add_contact,
    assign,
    assign_many,
    cover,
    edit_contact,
    hand_over,
    set_deputy,
)
from issues.actions import VERBS
from liaison.accounts.api import WrongPassword
from liaison.accounts.models import Kind, SignInFailure, User
from liaison.accounts.people import close_account, edit_person
from liaison.core.refused import Conflict
from tests import factories as make
from tests.races.threads import all_at_once, losers, winners

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
MANY = 32


@pytest.mark.parametrize("time", range(3))
def test_two_first_contacts_are_not_both_the_first_to_call(time):
    enterprise = make.EnterpriseFactory()
    desk = make.someone(Kind.DESK, enterprise.unit)
    results = all_at_once(
        [
            lambda n=n: add_contact(enterprise, {"name": f"示例{n}", "phone": ""}, by=desk)
            for n in range(8)
        ]
    )
    assert len(winners(results)) == 8
    assert enterprise.contacts.filter(is_primary=True).count() == 1


@pytest.mark.parametrize("time", range(3))
def test_naming_another_first_to_call_leaves_one(time):
    enterprise = make.EnterpriseFactory()
    desk = make.someone(Kind.DESK, enterprise.unit)
    people = [add_contact(enterprise, {"name": f"示例{n}"}, by=desk) for n in range(6)]
    values = {"phone": "", "position": "", "is_primary": True}
    all_at_once(
        [lambda one=one: edit_contact(one, {"name": one.name, **values}, by=desk) for one in people]
    )
    assert enterprise.contacts.filter(is_primary=True).count() == 1


def given_an_enterprise(officer, desk):
    enterprise = make.EnterpriseFactory(unit=officer.unit)
    return lambda: assign(enterprise, officer, by=desk)


def given_a_line(officer, desk):
    issue = make.RaisedIssueFactory(enterprise__unit=officer.unit)
    return lambda: VERBS["transfer"](issue, by=desk, version=1, handler=officer, reason="代办")


def given_a_cover(officer, desk):
    today, away = timezone.localdate(), make.OfficerFactory(unit=officer.unit)
    return lambda: cover(away, officer, starts_on=today, ends_on=today, by=desk)


def given_all_of_another(officer, desk):
    place = make.AssignedEnterpriseFactory(unit=officer.unit)
    return lambda: hand_over(make.handler_of(place), officer, by=desk, reason="调离")


GIVEN = {
    "enterprise": given_an_enterprise,
    "line": given_a_line,
    "cover": given_a_cover,
    "all": given_all_of_another,
}


@pytest.mark.parametrize("time", range(4))
@pytest.mark.parametrize("what", GIVEN)
@pytest.mark.parametrize("leaves", ["closes", "moves"])
def test_nobody_leaves_while_being_given_something(leaves, what, time):
    officer = make.OfficerFactory()
    admin = make.DeskFactory(unit=officer.unit, admin_duty=User.AdminDuty.SYSTEM)
    give = GIVEN[what](officer, make.someone(Kind.DESK, officer.unit))
    away = {
        "closes": lambda: close_account(officer, by=admin),
        "moves": lambda: edit_person(officer, {"kind": Kind.DESK}, by=admin),
    }
    results = all_at_once([give, away[leaves]])
    assert len(winners(results)) == 1, "given to somebody who left, or neither happened"
    officer.refresh_from_db()
    fit = User.objects.all().may_answer_for_enterprises().filter(pk=officer.pk).exists()
    assert fit == (not isinstance(results[0], Exception))


def test_many_assigned_in_opposite_orders_take_turns():
    unit = make.StationFactory()
    desk = make.DeskFactory(unit=unit)
    officers = [make.OfficerFactory(unit=unit) for _ in range(2)]
    # In the order of names they would be written the other way round.
    mine = [make.EnterpriseFactory(unit=unit, name=f"示例{9 - n}厂") for n in range(8)]
    first, second = (
        {str(one.pk): (officers[(n + turn) % 2], "") for n, one in enumerate(mine)}
        for turn in range(2)
    )
    backwards = dict(reversed(second.items()))
    results = all_at_once(
        [lambda chosen=chosen: assign_many(chosen, by=desk) for chosen in (first, backwards) * 3]
    )
    assert winners(results) == [8]
    assert all(isinstance(one, Conflict) for one in losers(results))


@pytest.mark.parametrize("time", range(3))
def test_handing_over_and_assigning_many_take_turns(time):
    """Who leaves deputises at what comes first and answers for what comes last."""
    unit = make.StationFactory()
    desk = make.DeskFactory(unit=unit)
    outgoing, incoming, other = (make.OfficerFactory(unit=unit) for _ in range(3))
    deputised = [make.EnterpriseFactory(unit=unit) for _ in range(5)]
    answered = [make.AssignedEnterpriseFactory(unit=unit, officer=outgoing) for _ in range(5)]
    for enterprise in deputised:
        set_deputy(enterprise, outgoing, by=desk)
    mine = [(one, "") for one in deputised] + [(one, str(outgoing.pk)) for one in answered]
    results = all_at_once(
        [
            lambda: hand_over(outgoing, incoming, by=desk, reason="调离"),
            lambda: assign_many({str(one.pk): (other, was) for one, was in mine}, by=desk),
        ]
    )
    # Who looked before the other was done finds somebody else there than the one to be replaced;
    # handing over once all is assigned still moves the places of a deputy.
    assert winners(results)
    assert all(isinstance(one, Conflict) for one in losers(results))
    assigned = not isinstance(results[1], Exception)
    for enterprise in answered:
        assert make.handler_of(enterprise) == (other if assigned else incoming)


@pytest.mark.parametrize("face", ["page", "api"])
def test_guesses_sent_at_once_are_no_more_than_sent_one_by_one(face, settings):
    officer = make.OfficerFactory()
    path = {"page": reverse("sign_in"), "api": "/api/v1/auth/token"}[face]

    def guess(n):
        given = {"username": officer.username, "password": f"wrong {n}"}
        return Client().post(path, given).content.decode()

    answers = all_at_once([lambda n=n: guess(n) for n in range(MANY)])
    with translation.override(settings.LANGUAGE_CODE):
        looked_at = [one for one in answers if str(WrongPassword.default_detail) in one]
    assert len(answers) == MANY
    assert len(looked_at) <= settings.SIGN_IN_FAILURES
    assert SignInFailure.objects.count() == len(looked_at)
