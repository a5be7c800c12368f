"""An officer invites, a contact makes one account of it; whoever leaves has nothing any more."""

import logging
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from rest_framework.authtoken.models import Token

from enterprises.actions import (
    contact_left,
    cover,
    edit_contact,
    invitation_of,
    invite,
    join_account,
    make_account,
    put_in_charge,
    revoke_invitation,
)
from enterprises.models import Contact, Invitation
from liaison.accounts.models import SignInFailure, User
from liaison.audit.models import Entry
from liaison.core.log_secrets import HideSecrets
from liaison.core.refused import Conflict, Refused
from liaison.core.secret_links import hashed
from liaison.notices.models import Notice, TextMessage
from tests import factories as make

pytestmark = pytest.mark.django_db
GOOD = "Kein-Wort-7x"


@pytest.fixture
def enterprise():
    return make.AssignedEnterpriseFactory()


@pytest.fixture
def contact(enterprise):
    return make.ContactFactory(enterprise=enterprise)


def accept(client, token, **more):
    told = {"name": "示例联系人", "password": GOOD, "again": GOOD, **more}
    return client.post(f"/i/{token}/", told)


def test_an_invited_person_signs_in_by_phone(enterprise, contact):
    officer = make.handler_of(enterprise)
    invitation, token = invite(contact, by=officer)
    page = Client().get(f"/i/{token}/")
    assert enterprise.name in page.content.decode()
    assert str(officer) in page.content.decode()
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    answer = accept(Client(), token)
    assert (answer.status_code, answer.url) == (302, "/")
    contact.refresh_from_db()
    user = contact.user
    assert (user.kind, user.phone, user.unit) == ("contact", contact.phone, enterprise.unit)
    assert contact.in_charge
    client = Client()
    assert client.login(username=contact.phone, password=GOOD)
    assert client.get("/portal/").status_code == 200
    invitation.refresh_from_db()
    assert invitation.state() == Invitation.State.USED
    assert Notice.objects.filter(recipient=officer, kind="enterprise.contact_joined").exists()


def test_the_token_is_kept_nowhere(contact):
    token = make.InvitationFactory(contact=contact).token
    row = Invitation.objects.get()
    assert row.token_hash == hashed(token)
    for model in (Invitation, TextMessage, Entry, Notice):
        assert all(token not in str(one) for one in model.objects.values_list())
    record = logging.LogRecord("x", 20, "", 0, f"Not Found: /i/{token}/", (), None)
    HideSecrets().filter(record)
    assert token not in record.getMessage()


def test_wrong_expired_used_and_revoked_are_one_page(enterprise, contact):
    pages = [Client().get("/i/nonsense/")]
    with time_machine.travel(timezone.now() - timedelta(hours=72, minutes=1)):
        expired = make.InvitationFactory(contact=contact).token
    pages.append(Client().get(f"/i/{expired}/"))
    replaced = make.InvitationFactory(contact=contact).token
    again = make.InvitationFactory(contact=contact).token
    pages.append(Client().get(f"/i/{replaced}/"))
    revoke_invitation(contact, by=make.handler_of(enterprise))
    pages.append(Client().get(f"/i/{again}/"))
    used = make.InvitationFactory(contact=contact).token
    accept(Client(), used)
    pages += [Client().get(f"/i/{used}/"), accept(Client(), used)]
    assert {page.status_code for page in pages} == {404}
    assert len({page.content for page in pages}) == 1
    assert User.objects.filter(kind="contact").count() == 1


def test_who_tries_links_is_held_up(settings, contact):
    token = make.InvitationFactory(contact=contact).token
    SignInFailure.objects.bulk_create(
        SignInFailure(account="(link)", address="127.0.0.1")
        for _ in range(settings.SIGN_IN_FAILURES * 20)
    )
    assert Client().get(f"/i/{token}/").status_code == 429
    SignInFailure.objects.all().delete()
    assert Client().get("/i/wrong/").status_code == 404
    assert SignInFailure.objects.get().account == "(link)"


