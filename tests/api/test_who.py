"""Who may reach what: 401, 404, 403, 405, and sign-in by token."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient

from liaison.accounts.models import SignInFailure, User
from liaison.accounts.people import close_account, reset_password
from liaison.accounts.signals import password_changed
from liaison.audit.models import Entry
from tests import factories as make
from tests.api.people import assert_problem, client_of, operations, visit_body

EVERY = [(path, method) for method in ("GET", "POST") for path, _operation in operations(method)]
PROTECTED = [pair for pair in EVERY if pair != ("/api/v1/auth/token/", "POST")]


@pytest.mark.parametrize(
    "credentials", [None, "Token bogus", "Token", "Token a b", "Bearer x", "Token \xff"]
)
def test_without_a_token_it_is_a_401(world, credentials):
    client = APIClient()
    if credentials:
        client.credentials(HTTP_AUTHORIZATION=credentials)
    for path, method in PROTECTED:
        answer = client.generic(method, world.real(path))
        assert_problem(answer, 401)
        assert answer["WWW-Authenticate"] == "Token"


def test_the_token_of_somebody_who_left_is_worth_nothing(world):
    user = world.people["chief"]
    client = client_of(user)
    type(user).objects.filter(pk=user.pk).update(is_active=False)
    for path, method in PROTECTED:
        assert_problem(client.generic(method, world.real(path)), 401)


@pytest.mark.parametrize("who", ["stranger", "squad"])
def test_what_is_not_mine_is_not_there(world, who):
    client = client_of(world.people[who])
    walked = [pair for pair in EVERY if "{id}" in pair[0]]
    assert len(walked) > 8
    for path, method in walked:
        answer = client.generic(method, world.real(path))
        assert_problem(answer, 404)
        # Nothing tells it from what is not there at all.
        evidence = "00000000-0000-4000-8000-000000000000"
        missing = path.replace("{id}", evidence if "/evidence/" in path else str(10**17))
        missing = missing.replace("{file}", evidence).replace("{evidence}", evidence)
        assert answer.content == client.generic(method, missing).content


def test_another_method_is_a_405(world):
    for path in sorted({path for path, _method in EVERY}):
        for method in ("PUT", "PATCH", "DELETE", "TRACE"):
            if (path, method) == ("/api/v1/auth/token/", "DELETE"):
                continue
            answer = world.chief.generic(method, world.real(path))
            assert_problem(answer, 405)
            assert method not in answer["Allow"]


def test_with_and_without_a_slash_at_the_end(world):
    for path, method in EVERY:
        with_slash = world.chief.generic(method, world.real(path))
        without = world.chief.generic(method, world.real(path).rstrip("/"))
        assert without.status_code == with_slash.status_code < 500
        assert not 300 <= without.status_code < 400
        if with_slash.streaming:
            assert b"".join(with_slash) == b"".join(without)


def test_an_address_that_is_not_there(world):
    for path in ("/api/", "/api/v1/", "/api/v2/issues/", "/api/v1/issues/a/b/c/"):
        for method in ("GET", "POST", "DELETE"):
            assert_problem(world.chief.generic(method, path), 404)
            assert_problem(APIClient().generic(method, path), 404)


def test_a_session_needs_the_csrf_token_to_write(world):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(world.people["handler"])
    body, kind = visit_body(world.enterprise), "application/json"
    assert browser.get("/api/v1/me/").status_code == 200
    assert_problem(browser.post("/api/v1/visits/", body, content_type=kind), 403)
    browser.get("/")  # any page of ours sets the cookie
    headers = {"X-CSRFToken": browser.cookies["csrftoken"].value}
    answer = browser.post("/api/v1/visits/", body, content_type=kind, headers=headers)
    assert answer.status_code == 201


def test_what_each_kind_may_do(world):
    visit = visit_body(world.enterprise)
    line = {"enterprise": world.enterprise.pk, "kind": "service", "title": "增开夜班"}
    officer = {"officer": world.people["officer"].pk, "replaces": world.people["handler"].pk}
    assign = f"/api/v1/enterprises/{world.enterprise.pk}/assign/"

    def status(who, path, body):
        client = client_of(world.people[who])
        return client.post(path, body, format="json").status_code

    assert status("contact", "/api/v1/visits/", visit) == 404
    assert status("bureau", "/api/v1/visits/", visit) == 422
    assert status("squad", "/api/v1/visits/", visit) == 400  # such an enterprise is not there
    assert status("bureau", "/api/v1/issues/", line) == 422
    assert status("contact", "/api/v1/issues/", line) == 201
    assert status("contact", assign, officer) == 400
    assert status("bureau", assign, officer) == 422
    assert status("handler", assign, officer) == 422
    assert status("desk", assign, officer) == 200


def test_an_enterprise_reads_no_sign_in_names(world):
    issue = client_of(world.people["contact"]).get(f"/api/v1/issues/{world.proposed.pk}/")
    assert issue.json()["handler"]["name"]
    assert world.people["handler"].username.encode() not in issue.content


@pytest.mark.parametrize("path", ["/api/v1/auth/token", "/api/v1/auth/token/"])
@pytest.mark.parametrize("form", ["json", "multipart"])
def test_a_token_for_name_and_password(world, path, form):
    desk = world.people["desk"]
    spelled = f"+86 {desk.phone[:3]} {desk.phone[3:]}"
    for name in (desk.username, desk.phone, spelled):
        body = {"username": name, "password": make.PASSWORD}
        token = APIClient().post(path, body, format=form).json()["token"]
        client = APIClient()
        client.credentials(HTTP_AUTHORIZATION=f"Token {token}")
        me = client.get("/api/v1/me/").json()
        assert (me["username"], me["unit"]) == (desk.username, world.unit.code)
    assert Entry.objects.filter(action="user.signed_in", actor=desk).count() == 3


def test_a_token_can_be_given_back(world):
    desk = world.desk
    assert desk.delete("/api/v1/auth/token/").status_code == 204
    assert not Token.objects.filter(user=world.people["desk"]).exists()
    assert_problem(desk.get("/api/v1/me/"), 401)
    assert_problem(APIClient().delete("/api/v1/auth/token/"), 401)


@pytest.mark.parametrize("deed", ["password_reset", "closed"])
def test_a_token_ends_with_the_password_or_the_account(world, deed):
    desk = world.people["desk"]
    client = client_of(desk)
    assert client.get("/api/v1/me/").status_code == 200
    system = make.DeskFactory(unit=world.unit, admin_duty="system")
    {"password_reset": reset_password, "closed": close_account}[deed](desk, by=system)
    assert_problem(client.get("/api/v1/me/"), 401)
    assert not Token.objects.filter(user=desk).exists()


def test_a_token_ends_when_its_owner_changes_the_password(world):
    client = client_of(world.people["desk"])
    password_changed.send(User, user=world.people["desk"])
    assert_problem(client.get("/api/v1/me/"), 401)


def test_a_password_that_another_made_opens_nothing_but_the_page_to_change_it(world):
    chief = world.people["chief"]
    client = client_of(chief)
    User.objects.filter(pk=chief.pk).update(must_change_password=True)
    body = {"username": chief.username, "password": make.PASSWORD}
    answer = APIClient().post("/api/v1/auth/token", body)
    assert assert_problem(answer, 403)["code"] == "password_change_due"
    for path, method in PROTECTED:
        answer = client.generic(method, world.real(path))
        assert assert_problem(answer, 403)["code"] == "password_change_due"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"username": "x"},
        {"username": "x", "password": ""},
        {"username": ["x"], "password": {"a": 1}},
        {"username": "x\x00", "password": "y"},
        {"username": "x" * 151, "password": "y"},
        {"username": "x", "password": "y", "is_staff": True},
    ],
)
def test_a_sign_in_that_is_none(db, body):
    assert_problem(APIClient().post("/api/v1/auth/token", body, format="json"), 400)


def test_somebody_who_left_gets_no_token(world):
    desk = world.people["desk"]
    type(desk).objects.filter(pk=desk.pk).update(is_active=False)
    body = {"username": desk.username, "password": make.PASSWORD}
    answer = APIClient().post("/api/v1/auth/token", body)
    assert assert_problem(answer, 400)["code"] == "wrong_password"


def test_five_wrong_passwords_lock_the_account_and_nobody_else(world):
    desk, client = world.people["desk"], APIClient()

    def sign_in(name, password):
        body = {"username": name, "password": password}
        return client.post("/api/v1/auth/token", body)

    # However it is spelled it is one account.
    spellings = [desk.username, desk.phone, f"+86{desk.phone}", f" {desk.phone}", desk.phone]
    for name in spellings:
        assert_problem(sign_in(name, "wrong"), 400)
    for name in spellings:
        answer = sign_in(name, make.PASSWORD)
        body = assert_problem(answer, 429)
        assert body["code"] == "locked"
        assert 0 < int(answer["Retry-After"]) == body["retry_after"] <= 30 * 60
    assert sign_in(world.people["chief"].username, make.PASSWORD).status_code == 200
    SignInFailure.objects.update(at=timezone.now() - timedelta(minutes=31))
    assert sign_in(desk.username, make.PASSWORD).status_code == 200


def test_head_and_options_are_answered(world):
    for path in sorted({path for path, _method in EVERY}):
        asked = world.handler.options(world.real(path))
        assert asked.status_code == 200
        assert asked["Allow"]
        if (path, "GET") in EVERY:
            head = world.handler.head(world.real(path))
            assert head.status_code == 200
            assert not b"".join(head)
