"""The schema is complete, valid and true, and its documentation works."""

import pytest
from django.core.management import call_command
from rest_framework.test import APIClient

from issues.workflow import MOVES
from tests.api.people import operations, schema


def test_the_schema_is_valid_and_without_a_warning(capsys):
    call_command("spectacular", validate=True, fail_on_warn=True, file="/dev/null")
    assert not capsys.readouterr().err


def test_every_operation_says_how_it_fails():
    for method in ("GET", "POST", "DELETE"):
        for path, operation in operations(method):
            answers = set(operation["responses"])
            assert "400" in answers, path
            if path != "/api/v1/auth/token/":
                assert {"401", "403", "404"} <= answers, path
                if method == "POST":
                    assert {"413", "415", "422"} <= answers, path
            assert operation["description"], path
    for path in ("issues/{id}/moves/", "visits/", "enterprises/{id}/assign/"):
        assert "409" in dict(operations("POST"))[f"/api/v1/{path}"]["responses"]


@pytest.mark.parametrize("name", MOVES)
def test_the_schema_shows_what_each_move_takes(name):
    components = schema()["components"]["schemas"]
    discriminator = components["MoveRequest"]["discriminator"]
    assert discriminator["propertyName"] == "move"
    body = components[discriminator["mapping"][name].rpartition("/")[2]]
    move = MOVES[name]
    fields = {one.name for one in move.fields} | ({"evidence"} if move.files else set())
    assert set(body["properties"]) == fields | {"move", "version"}
    needed = {one.name for one in move.fields if one.required}
    assert set(body["required"]) == needed | {"move"} | ({"version"} if move.claims else set())
    assert body["additionalProperties"] is False


def test_schema_and_documentation_are_for_people_who_are_signed_in(world):
    anonymous = APIClient()
    assert anonymous.get("/api/schema/").status_code == 401
    assert anonymous.get("/api/docs/").status_code == 302
    for who in ("officer", "bureau", "contact"):
        client = getattr(world, who)
        answer = client.get("/api/schema/")
        assert answer.status_code == 200
        assert b"/api/v1/issues/{id}/moves/" in answer.content


def test_the_documentation_needs_nothing_inline_and_nothing_from_outside(client, world):
    client.force_login(world.people["desk"])
    page = client.get("/api/docs/")
    text = page.content.decode()
    assert "<style" not in text
    assert "style=" not in text
    assert text.count("<script") == text.count("<script defer src=") + text.count(
        '<script type="module" src='
    )
    assert "//" not in text.replace("<!--", "")
    assert "unsafe" not in page["Content-Security-Policy"]
