"""Every address that takes a body, from the schema, and bodies that nobody should send."""

import json

import pytest
from django.urls import resolve

from tests.api.people import NEED_NO_BODY, POSTS, assert_problem

JSON = "application/json"


@pytest.fixture
def world(db, world_of_module):
    return world_of_module


# What no address of ours takes, as JSON.
MALFORMED = {
    "empty": b"",
    "not json": b"{",
    "null": b"null",
    "a list": b"[]",
    "a list of objects": b'[{"move": "accept"}]',
    "a text": b'"x"',
    "a number": b"7",
    "NaN": b'{"version": NaN}',
    "not UTF-8": b'{"move": "\xff\xfe"}',
    "half a surrogate pair": b'{"move": "\\ud800"}',
    "NUL": b"\x00",
    "deep": b'{"a":' * 20_000 + b"1" + b"}" * 20_000,
    "deep list": b"[" * 100_000,
    "a number of 5000 digits": b'{"version": ' + b"9" * 5000 + b"}",
    "an unknown field": b'{"bogus": 1}',
}
# Values for any field; whatever they do to it, they are no mistake of ours.
NASTY = [
    None,
    True,
    [],
    {},
    [[]],
    [{"id": []}],
    {"id": {"id": 1}},
    -1,
    0,
    1.5,
    10**30,
    1e308,
    "",
    "\x00",
    "a\x00b",
    "\ud800",
    "x" * 5000,
    "0001-01-01T00:00:00+14:00",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59-12:00",
    "0" * 32,
    ["\x00"],
    ["\ud800"],
    ["x" * 5000],
    [1] * 50,
    [{"bogus": "\x00"}],
]


def takes_json(path):
    view = resolve(path.format(id="1", file="1")).func.cls
    return any(parser.media_type == JSON for parser in view.parser_classes)


OF_JSON = [path for path in POSTS if takes_json(path)]


def test_there_are_addresses_to_walk():
    assert len(POSTS) >= 6
    assert len(OF_JSON) >= 5


@pytest.mark.parametrize("path", OF_JSON)
def test_a_malformed_body_is_a_400(world, path):
    for body in MALFORMED.values():
        if not body and path in NEED_NO_BODY:
            continue
        answer = world.chief.generic("POST", world.real(path), body, content_type=JSON)
        assert_problem(answer, 400)
    for codec in ("utf-16", "utf-7", "unicode_escape"):
        answer = world.chief.generic(
            "POST", world.real(path), b"{}", content_type=f"{JSON}; charset={codec}"
        )
        assert_problem(answer, 400)


@pytest.mark.parametrize("path", OF_JSON)
def test_an_unknown_field_is_named(world, path):
    body = assert_problem(world.chief.post(world.real(path), {"bogus": 1}, format="json"), 400)
    named = {"move"} if path.endswith("moves/") else {"bogus"}  # a move says which fields it has
    assert named <= set(body["errors"])


@pytest.mark.parametrize("path", POSTS)
def test_an_unknown_parameter_is_named(world, path):
    answer = world.chief.post(f"{world.real(path)}?bogus=1", {})
    assert "bogus" in assert_problem(answer, 400)["errors"]


@pytest.mark.parametrize("path", POSTS)
def test_a_content_type_that_is_not_taken_is_a_415(world, path):
    answer = world.chief.generic("POST", world.real(path), b"<a/>", content_type="text/xml")
    assert_problem(answer, 415)


