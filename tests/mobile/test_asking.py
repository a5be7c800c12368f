"""How a batch or an upload may be turned away as a whole; always as JSON."""

import json

import pytest
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from liaison.accounts.models import User
from liaison.mobile.api import MOST_BYTES, MOST_OPERATIONS
from liaison.mobile.models import Operation, Upload
from tests import factories as make
from tests.api.people import assert_problem, schema
from tests.mobile.phone import OUTBOX, UPLOADS, Phone, visit
from visits.models import Visit

JSON = "application/json"


@pytest.fixture
def browser(officer):
    """The phone's own: a session, and the cookie of our page."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(officer)
    client.get("/")
    return client


def token_of(browser):
    return {"X-CSRFToken": browser.cookies["csrftoken"].value}


def test_a_session_sends_with_its_csrf_token(browser, officer, enterprise):
    phone = Phone(officer, browser)
    body = phone.batch(visit(enterprise))
    assert assert_problem(phone.post(body), 403)["code"] == "permission_denied"
    assert_problem(phone.post({}, UPLOADS), 403)
    answer = phone.post(body, **token_of(browser))
    assert answer.json()["results"][0]["status"] == "done"
    assert answer["Cache-Control"] == "private, no-store"


def test_a_session_that_ended_is_a_401_and_never_a_redirect(browser, officer, enterprise):
    phone = Phone(officer, browser)
    upload = make.UploadFactory(user=officer)
    headers = token_of(browser)
    Session.objects.all().delete()
    for path in (OUTBOX, OUTBOX[:-1], UPLOADS, f"{UPLOADS}{upload.client_id}/"):
        for method in ("get", "post", "put", "patch", "delete", "head"):
            answer = getattr(browser, method)(path, content_type=JSON, headers=headers)
            if method == "head":
                assert answer.status_code == 401
            else:
                assert assert_problem(answer, 401)["code"] == "not_authenticated"
            assert answer["Content-Type"] == JSON
    assert_problem(phone.post(phone.batch(visit(enterprise)), **headers), 401)
    assert not Visit.objects.exists()


def test_somebody_elses_outbox_is_not_sent(phone, officer, enterprise):
    """Whoever signs in at the same phone later."""
    colleague = Phone(make.OfficerFactory(unit=enterprise.unit))
    answer = colleague.post(colleague.batch(visit(enterprise), user=officer))
    assert assert_problem(answer, 403)["code"] == "another_person"
    answer = colleague.announce(b"x", user=officer.pk)
    assert assert_problem(answer, 403)["code"] == "another_person"
    assert not Operation.objects.exists()
    assert not Upload.objects.exists()
    assert phone.one(visit(enterprise))["status"] == "done"


def test_a_password_that_another_made_sends_nothing(phone, officer, enterprise):
    User.objects.filter(pk=officer.pk).update(must_change_password=True)
    answer = phone.post(phone.batch(visit(enterprise)))
    assert assert_problem(answer, 403)["code"] == "password_change_due"


@pytest.mark.parametrize("who", ["bureau", "contact"])
def test_for_whom_it_is_not_it_is_not_there(enterprise, who):
    person = {
        "bureau": lambda: make.BureauUserFactory(unit=enterprise.unit.parent),
        "contact": lambda: make.ContactUserFactory(enterprise=enterprise),
    }[who]()
    phone = Phone(person)
    assert_problem(phone.post(phone.batch(visit(enterprise))), 404)
    assert_problem(phone.announce(b"x"), 404)


@pytest.mark.parametrize("who", ["AuxiliaryFactory", "ChiefFactory", "DeskFactory"])
def test_everybody_at_the_station_may_send(enterprise, who):
    phone = Phone(getattr(make, who)(unit=enterprise.unit))
    assert phone.one(visit(enterprise))["status"] == "done"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"", "user"),
        (b"{", ""),
        (b"null", ""),
        (b"[]", ""),
        (b'{"a": NaN}', ""),
        (b"\xff", ""),
        (b'{"operations": [{"a": "\\ud800"}]}', ""),
        (b"[" * 50_000, ""),
        (b"{}", "user"),
        ({"user": "x"}, "user"),
        ({"sent_at": None}, "sent_at"),
        ({"sent_at": "0001-01-01"}, "sent_at"),
        ({"operations": {}}, "operations"),
        ({"operations": [7]}, "operations.0"),
        ({"operations": [{"kind": "visit"}]}, "operations.0.client_id"),
        ({"operations": [{"client_id": "x"}]}, "operations.0.client_id"),
        ({"operations": [{"client_id": None}]}, "operations.0.client_id"),
        ({"bogus": 1}, "bogus"),
    ],
)
def test_a_batch_that_is_none_is_a_400(phone, body, field):
    if isinstance(body, dict):
        body = phone.batch() | body
    problem = assert_problem(phone.post(body), 400)
    assert field in problem["errors"] or field == problem["field"] == ""
    assert not Operation.objects.exists()


def test_a_batch_that_is_too_large_is_a_413(phone, enterprise):
    many = [visit(enterprise) for _ in range(MOST_OPERATIONS + 1)]
    assert assert_problem(phone.post(phone.batch(*many)), 413)["code"] == "too_many"
    assert not Visit.objects.exists()
    heavy = phone.batch(visit(enterprise, summary="x" * MOST_BYTES))
    assert assert_problem(phone.post(heavy), 413)["code"] == "too_large"
    assert not Operation.objects.exists()
    assert {one["status"] for one in phone.send(*many[:-1])} == {"done"}


def test_another_type_method_or_parameter(phone):
    for path in (OUTBOX, UPLOADS):
        answer = phone.client.generic("POST", path, b"<a/>", content_type="text/xml")
        assert_problem(answer, 415)
        for method in ("GET", "PUT", "PATCH", "DELETE"):
            assert_problem(phone.client.generic(method, path), 405)
        assert "bogus" in assert_problem(phone.post({}, f"{path}?bogus=1"), 400)["errors"]


NASTY = [None, True, [], {}, [[]], -1, 1.5, 10**30, "", "\x00", "x" * 5000, ["\x00"], {"id": []}]


@pytest.mark.parametrize("value", NASTY, ids=lambda value: json.dumps(value)[:20])
def test_no_value_of_any_field_is_a_mistake_of_ours(phone, enterprise, value):
    line = make.RaisedIssueFactory(enterprise=enterprise)
    bodies = {
        "visit": visit(enterprise, findings=[], promises=[], contact=None)["body"],
        "issue": {"enterprise": enterprise.pk, "kind": "service", "title": "x", "evidence": []},
        "move": {"issue": line.pk, "move": "accept", "version": 1, "note": ""},
        "promise_kept": {"promise": 1},
    }
    for kind, body in bodies.items():
        for name in body:
            answer = phone.one({**visit(enterprise), "kind": kind, "body": {**body, name: value}})
            assert answer["status"] in {"done", "refused", "conflict", "retry"}, (kind, name)
    for name in phone.batch():
        assert phone.post(phone.batch() | {name: value}).status_code in {200, 400, 403}
    for name in ("user", "client_id", "sha256", "size", "name", "content_type"):
        assert phone.announce(b"x", **{name: value}).status_code in {201, 200, 400, 403, 422}


def test_the_description_knows_every_address(capsys):
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null")
    assert not capsys.readouterr().err
    paths = {path: set(found) for path, found in schema()["paths"].items() if "/mobile/" in path}
    assert paths == {
        "/mobile/who/": {"get"},
        "/mobile/data/": {"get"},
        "/mobile/outbox/": {"post"},
        "/mobile/uploads/": {"post"},
        "/mobile/uploads/{client_id}/": {"get", "put", "patch"},
    }
    for path, methods in paths.items():
        for method in methods:
            operation = schema()["paths"][path][method]
            assert {"400", "401", "403", "404"} <= set(operation["responses"])
            assert operation["description"]


def test_what_was_received_is_noted(phone, officer, enterprise):
    sent = visit(enterprise)
    phone.one(sent)
    [row] = Operation.objects.visible_to(officer)
    assert (row.kind, str(row.client_id), row.status) == ("visit", sent["client_id"], "done")
    assert row.made_at <= row.received_at <= timezone.now()
    assert not Operation.objects.visible_to(make.ChiefFactory(unit=enterprise.unit)).exists()
