"""What a phone finds that scans the card at a gate."""

import pytest
from django.test import Client

from enterprises.actions import renew_gate_code
from enterprises.models import Enterprise
from liaison.accounts.models import STATION_STAFF, Kind
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise():
    return make.AssignedEnterpriseFactory(name="示例铝业有限公司")


@pytest.fixture
def address(enterprise):
    return f"/g/{make.gate_code_of(enterprise).code}/"


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("kind", STATION_STAFF)
def test_the_stations_own_people_come_to_the_phones_form_of_a_visit_there(
    kind, enterprise, address
):
    client = client_of(make.UserFactory(kind=kind, unit=enterprise.unit))
    answer = client.get(address, follow=True)
    assert answer.redirect_chain == [(f"/m/visits/new/?enterprise={enterprise.pk}", 302)]
    assert answer.status_code == 200
    assert enterprise.pk in [one["id"] for one in client.get("/mobile/data/").json()["enterprises"]]


def test_who_is_not_signed_in_does_so_first_and_then_comes_there(enterprise, address):
    client = Client()
    page = client.get(address)
    assert page.status_code == 200
    assert f"/accounts/sign-in/?next={address}" in page.content.decode()
    officer = make.handler_of(enterprise)
    given = {"username": officer.username, "password": make.PASSWORD, "next": address}
    answer = client.post("/accounts/sign-in/", given, follow=True)
    assert [url for url, _status in answer.redirect_chain] == [
        address,
        f"/m/visits/new/?enterprise={enterprise.pk}",
    ]


def strangers(enterprise):
    yield Client()
    yield client_of(make.OfficerFactory())
    yield client_of(make.BureauUserFactory(unit=enterprise.unit.parent))
    yield client_of(make.ContactUserFactory(enterprise=enterprise))
    yield client_of(make.SquadUserFactory(unit=make.SquadFactory(parent=enterprise.unit)))


def test_anybody_else_reads_whose_card_it_is_and_nothing_of_the_enterprise(enterprise, address):
    make.RaisedIssueFactory(enterprise=enterprise, title="铝锭失窃")
    for client in strangers(enterprise):
        answer = client.get(address)
        page = answer.content.decode()
        assert answer.status_code == 200
        assert enterprise.unit.name in page
        for told in (enterprise.name, make.handler_of(enterprise).name, "铝锭", enterprise.address):
            assert told not in page
        assert f"enterprise={enterprise.pk}" not in page


def test_who_is_signed_in_already_is_not_asked_to(enterprise, address):
    page = client_of(make.OfficerFactory()).get(address).content.decode()
    assert "sign-in" not in page


def test_a_card_that_was_replaced_says_so_to_everybody(enterprise, address):
    code = enterprise.gate_codes.get()
    desk = make.someone(Kind.DESK, enterprise.unit)
    renewed = renew_gate_code(enterprise, by=desk, reason="丢失", replaces=code)
    for client in (*strangers(enterprise), client_of(desk)):
        answer = client.get(address)
        assert answer.status_code == 410
        assert enterprise.unit.name not in answer.content.decode()
    assert client_of(desk).get(f"/g/{renewed.code}/").status_code == 302


def test_so_does_the_card_of_what_is_closed_down(enterprise, address):
    Enterprise.objects.filter(pk=enterprise.pk).update(stage="closed")
    assert client_of(make.handler_of(enterprise)).get(address).status_code == 410


def test_a_code_that_never_was_is_not_there(enterprise):
    for client in (Client(), client_of(make.handler_of(enterprise))):
        assert client.get("/g/AAAAAAAAAAAAAAAA/").status_code == 404
        assert client.get(f"/g/{enterprise.pk}/").status_code == 404


def test_it_is_only_looked_at(address):
    assert Client().post(address).status_code == 405
