"""Asking again for what one has: 304 and no body while it is the same to the byte."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from rest_framework.test import APIClient

from enterprises.models import Enterprise
from issues.actions import VERBS
from issues.models import Issue
from liaison.accounts.models import User
from tests import factories as make
from tests.api.people import LISTS, client_of

pytestmark = pytest.mark.django_db
LINES = "/api/v1/issues/"


@pytest.fixture
def line():
    return make.WorkingIssueFactory(title="门岗照明")


@pytest.fixture
def client(line):
    return client_of(line.handler)


def etag_of(client, path=LINES, **more):
    answer = client.get(path, **more)
    assert answer.status_code == 200
    return answer["ETag"]


def test_what_has_not_changed_is_not_sent_again(client):
    first = client.get(LINES)
    assert first["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Cookie"} <= {name.strip() for name in first["Vary"].split(",")}
    again = client.get(LINES, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again[name] == first[name]


@pytest.mark.parametrize("path", LISTS)
def test_every_list_can_be_asked_again(client, line, path):
    path = path.format(id=line.pk)
    etag = etag_of(client, path)
    assert client.get(path, headers={"If-None-Match": etag}).status_code == 304


def transferred(line):
    colleague = make.OfficerFactory(unit=line.unit)
    desk = make.DeskFactory(unit=line.unit)
    VERBS["transfer"](line, by=desk, version=line.version, handler=colleague, reason="轮休")


@pytest.mark.parametrize(
    "change",
    [
        lambda line: Issue.objects.filter(pk=line.pk).update(title="门岗照明二"),
        lambda line: Issue.objects.filter(pk=line.pk).update(
            next_due_at=timezone.now() + timedelta(days=9)
        ),
        lambda line: Enterprise.objects.filter(pk=line.enterprise_id).update(name="别名公司"),
        lambda line: User.objects.filter(pk=line.handler_id).update(name="改名"),
        lambda line: make.WorkingIssueFactory(enterprise=line.enterprise),
        transferred,
    ],
    ids=["title", "due", "enterprise", "handler", "another line", "verb"],
)
def test_whatever_is_shown_and_changes_is_sent(client, line, change):
    etag = etag_of(client)
    change(line)
    answer = client.get(LINES, headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert answer["ETag"] != etag


def test_it_is_each_ones_own(client, line):
    etag = etag_of(client)
    others = client_of(make.OfficerFactory()).get(LINES, headers={"If-None-Match": etag})
    assert others.status_code == 200
    assert others.json()["results"] == []
    nobodys = APIClient().get(LINES, headers={"If-None-Match": etag})
    assert nobodys.status_code == 401
    User.objects.filter(pk=line.handler_id).update(is_active=False)
    assert client.get(LINES, headers={"If-None-Match": etag}).status_code == 401


def test_another_language_and_another_page_are_other_answers(client, line):
    make.WorkingIssueFactory(enterprise=line.enterprise)
    assert etag_of(client) != etag_of(client, f"{LINES}?page_size=1")
    # Says in words why it is due.
    enterprise = f"/api/v1/enterprises/{line.enterprise_id}/"
    in_chinese = etag_of(client, enterprise)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    answer = client.get(enterprise, headers={"If-None-Match": in_chinese})
    assert (answer.status_code, answer["Content-Language"]) == (200, "en")


def test_by_session_nothing_is_kept(client, line):
    browser = APIClient()
    browser.force_login(line.handler)
    for path in (LINES, reverse("issue_list")):
        answer = browser.get(path, headers={"If-None-Match": "*"})
        assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")
