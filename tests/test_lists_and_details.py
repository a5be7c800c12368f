"""A list and its details are one rule: what the one shows the other opens, and nothing else."""

import re

import pytest
from django.test import Client

from issues.workflow import STAGES
from tests.addresses import LISTS_AND_DETAILS
from tests.world import ROWS, World

# Lists that show a part unless asked for all.
EVERYTHING = dict.fromkeys(("issues/", "issues/held/", "portal/bill/"), "?state=all")


@pytest.fixture(scope="module")
def pairs():
    return LISTS_AND_DETAILS


@pytest.fixture(scope="module")
def made(module_db):
    return World(STAGES)


@pytest.fixture
def world(db, made):
    return made


def everybody(world):
    return {
        **world.people,
        **{f"stranger_{name}": person for name, person in world.strangers.items()},
    }


def test_the_lists_with_details_are_found(pairs):
    assert {detail.route for _list, detail in pairs} >= {
        "enterprises/<pk>/",
        "issues/<number>/",
        "issues/held/<pk>/",
        "portal/bill/<number>/",
        "visits/<pk>/",
        "visits/inspections/<pk>/",
        "api/v1/enterprises/<pk>/",
        "api/v1/visits/<pk>/",
        "api/v1/issues/<pk>/",
        "api/v1/evidence/<pk>/",
    }


@pytest.mark.parametrize(
    ("list_", "detail"), LISTS_AND_DETAILS, ids=[str(detail) for _list, detail in LISTS_AND_DETAILS]
)
def test_a_list_shows_exactly_what_its_details_open(list_, detail, world):
    [(word, argument)] = detail.arguments
    rows = list(ROWS[word].objects.all())
    assert len(rows) > 1
    opened_by_somebody = set()
    for who, person in everybody(world).items():
        client = Client()
        client.force_login(person)
        shown = shown_in(client, list_, detail, argument, rows)
        opened = set()
        for row in rows:
            status = client.get(address_of(detail, row, argument)).status_code
            # A contact is led from the station's page of a line to their own.
            assert status in ({200, 404, 302} if person.is_contact else {200, 404}), (who, row)
            if status == 200:
                opened.add(row.pk)
        assert shown == opened, who
        opened_by_somebody |= opened
    assert len(opened_by_somebody) > 1


def address_of(detail, row, argument):
    key = row.number if argument == "number" else row.pk
    return detail.path(lambda _word, _name: key)


def shown_in(client, list_, detail, argument, rows):
    answer = client.get(f"/{list_.route}{EVERYTHING.get(list_.route, '')}")
    if answer.status_code == 404:
        return set()
    assert answer.status_code == 200
    if list_.route.startswith("api/"):
        body = answer.json()
        assert body["next"] is None
        return {type(rows[0].pk)(one["id"]) for one in body["results"]}
    page = answer.content.decode()
    return {
        row.pk
        for row in rows
        if re.search(rf'href="{re.escape(address_of(detail, row, argument))}["?#]', page)
    }
