"""An invitation that goes to the telephone: out of the outbox, by the unit's channel."""

import pytest
import requests
from django.test import Client

from enterprises.actions import (
    add_contact,
    invitation_of,
    invite,
    revoke_invitation,
)
from enterprises.models import Invitation
from liaison.core.refused import Refused
from liaison.notices.models import TextMessage
from liaison.notices.texting import send_texts
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def enterprise():
    return make.AssignedEnterpriseFactory()


@pytest.fixture
def contact(enterprise):
    return make.ContactFactory(enterprise=enterprise)


@pytest.fixture
def gateway(settings, enterprise, monkeypatch):
    """What the unit's gateway for text messages is given, as (number, words)."""
    settings.SITE_URL = "https://liaison.example/"
    url = "jsons://gateway.example/send?:to={phone}"
    make.UnitChannelFactory(unit=enterprise.unit, channel="sms", url=url)
    sent = []

    def post(url, data=None, **_more):
        answer = requests.Response()
        answer.status_code = 200
        sent.append((url, data))
        return answer

    monkeypatch.setattr("requests.post", post)
    monkeypatch.setattr("requests.request", lambda _method, url, **more: post(url, **more))
    return sent


def test_a_text_message_goes_out_of_the_outbox(enterprise, contact, gateway):
    invitation, token = invite(contact, by=make.handler_of(enterprise), by_text=True)
    row = TextMessage.objects.get()
    assert gateway == []
    assert token not in row.text + row.seed
    assert send_texts() == {"sent": 1}
    row.refresh_from_db()
    assert (row.state, row.seed, row.phone) == ("sent", "", contact.phone)
    [(_url, data)] = gateway
    assert token in str(data)
    assert contact.phone in str(data)
    assert send_texts() == {}
    assert invitation_of(token) == invitation


def test_a_revoked_invitation_is_not_sent(enterprise, contact, gateway):
    invite(contact, by=make.handler_of(enterprise), by_text=True)
    revoke_invitation(contact, by=make.handler_of(enterprise))
    assert send_texts() == {}
    assert TextMessage.objects.get().state == "dropped"


def test_without_a_channel_the_code_is_shown(enterprise, contact):
    with pytest.raises(Refused, match="短信通道"):
        invite(contact, by=make.handler_of(enterprise), by_text=True)
    assert not Invitation.objects.exists()
    client = Client()
    client.force_login(make.handler_of(enterprise))
    page = client.post(f"/enterprises/contacts/{contact.pk}/invite/")
    assert "/i/" in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_an_officer_enters_contacts_of_his_own_only(enterprise):
    add_contact(enterprise, {"name": "示例"}, by=make.handler_of(enterprise))
    client = Client()
    client.force_login(make.OfficerFactory(unit=enterprise.unit))
    assert client.get(f"/enterprises/{enterprise.pk}/contacts/new/").status_code == 404


def test_what_became_of_the_text_message_is_shown_to_whoever_sent_it(enterprise, contact, gateway):
    officer = make.handler_of(enterprise)
    client = Client()
    client.force_login(officer)
    page = f"/enterprises/{enterprise.pk}/"
    invite(contact, by=officer)
    assert "短信" not in client.get(page).content.decode().partition("邀请有效期至")[2][:200]
    invite(contact, by=officer, by_text=True)
    assert "待发送" in client.get(page).content.decode()
    send_texts()
    assert "短信：已发送" in client.get(page).content.decode().replace(": ", "：")
    TextMessage.objects.update(state="failed", sent_at=None)
    assert "请改用二维码" in client.get(page).content.decode()
