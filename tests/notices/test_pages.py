"""The inbox, the choice of channels and the failed deliveries, as people use them."""

import re
from datetime import time

import pytest
from django.test import Client
from django.utils import timezone

from liaison.accounts.models import User
from liaison.audit.models import Entry
from liaison.notices.gathering import Saying, mention, tell_gathered
from liaison.notices.models import Choice, Delivery, Notice
from liaison.notices.sending_times import Times
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
def page(officer):
    client = client_of(officer)
    return lambda path="/notices/", **more: client.get(path, **more).content.decode()


def test_the_newest_first_in_pages_and_only_ones_own(officer):
    titles = [make.NoticeFactory(recipient=officer).title for _ in range(30)]
    another = make.NoticeFactory()
    client = client_of(officer)
    first = client.get("/notices/").content.decode()
    following = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
    second = client.get(f"/notices/{following}").content.decode()
    shown = [re.findall(r"示例通知\d+", one) for one in (first, second)]
    assert shown[0] + shown[1] == titles[::-1]
    assert len(shown[0]) == 25
    assert another.title not in first + second


def test_opening_one_reads_it_and_leads_to_what_it_is_about(officer):
    notice = make.NoticeFactory(recipient=officer, url="/issues/?mine=1")
    other = make.NoticeFactory(recipient=officer)
    client = client_of(officer)
    assert client.get(f"/notices/{notice.pk}/open/").status_code == 405
    assert Notice.objects.unread().count() == 2
    answer = client.post(f"/notices/{notice.pk}/open/")
    assert (answer.status_code, answer["Location"]) == (302, "/issues/?mine=1")
    assert set(Notice.objects.unread()) == {other}
    unread = client.get("/notices/?unread=1").content.decode()
    assert other.title in unread
    assert notice.title not in unread
    stranger = client_of(make.ChiefFactory(unit=officer.unit))
    assert stranger.post(f"/notices/{other.pk}/open/").status_code == 404
    assert set(Notice.objects.unread()) == {other}


def test_marking_all_as_read_leaves_what_came_after_the_page(officer):
    make.NoticeFactory(recipient=officer)
    client = client_of(officer)
    page = client.get("/notices/").content.decode()
    until = re.search(r'name="until" value="([^"]+)"', page)[1]
    since = make.NoticeFactory(recipient=officer)
    client.post("/notices/read/", {"until": until})
    assert set(Notice.objects.unread()) == {since}
    for nonsense in ("", "x", "2026-01-01", "2026-13-45T99:00:00Z", "9999-12-31T00:00:00"):
        assert client.post("/notices/read/", {"until": nonsense}).status_code == 302
    assert set(Notice.objects.unread()) == {since}


@pytest.mark.parametrize(("unread", "shown"), [(0, ""), (3, "3"), (120, "99+")])
def test_every_page_says_how_many_are_unread(officer, page, unread, shown):
    make.NoticeFactory(recipient=officer)
    Notice.objects.update(read_at=timezone.now())
    for _ in range(unread):
        make.NoticeFactory(recipient=officer)
    for path in ("/", "/enterprises/", "/notices/"):
        bell = re.search(r'<a class="bell.*?</a>', page(path), re.DOTALL)[0]
        found = re.search(r'class="count">([^<]+)<', bell)
        assert (found[1].strip() if found else "") == shown


def test_a_contact_reads_notices_too():
    contact = make.ContactUserFactory()
    notice = make.NoticeFactory(recipient=contact, url="/")
    client = client_of(contact)
    assert "/notices/" in client.get("/", follow=True).content.decode()
    assert notice.title in client.get("/notices/").content.decode()
    assert client.get("/notices/settings/").status_code == 200
    assert client.post(f"/notices/{notice.pk}/open/", follow=True).status_code == 200
    assert not Notice.objects.unread().exists()


# --- how I am told ----------------------------------------------------------------------------