@pytest.mark.parametrize("kind", [JSON, "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("path", OF_JSON)
def test_a_body_that_is_too_large_is_a_413(world, settings, path, kind):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = world.chief.generic("POST", world.real(path), b" " * 1001, content_type=kind)
    assert_problem(answer, 413)


@pytest.mark.parametrize("path", POSTS)
def test_a_multipart_body_that_is_too_large_is_a_413(world, settings, path):
    settings.EVIDENCE_MAX_BYTES = 1000
    kind = "multipart/form-data; boundary=edge"
    answer = world.chief.generic("POST", world.real(path), b" " * 70_000, content_type=kind)
    assert_problem(answer, 413)


@pytest.mark.parametrize("path", sorted({*POSTS} - NEED_NO_BODY))
def test_a_multipart_body_that_is_none_is_a_400(world, path):
    kind = "multipart/form-data; boundary=edge"
    for body in (b"", b"--edge", b"--other\r\n\r\nx\r\n--other--\r\n"):
        answer = world.chief.generic("POST", world.real(path), body, content_type=kind)
        assert_problem(answer, 400)


def good_bodies(world):
    """A body for each address that would be taken, or be refused by a rule only."""
    finding = {"kind": "hazard", "title": "堆料", "text": "", "level": "simple", "evidence": []}
    visit = {
        "client_id": "7b0a4b3e-2f4b-4a55-9a5a-1f8f5c8f0a01",
        "enterprise": world.enterprise.pk,
        "channel": "phone",
        "happened_at": "2026-01-05T09:00:00+08:00",
        "contact": None,
        "met": "门卫",
        "roles": [],
        "fronts": [],
        "summary": "",
    }
    yield "/api/v1/auth/token", {"username": "x", "password": "y"}
    yield (
        f"/api/v1/enterprises/{world.enterprise.pk}/assign/",
        {
            "officer": world.people["officer"].pk,
            "reason": "",
            "replaces": None,
        },
    )
    promise = {"text": "复查", "due_on": None}
    place = {
        "longitude": 117.1,
        "latitude": 36.6,
        "accuracy": 9.5,
        "taken_at": "2026-01-05T09:00:00+08:00",
        "system": "gcj02",
    }
    lists = {"findings": [finding], "promises": [promise]}
    yield "/api/v1/visits/", {**visit, **lists, "position": place}
    arrival = {"client_id": visit["client_id"], "enterprise": visit["enterprise"]}
    yield "/api/v1/check-ins/", {**arrival, "at": place["taken_at"], "position": place}
    yield "/api/v1/shift/", {"on_shift": True}
    yield "/api/v1/position-consent/", {"given": True}
    yield "/api/v1/issues/", {"enterprise": world.enterprise.pk, **finding}
    where = {"longitude": 120.5, "latitude": 36.8, "coordinates": "gcj02"}
    yield "/api/v1/day-plan/", where
    moves = f"/api/v1/issues/{world.proposed.pk}/moves/"
    for move, fields in {
        "wait": {"awaited": "x", "awaited_from": "x", "until": "2026-01-05"},
        "propose": {"summary": "x", "loss_recovered": "1.00", "evidence": []},
        "close": {"confirmed_by": "x", "note": "x"},
        "transfer": {"handler": 1, "reason": "x"},
        "note": {"note": "x", "internal": True, "evidence": []},
    }.items():
        yield moves, {"move": move, "version": world.proposed.version, **fields}


def spoiled(body, value):
    """The body with one value after the other replaced, also inside objects and lists of them."""
    for name, given in body.items():
        yield {**body, name: value}
        if isinstance(given, list) and given and isinstance(given[0], dict):
            for inner in spoiled(given[0], value):
                yield {**body, name: [inner]}
        if isinstance(given, dict):
            for inner in spoiled(given, value):
                yield {**body, name: inner}


@pytest.mark.parametrize("value", NASTY, ids=lambda value: json.dumps(value)[:30])
def test_no_value_of_any_field_is_a_mistake_of_ours(world, value):
    sent = 0
    for path, body in good_bodies(world):
        for one in spoiled(body, value):
            text = json.dumps(one)
            answer = world.chief.generic("POST", path, text, content_type=JSON)
            assert answer.status_code in {200, 201, 400, 409, 422}, (path, text[:300])
            if answer.status_code not in {200, 201}:
                assert_problem(answer, answer.status_code)
            sent += 1
    assert sent > 50


def test_a_form_says_the_same_as_json(world):
    path = f"/api/v1/issues/{world.proposed.pk}/moves/"
    version = world.chief.get(f"/api/v1/issues/{world.proposed.pk}/").json()["version"]
    twice = "move=close&move=close&version=1"
    form = "application/x-www-form-urlencoded"
    answer = world.chief.generic("POST", path, twice, content_type=form)
    assert assert_problem(answer, 400)["field"] == "move"
    closed = world.chief.post(path, {"move": "close", "version": version}, format="multipart")
    assert closed.json()["stage"] == "closed"
