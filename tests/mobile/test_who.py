"""Whose phone it is."""

import base64
import json
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liaison.accounts.models import STATION_STAFF, User
from tests import factories as make
from tests.api.people import assert_problem
from tests.mobile.phone import OUTBOX, Phone, visit

WHO, DATA = "/mobile/who/", "/mobile/data/"
pytestmark = pytest.mark.django_db


def signed_in(person, **more):
    client = Client(**more)
    client.force_login(person)
    return client


def who(person):
    answer = signed_in(person).get(WHO)
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.parametrize("kind", STATION_STAFF)
def test_it_says_who_is_signed_in(kind, enterprise):
    person = make.UserFactory(kind=kind, unit=enterprise.unit)
    told = who(person)
    assert set(told) == {"user", "csrf", "key", "server_time", "keep_until"}
    assert told["user"] == {
        "id": person.pk,
        "name": person.name,
        "kind": kind,
        "unit": {"id": person.unit_id, "name": person.unit.name},
    }
    assert who(make.DeskFactory(unit=None))["user"]["unit"] is None


@pytest.mark.parametrize("hours", [None, 5])
def test_it_says_how_long_a_phone_keeps_what_it_was_given(officer, settings, hours):
    if hours:
        settings.MOBILE_KEEP_OFFLINE_HOURS = hours
    told = who(officer)
    now = datetime.fromisoformat(told["server_time"])
    assert abs(now - timezone.now()) < timedelta(minutes=1)
    assert datetime.fromisoformat(told["keep_until"]) - now == timedelta(hours=hours or 72)


def test_its_token_is_good_for_sending(officer, enterprise):
    """Nothing but this address was asked before: no page has set the cookie."""
    browser = signed_in(officer, enforce_csrf_checks=True)
    phone = Phone(officer, browser)
    batch = phone.batch(visit(enterprise))
    assert_problem(phone.post(batch), 403)
    token = browser.get(WHO).json()["csrf"]
    answer = phone.post(batch, **{"X-CSRFToken": token})
    assert answer.json()["results"][0]["status"] == "done"


def test_the_key_is_a_persons_own_and_stays(officer, enterprise, settings):
    first = who(officer)["key"]
    assert len(base64.b64decode(first, validate=True)) == 32
    assert who(officer)["key"] == first
    assert who(make.OfficerFactory(unit=enterprise.unit))["key"] != first
    User.objects.filter(pk=officer.pk).update(name="改名")
    officer.refresh_from_db()
    officer.set_password("Qorvex-number-1")
    officer.save()
    assert who(officer)["key"] == first
    settings.SECRET_KEY = "another" * 10
    assert who(officer)["key"] != first


def test_the_key_is_nothing_that_is_signed_or_sent_elsewhere(officer):
    """What is told of it is told here alone."""
    browser = signed_in(officer)
    key = browser.get(WHO).json()["key"]
    data = browser.get(DATA).content.decode()
    assert key not in data
    assert key not in json.dumps({name: one.value for name, one in browser.cookies.items()})


@pytest.mark.parametrize("path", [WHO, WHO[:-1], DATA, DATA[:-1]])
def test_before_signing_in_it_is_a_401_and_never_a_redirect(path):
    assert assert_problem(Client().get(path), 401)["code"] == "not_authenticated"


@pytest.mark.parametrize("path", [WHO, DATA])
def test_for_whom_the_phone_is_not_there_is_nothing(path, enterprise):
    assert_problem(signed_in(make.BureauUserFactory(unit=enterprise.unit.parent)).get(path), 404)
    assert_problem(signed_in(make.ContactUserFactory(enterprise=enterprise)).get(path), 404)


@pytest.mark.parametrize("path", [WHO, DATA])
def test_a_password_that_another_made_opens_nothing(path, officer):
    User.objects.filter(pk=officer.pk).update(must_change_password=True)
    answer = signed_in(officer).get(path)
    assert assert_problem(answer, 403)["code"] == "password_change_due"


@pytest.mark.parametrize("path", [WHO, DATA])
def test_what_it_does_not_know_it_refuses(path, officer):
    client = signed_in(officer)
    assert "bogus" in assert_problem(client.get(f"{path}?bogus=1"), 400)["errors"]
    for method in ("post", "put", "patch", "delete"):
        assert_problem(getattr(client, method)(path), 405)


@pytest.mark.parametrize("path", [WHO, DATA])
def test_no_browser_stores_it(path, officer):
    assert signed_in(officer).get(path)["Cache-Control"] == "private, no-store"


def test_the_next_one_at_the_same_phone_is_told_apart(officer, enterprise):
    browser = signed_in(officer)
    assert browser.get(WHO).json()["user"]["id"] == officer.pk
    browser.logout()
    assert browser.get(WHO).status_code == 401
    other = make.OfficerFactory(unit=enterprise.unit)
    browser.force_login(other)
    assert browser.get(WHO).json()["user"]["id"] == other.pk
    assert browser.post(OUTBOX, {}, content_type="application/json").status_code == 400
