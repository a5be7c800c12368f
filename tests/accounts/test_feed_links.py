"""The secret link to a person's calendar: made, read, ended."""

import hashlib
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from liaison.accounts.feed_links import (
    NOTED_EVERY,
    link_of,
    make_feed_link,
    note_read,
    revoke_feed_link,
)
from liaison.accounts.models import FeedLink, User
from liaison.accounts.people import close_account, open_account, reset_password
from liaison.audit.models import Entry
from liaison.core.refused import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make.OfficerFactory()


def test_only_the_hash_of_a_long_token_is_kept(officer):
    token = make_feed_link(by=officer)
    assert len(token) >= 43, "256 bits in base64"
    [row] = FeedLink.objects.values()
    assert row["token_hash"] == hashlib.sha256(token.encode()).hexdigest()
    assert token not in str(row)
    assert link_of(token).person == officer
    assert link_of(row["token_hash"]) is None


def test_a_new_link_ends_the_old_one_and_revoking_ends_it_altogether(officer):
    first, second = make_feed_link(by=officer), make_feed_link(by=officer)
    assert first != second
    assert link_of(first) is None
    assert link_of(second).person == officer
    revoke_feed_link(by=officer)
    assert link_of(second) is None
    with pytest.raises(Refused) as refused:
        revoke_feed_link(by=officer)
    assert refused.value.code == "no_link"


def test_each_has_their_own(officer):
    colleague = make.OfficerFactory(unit=officer.unit)
    tokens = {person: make_feed_link(by=person) for person in (officer, colleague)}
    revoke_feed_link(by=colleague)
    assert link_of(tokens[officer]).person == officer
    assert link_of(tokens[colleague]) is None


def test_it_is_in_the_record_without_the_token(officer):
    token = make_feed_link(by=officer)
    revoke_feed_link(by=officer)
    entries = Entry.objects.filter(actor=officer).order_by("pk")
    assert [one.action for one in entries] == ["user.feed_link_made", "user.feed_link_revoked"]
    for entry in Entry.objects.values():
        assert token not in str(entry)
        assert hashlib.sha256(token.encode()).hexdigest() not in str(entry)


def test_it_ends_with_the_account_and_does_not_come_back_with_it(officer):
    admin = make.DeskFactory(unit=officer.unit, admin_duty=User.AdminDuty.SYSTEM)
    token = make_feed_link(by=officer)
    close_account(officer, by=admin)
    assert link_of(token) is None
    with pytest.raises(Refused) as refused:
        make_feed_link(by=officer)
    assert refused.value.code == "closed"
    open_account(officer, by=admin)
    assert link_of(token) is None


def test_it_ends_with_a_password_that_somebody_else_made(officer):
    admin = make.DeskFactory(unit=officer.unit, admin_duty=User.AdminDuty.SYSTEM)
    token = make_feed_link(by=officer)
    reset_password(officer, by=admin)
    assert link_of(token) is None


def test_when_it_was_read_is_noted_now_and_then(officer, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    token = make_feed_link(by=officer)
    for minutes, noted in ((0, 0), (5, 0), (11, 11)):
        time_machine.move_to(start + timedelta(minutes=minutes), tick=False)
        note_read(link_of(token))
        assert link_of(token).last_read_at == start + timedelta(minutes=noted)
    assert timedelta(minutes=5) < NOTED_EVERY < timedelta(minutes=11)


# --- the page ---------------------------------------------------------------------------------


@pytest.fixture
def browser(officer):
    client = Client()
    client.force_login(officer)
    return client


def test_the_page_shows_the_link_once(browser, officer):
    page = browser.post(reverse("feed_make"))
    address = page.context["address"]
    token = address.rpartition("/")[2].removesuffix(".ics")
    assert address in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert Client().get(address).status_code == 200
    again = browser.get(reverse("feed_link")).content.decode()
    assert token not in again
    assert "重新生成链接" in again
    assert link_of(token).last_read_at is not None


def test_revoking_from_the_page(browser, officer):
    address = browser.post(reverse("feed_make")).context["address"]
    assert browser.get(reverse("feed_revoke")).status_code == 405
    assert browser.post(reverse("feed_revoke")).url == reverse("feed_link")
    assert Client().get(address).status_code == 404
    again = browser.post(reverse("feed_revoke"), follow=True)
    assert "当前没有订阅链接" in again.content.decode()


def test_a_get_makes_no_link(browser):
    assert browser.get(reverse("feed_make")).status_code == 405
    assert not FeedLink.objects.exists()
