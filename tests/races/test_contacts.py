"""Two with the same invitation, one who leaves while they accept, and orders answered at once."""

import pytest

from documents.actions import issue_order, look_at
from documents.models import Answer
from enterprises.actions import contact_left, make_account
from enterprises.models import Contact, Invitation
from liaison.accounts.models import User
from liaison.core.refused import Conflict
from tests import factories as make
from tests.races.threads import all_at_once, losers, winners

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
MANY = 8
GOOD = "Kein-Wort-7x"


def test_one_account_comes_of_one_invitation():
    invitation = make.InvitationFactory()
    invitation = Invitation.objects.select_related("contact__enterprise__unit", "by").get()
    results = all_at_once(
        [lambda n=n: make_account(invitation, name=f"甲{n}", password=GOOD) for n in range(MANY)]
    )
    [won] = winners(results)
    assert all(isinstance(one, Conflict) for one in losers(results))
    assert User.objects.get(kind="contact") == won == Contact.objects.get().user


def test_who_leaves_while_accepting_has_no_account_that_opens_anything():
    make.InvitationFactory()
    invitation = Invitation.objects.select_related("contact__enterprise__unit", "by").get()
    desk = make.DeskFactory(unit=invitation.contact.enterprise.unit)
    all_at_once(
        [
            lambda: make_account(invitation, name="甲", password=GOOD),
            lambda: contact_left(invitation.contact, by=desk),
        ]
    )
    contact = Contact.objects.get()
    user = User.objects.filter(kind="contact").first()
    if contact.left_on is None:
        # The leaving was refused: whoever said so sees that there is an account now.
        assert contact.user == user
        assert user.is_active
    else:
        assert user is None or not user.is_active
        assert not Invitation.objects.all().open().exists()


def test_one_of_many_answers_and_one_of_many_looks():
    order = make.OrderFactory(items=("一",))
    item = order.items.get()
    users = [make.ContactUserFactory(enterprise=order.enterprise) for _ in range(MANY)]
    results = all_at_once([lambda user=user: make.answered(item, user) for user in users])
    assert len(winners(results)) == 1
    assert all(isinstance(one, Conflict) for one in losers(results))
    chief = order.first_officer
    results = all_at_once([lambda: look_at(item, by=chief, accepted=True) for _ in range(MANY)])
    assert len(winners(results)) == 1
    assert Answer.objects.get().outcome == "accepted"


def test_two_who_accept_the_last_two_items_end_the_order():
    order = make.OrderFactory()
    for item in order.items.all():
        make.answered(item)
    all_at_once(
        [
            lambda item=item: look_at(item, by=order.first_officer, accepted=True)
            for item in order.items.select_related("order")
        ]
    )
    order.refresh_from_db()
    assert order.completed_at is not None


def test_numbers_are_given_once():
    unit = make.StationFactory()
    chief = make.ChiefFactory(unit=unit)
    lines = [make.AcceptedIssueFactory(enterprise__unit=unit, kind="hazard") for _ in range(MANY)]
    second = make.OfficerFactory(unit=unit)
    results = all_at_once(
        [
            lambda line=line: issue_order(
                line, make.ordered_for(line, chief, second=second), by=chief
            )
            for line in lines
        ]
    )
    assert sorted(one.serial for one in results) == list(range(1, MANY + 1))