@pytest.mark.parametrize("password", ["12345678", "short7A", "aaaaaaaaaa"])
def test_the_password_follows_the_rules(contact, password):
    token = make.InvitationFactory(contact=contact).token
    answer = accept(Client(), token, password=password, again=password, name="示例改名")
    assert answer.status_code == 422
    assert "示例改名" in answer.content.decode()
    assert not User.objects.filter(kind="contact").exists()
    assert accept(Client(), token, again="other").status_code == 422


def test_an_account_elsewhere_is_linked_after_its_password(enterprise):
    there = make.ContactUserFactory()
    here = make.ContactFactory(enterprise=enterprise, phone=there.phone)
    token = make.InvitationFactory(contact=here).token
    client = Client()
    wrong = client.post(f"/i/{token}/", {"password": "wrong"})
    assert wrong.status_code == 422
    client.post(f"/i/{token}/", {"password": make.PASSWORD})
    here.refresh_from_db()
    assert here.user == there
    assert User.objects.filter(kind="contact").count() == 1
    assert there.contact_for.filter(left_on__isnull=True).count() == 2
    with pytest.raises(Refused):
        join_account(make.InvitationFactory(contact__enterprise=enterprise), by=there)


def test_an_account_of_the_police_is_never_taken_over(enterprise):
    officer = make.OfficerFactory()
    contact = make.ContactFactory(enterprise=enterprise)
    invitation, token = invite(contact, by=make.handler_of(enterprise))
    User.objects.filter(pk=officer.pk).update(phone=invitation.phone)
    before = officer.password
    assert accept(Client(), token).status_code == 422
    officer.refresh_from_db()
    assert officer.password == before
    assert not officer.contact_for.exists()
    with pytest.raises(Refused, match="公安人员"):
        invite(contact, by=make.handler_of(enterprise))


def test_who_may_invite(enterprise, contact):
    unit = enterprise.unit
    officer = make.handler_of(enterprise)
    acting = make.OfficerFactory(unit=unit)
    day = timezone.localdate()
    cover(officer, acting, starts_on=day, ends_on=day, by=make.DeskFactory(unit=unit))
    may = [officer, acting, make.ChiefFactory(unit=unit), make.DeskFactory(unit=unit)]
    for person in may:
        invite(contact, by=person)
    in_charge = make.ContactUserFactory(enterprise=enterprise)
    plain = make.ContactUserFactory(enterprise=enterprise)
    place = Contact.objects.get(user=in_charge)
    put_in_charge(place, by=officer)
    invite(contact, by=in_charge)
    stranger = make.ContactUserFactory()
    put_in_charge(stranger.contact_for.get(), by=make.someone("desk", stranger.unit))
    for person in (make.OfficerFactory(unit=unit), make.DeskFactory(), plain, stranger):
        for verb in (invite, contact_left, put_in_charge, revoke_invitation):
            with pytest.raises(Refused):
                verb(contact, by=person)
    assert Invitation.objects.all().open().count() == 1


def test_without_a_mobile_number_nobody_is_invited(enterprise):
    contact = make.ContactFactory(enterprise=enterprise, phone="0532-88406110")
    with pytest.raises(Refused, match="手机号"):
        invite(contact, by=make.handler_of(enterprise))


def test_another_number_ends_the_invitation(enterprise, contact):
    token = make.InvitationFactory(contact=contact).token
    values = {"name": contact.name, "phone": "13912345678"}
    edit_contact(contact, values, by=make.handler_of(enterprise))
    assert invitation_of(token) is None


