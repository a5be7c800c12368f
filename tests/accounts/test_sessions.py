"""A session ends when nobody uses it, and leaves no page behind."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    officer = make.OfficerFactory(username="zhang")
    client = Client()
    client.post(reverse("sign_in"), {"username": officer.username, "password": make.PASSWORD})
    return client


@pytest.mark.parametrize(
    ("minutes", "stays"),
    [((24,), True), ((31,), False), ((20, 40, 60, 80), True), ((4, 8, 12, 36), True),
     ((20, 51), False)],
)  # fmt: skip
def test_it_ends_half_an_hour_after_it_was_last_used(minutes, stays, time_machine):
    start = timezone.now()
    time_machine.move_to(start, tick=False)
    client = Client()
    make.OfficerFactory(username="zhang")
    client.post(reverse("sign_in"), {"username": "zhang", "password": make.PASSWORD})
    for minute in minutes:
        time_machine.move_to(start + timedelta(minutes=minute), tick=False)
        answer = client.get("/")
    assert (answer.status_code == 200) == stays


def test_looking_at_a_page_writes_nothing(browser, time_machine):
    before = Session.objects.get()
    with CaptureQueriesContext(connection) as queries:
        assert browser.get("/").status_code == 200
    verbs = {one["sql"].lstrip("(").split(" ", 1)[0] for one in queries}
    assert verbs == {"SELECT"}
    time_machine.move_to(timezone.now() + timedelta(minutes=6))
    answer = browser.get("/")
    assert answer.cookies["sessionid"]["max-age"] == 30 * 60
    after = Session.objects.get()
    assert after.expire_date - before.expire_date > timedelta(minutes=5)


def test_a_token_begins_no_session():
    make.OfficerFactory(username="zhang")
    client = Client()
    given = {"username": "zhang", "password": make.PASSWORD}
    assert client.post("/api/v1/auth/token", given).status_code == 200
    assert "sessionid" not in client.cookies
    assert not Session.objects.exists()


def test_what_is_shown_to_somebody_is_kept_nowhere(browser):
    officer = make.OfficerFactory()
    evidence = make.EvidenceFactory(by=officer)
    token = browser.post(
        "/api/v1/auth/token", {"username": officer.username, "password": make.PASSWORD}
    ).json()["token"]
    with_token, with_session = Client(headers={"Authorization": f"Token {token}"}), Client()
    with_session.force_login(officer)
    for client, path in (
        (with_session, "/"),
        (with_session, reverse("issue_list")),
        (with_session, "/nowhere/"),
        (with_session, reverse("evidence-file", args=(evidence.pk,))),
        (with_session, "/api/v1/me/"),
        (with_token, reverse("evidence-file", args=(evidence.pk,))),
    ):
        answer = client.get(path)
        if answer.streaming:
            b"".join(answer)  # to the end, which closes the file behind it
        assert answer["Cache-Control"] == "private, no-store", path
        assert "ETag" not in answer, path
    assert "no-store" not in Client().get("/nowhere/").get("Cache-Control", "")