def test_choosing_email(officer):
    client = client_of(officer)
    answer = client.post("/notices/settings/", {"address": "a@b.example", "by_email": "on"})
    assert answer.status_code == 302
    officer.refresh_from_db()
    assert (officer.email, officer.notice_choice.by_email) == ("a@b.example", True)
    assert Entry.objects.get(action="user.email_changed").actor == officer
    client.post("/notices/settings/", {"address": "a@b.example"})
    assert not Choice.objects.get().by_email
    assert Entry.objects.filter(action="user.email_changed").count() == 1


@pytest.mark.parametrize(
    "address", ["", "x", "a@b", "a@b.example\nBcc: c@d.example", "a" * 300 + "@b.example"]
)
def test_an_address_that_is_none(officer, address):
    answer = client_of(officer).post("/notices/settings/", {"address": address, "by_email": "on"})
    assert answer.status_code == 422
    officer.refresh_from_db()
    assert officer.email == ""
    assert not Choice.objects.exists()


def test_the_page_says_that_a_server_without_a_mail_server_sends_nothing(officer, settings, page):
    settings.EMAIL_URL = ""
    assert 'class="alert warning"' in page("/notices/settings/")
    settings.EMAIL_URL = "smtp://mail.example"
    assert 'class="alert warning"' not in page("/notices/settings/")


@pytest.fixture
def result(officer):
    """What pressing the test button shows: its tone and words."""

    def press():
        answer = client_of(officer).post("/notices/settings/test/", follow=True)
        told = re.search(
            r'<div class="alert (\w+)" role="\w+">(.*?)</div>', answer.content.decode()
        )
        return told[1], told[2]

    return press


def test_a_test_that_arrives(officer, sink, result):
    make.reachable(officer)
    assert result()[0] == "success"
    assert [to for to, _id in sink.taken] == [officer.email]


def test_a_test_that_is_refused(officer, sink, result):
    make.reachable(officer)
    sink.refuses.add(officer.email)
    tone, words = result()
    assert (tone, "no such mailbox" in words) == ("error", True)
    assert not sink.taken


def test_a_test_without_a_mail_server(officer, settings, result, mailoutbox):
    settings.EMAIL_URL = ""
    make.reachable(officer)
    tone, words = result()
    assert (tone, "EMAIL_URL" in words) == ("error", True)
    assert not mailoutbox


def test_a_test_where_nobody_listens(officer, sink, settings, result):
    make.reachable(officer)
    settings.EMAIL_PORT = 1
    assert result()[0] == "error"


def test_choosing_channels_and_hours(officer):
    make.UnitChannelFactory(unit=officer.unit)
    client = client_of(officer)
    wishes = {"by_wecom": "on", "quiet_from": "22:00", "quiet_until": "07:00", "digest_at": "08:30"}
    assert client.post("/notices/settings/", wishes).status_code == 302
    choice = Choice.objects.get()
    assert (choice.by_wecom, choice.by_email) == (True, False)
    assert choice.times == Times((time(22), time(7)), time(8, 30))
    page = client.get("/notices/settings/").content.decode()
    for shown in ('value="22:00"', 'value="07:00"', 'value="08:30"'):
        assert shown in page
    client.post("/notices/settings/", {"digest_at": ""})
    assert Choice.objects.get().times == Times()


