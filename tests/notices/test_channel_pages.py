"""A unit's channels as its system administrator keeps them in the browser."""

import pytest
from django.test import Client

from liaison.accounts.models import User
from liaison.audit.models import Entry
from liaison.notices.models import UnitChannel
from tests import factories as make

pytestmark = pytest.mark.django_db


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def officer():
    return make.OfficerFactory()


@pytest.fixture
def admin(officer):
    return client_of(make.DeskFactory(unit=officer.unit, admin_duty=User.AdminDuty.SYSTEM))


SECRET = "wecombot://hunter22hunter22"


def test_the_address_a_robots_page_gives_is_taken(officer, admin):
    page = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key="
    given = {"unit": officer.unit.code, "channel": "wecom", "url": f"{page}{SECRET[11:]}"}
    assert admin.post("/notices/channels/add/", given).status_code == 302
    channel = UnitChannel.objects.get()
    assert channel.url == SECRET
    url = f"{page}another99another"
    assert admin.post(f"/notices/channels/{channel.pk}/edit/", {"url": url}).status_code == 302
    channel.refresh_from_db()
    assert channel.url == "wecombot://another99another"


def test_a_channel_is_added_tried_changed_and_turned_off(officer, admin, robots):
    given = {"unit": officer.unit.code, "channel": "wecom", "url": SECRET}
    assert admin.post("/notices/channels/add/", given).status_code == 302
    channel = UnitChannel.objects.get()
    assert (channel.unit, channel.url, channel.is_on) == (officer.unit, SECRET, True)
    tried = admin.post(f"/notices/channels/{channel.pk}/test/", follow=True).content.decode()
    assert 'class="alert success"' in tried
    assert len(robots.taken) == 1
    robots.answer = '{"errcode": 45009, "errmsg": "api freq out of limit"}'
    tried = admin.post(f"/notices/channels/{channel.pk}/test/", follow=True).content.decode()
    assert 'class="alert error"' in tried
    assert tried.count("45009") == 2, "as the answer, and in the list"
    admin.post(f"/notices/channels/{channel.pk}/edit/", {"url": "wecombot://another99another"})
    for _ in range(2):
        admin.post(f"/notices/channels/{channel.pk}/switch/", {"on": "0"})
    channel.refresh_from_db()
    assert (channel.url, channel.is_on) == ("wecombot://another99another", False)
    actions = ["channel.added", "channel.address_changed", "channel.turned_off"]
    entries = Entry.objects.filter(action__startswith="channel.").order_by("id")
    assert [one.action for one in entries] == actions
    pages = "".join(
        admin.get(f"/notices/{path}").content.decode()
        for path in ("channels/", f"channels/{channel.pk}/edit/", "deliveries/")
    )
    recorded = str([(one.changes, one.subject_label) for one in entries])
    for secret in ("hunter22", "another99"):
        assert secret not in pages + recorded + tried


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "syslog://", "wecombot://", "x", "wecombot://" + "a" * 1000]
)
def test_an_address_that_is_none_is_refused_and_kept(officer, admin, url):
    given = {"unit": officer.unit.code, "channel": "wecom", "url": url}
    answer = admin.post("/notices/channels/add/", given)
    assert answer.status_code == 422
    assert f'value="{url}"' in answer.content.decode()
    channel = make.UnitChannelFactory(unit=officer.unit)
    answer = admin.post(f"/notices/channels/{channel.pk}/edit/", {"url": url})
    assert answer.status_code == 422
    assert UnitChannel.objects.get().url == channel.url


def test_another_units_channels_are_not_there(officer, admin):
    elsewhere = make.UnitChannelFactory()
    given = {"unit": elsewhere.unit.code, "channel": "webhook", "url": "json://h/"}
    assert admin.post("/notices/channels/add/", given).status_code == 422
    for path in ("edit", "switch", "test"):
        assert admin.post(f"/notices/channels/{elsewhere.pk}/{path}/").status_code == 404
    assert str(elsewhere.unit) not in admin.get("/notices/channels/").content.decode()
    assert UnitChannel.objects.count() == 1