def test_who_left_gets_nothing_with_the_old_session(enterprise):
    user = make.ContactUserFactory(enterprise=enterprise)
    contact, phone = user.contact_for.get(), user.phone
    put_in_charge(contact, by=make.handler_of(enterprise))
    line = make.RaisedIssueFactory(enterprise=enterprise, by=user)
    document = make.DocumentFactory(enterprise=enterprise)
    token = Token.objects.create(user=user)
    client, api = Client(), Client(headers={"Authorization": f"Token {token.key}"})
    client.force_login(user)
    addresses = (
        "/portal/", "/portal/contacts/", "/portal/documents/", f"/portal/documents/{document.pk}/",
        f"/api/v1/issues/{line.number}/",
    )  # fmt: skip
    assert client.get(addresses[3]).status_code == 200
    contact_left(contact, by=make.someone("desk", enterprise.unit))
    for address in addresses:
        for asks in (client, api):
            answer = asks.get(address)
            assert answer.status_code in {302, 401, 403}
            assert enterprise.name.encode() not in answer.content
    user.refresh_from_db()
    assert not user.is_active
    assert user.phone is None
    assert not Token.objects.filter(user=user).exists()
    assert not Client().login(username=phone, password=make.PASSWORD)
    line.refresh_from_db()
    assert line.raised_by == user
    kinds = Notice.objects.filter(recipient=make.handler_of(enterprise)).values_list("kind")
    assert ("enterprise.nobody_in_charge",) in kinds
    # The number has a new owner one day.
    again = make.ContactFactory(enterprise=enterprise, phone=phone)
    assert accept(Client(), make.InvitationFactory(contact=again).token).status_code == 302


def test_who_left_one_enterprise_keeps_the_other(enterprise):
    user = make.ContactUserFactory(enterprise=enterprise)
    other = make.AssignedEnterpriseFactory()
    make.ContactFactory(enterprise=other, user=user)
    client = Client()
    client.force_login(user)
    contact_left(user.contact_for.get(enterprise=enterprise), by=make.handler_of(enterprise))
    page = client.get("/portal/").content.decode()
    assert other.name in page
    assert enterprise.name not in page
    with pytest.raises(Conflict):
        contact_left(user.contact_for.get(enterprise=enterprise), by=make.handler_of(enterprise))


def test_the_one_in_charge_adds_invites_and_sends_away(enterprise):
    user = make.ContactUserFactory(enterprise=enterprise)
    put_in_charge(user.contact_for.get(), by=make.handler_of(enterprise))
    client = Client()
    client.force_login(user)
    told = {"name": "示例同事", "position": "门卫", "phone": "13900001234"}
    client.post(f"/portal/enterprises/{enterprise.pk}/contacts/new/", told)
    colleague = Contact.objects.get(name="示例同事")
    page = client.post(f"/portal/contacts/{colleague.pk}/invite/").content.decode()
    assert "/i/" in page
    assert "<svg" in page
    client.post(f"/portal/contacts/{colleague.pk}/left/")
    colleague.refresh_from_db()
    assert colleague.left_on
    assert not colleague.invitations.all().open().exists()
    # A colleague who is not in charge has no such address.
    other = Client()
    other.force_login(make.ContactUserFactory(enterprise=enterprise))
    for deed in ("invite", "revoke", "left", "in-charge"):
        assert (
            other.post(f"/portal/contacts/{user.contact_for.get().pk}/{deed}/").status_code == 404
        )
    assert other.get(f"/portal/enterprises/{enterprise.pk}/contacts/new/").status_code == 404


def test_there_is_one_in_charge(enterprise):
    first = make.ContactUserFactory(enterprise=enterprise).contact_for.get()
    second = make.ContactUserFactory(enterprise=enterprise).contact_for.get()
    officer = make.handler_of(enterprise)
    put_in_charge(first, by=officer)
    put_in_charge(second, by=officer)
    assert Contact.objects.get(in_charge=True) == second
    with pytest.raises(Refused):
        put_in_charge(make.ContactFactory(enterprise=enterprise), by=officer)


def test_the_dossier_says_how_each_stands(enterprise, contact):
    officer = make.handler_of(enterprise)
    client = Client(headers={"Accept-Language": "en"})
    client.cookies["django_language"] = "en"
    client.force_login(officer)
    where = f"/enterprises/{enterprise.pk}/"
    assert "not invited" in client.get(where).content.decode()
    invite(contact, by=officer)
    assert "invited until" in client.get(where).content.decode()
    make_account(Invitation.objects.get(), name="甲", password=GOOD)
    assert "never signed in" in client.get(where).content.decode()
    contact_left(contact, by=officer)
    assert "left " in client.get(where).content.decode()