@pytest.mark.parametrize(
    "wishes",
    [
        {"by_wecom": "on"}, {"by_dingtalk": "on"}, {"by_sms": "on"}, {"quiet_from": "22:00"},
        {"quiet_from": "22:00", "quiet_until": "22:00"}, {"quiet_from": "25:00"},
        {"digest_at": "noon"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_what_was_typed_is_kept(officer, wishes):
    answer = client_of(officer).post("/notices/settings/", wishes)
    assert answer.status_code == 422
    page = answer.content.decode()
    for name, value in wishes.items():
        kept = f'value="{value}"' if value != "on" else f'name="{name}"[^>]*checked'
        assert re.search(kept, page), name
    assert not Choice.objects.exists()


def test_a_contact_is_not_asked_about_groups():
    page = client_of(make.ContactUserFactory()).get("/notices/settings/").content.decode()
    assert 'name="by_sms"' in page
    assert 'name="by_wecom"' not in page


# --- one notice, and a digest -----------------------------------------------------------------


def test_a_notice_has_a_page_with_all_its_words(officer):
    notice = make.NoticeFactory(recipient=officer, text="很长" * 300, url="/issues/")
    client = client_of(officer)
    page = client.get(f"/notices/{notice.pk}/").content.decode()
    assert "很长" * 300 in page
    assert f'action="/notices/{notice.pk}/open/"' in page
    assert Notice.objects.unread().exists(), "looking is no change"
    stranger = client_of(make.ChiefFactory(unit=officer.unit))
    assert stranger.get(f"/notices/{notice.pk}/").status_code == 404


@pytest.mark.parametrize("factory", [make.OfficerFactory, make.ContactUserFactory])
def test_a_digest_has_each_item_with_its_link_the_most_urgent_first(factory):
    person = factory()
    for n in range(60):
        rank = (n * 7) % 60
        item = Saying(
            f"{rank}", "test", f"示例{rank:02}", "为什么", f"/issues/?n={rank}", rank=rank
        )
        mention([(person.pk, item)], now=timezone.now())
    tell_gathered(timezone.now())
    digest = Notice.objects.get()
    client = client_of(person)
    answer = client.post(f"/notices/{digest.pk}/open/")
    assert answer["Location"] == f"/notices/{digest.pk}/"
    assert not Notice.objects.unread().exists()
    where, seen = f"/notices/{digest.pk}/", []
    while where:
        page = client.get(where).content.decode()
        seen += re.findall(r'href="/issues/\?n=(\d+)"', page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        where = following and f"/notices/{digest.pk}/" + following[1].replace("&amp;", "&")
    assert seen == [str(n) for n in range(60)]


# --- failed deliveries ------------------------------------------------------------------------


def test_the_administrator_sees_why_and_tries_again_and_does_not_read_the_notice(officer):
    failed = make.FailedDeliveryFactory(
        notice__recipient=officer, notice__title="铝锭失窃线索", last_error="550 no such mailbox"
    )
    elsewhere = make.FailedDeliveryFactory()
    admin = client_of(make.DeskFactory(unit=officer.unit, admin_duty=User.AdminDuty.SYSTEM))
    page = admin.get("/notices/deliveries/").content.decode()
    assert "550 no such mailbox" in page
    assert officer.name in page
    assert elsewhere.notice.recipient.name not in page
    assert "失窃" not in page
    assert admin.post(f"/notices/deliveries/{elsewhere.pk}/retry/").status_code == 404
    for _ in range(2):  # the second is told that it is on its way already
        assert admin.post(f"/notices/deliveries/{failed.pk}/retry/").status_code == 302
    assert set(Delivery.objects.failed()) == {elsewhere}
    assert client_of(officer).get("/notices/deliveries/").status_code == 404


# --- API --------------------------------------------------------------------------------------


def test_the_api_lists_filters_and_marks_as_read(officer):
    read, unread = (make.NoticeFactory(recipient=officer) for _ in range(2))
    make.NoticeFactory()
    client = client_of(officer)

    def ids(query=""):
        return [one["id"] for one in client.get(f"/api/v1/notices/{query}").json()["results"]]

    assert ids() == [unread.pk, read.pk]
    body = client.post(f"/api/v1/notices/{read.pk}/read/").json()
    assert body["read_at"]
    assert client.post(f"/api/v1/notices/{read.pk}/read/").json() == body
    assert ids("?unread=true") == [unread.pk]
    assert ids("?unread=false") == [read.pk]


def test_the_api_has_the_items_of_a_digest(officer):
    for n in range(120):
        item = Saying(f"{n}", "test", f"示例{n}", "", "/issues/", rank=-n)
        mention([(officer.pk, item)], now=timezone.now())
    tell_gathered(timezone.now())
    client = client_of(officer)
    [listed] = client.get("/api/v1/notices/").json()["results"]
    assert (listed["kind"], "items" in listed) == ("digest", False)
    assert listed["url"] == f"/notices/{listed['id']}/"
    digest = client.get(f"/api/v1/notices/{listed['id']}/").json()
    assert digest["items_in_all"] == 120
    assert [one["rank"] for one in digest["items"]] == list(range(-119, -19))
