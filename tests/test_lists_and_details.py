"""A list and its details are one rule: what the one shows the other opens, and nothing else."""

import re

import pytest
from django.test import Client

from issues.models import Attachment, Issue
from issues.workflow import STAGES
from tests.addresses import LISTS_AND_DETAILS, NAMED
from tests.world import ROWS, World

# Lists that show a part unless asked for all.
EVERYTHING = {"issues/": "?state=all"}
LEDGERS = [one for one in NAMED if not one.arguments and one.rule.kinds]


@pytest.fixture(scope="module")
def pairs():
    return LISTS_AND_DETAILS


def everybody(world):
    return {
        **world.people,
        **{f"stranger_{name}": person for name, person in world.strangers.items()},
    }


def test_the_lists_with_details_are_found(pairs):
    assert {detail.route for _list, detail in pairs} >= {
        "enterprises/<pk>/",
        "issues/<number>/",
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
@pytest.mark.django_db
def test_a_list_shows_exactly_what_its_details_open(list_, detail):
    world = World(STAGES)
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
            assert status in {200, 404}, (who, row, status)
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


@pytest.mark.django_db
def test_no_list_names_another_stations_rows():
    world = World()
    theirs = [world.rows["enterprises"].name, world.rows["issues"].title]
    for person in world.strangers.values():
        client = Client()
        client.force_login(person)
        for ledger in LEDGERS:
            page = client.get(f"/{ledger.route}{EVERYTHING.get(ledger.route, '')}")
            body = b"".join(page) if page.streaming else page.content
            for words in theirs:
                assert words.encode() not in body, (ledger.route, person.kind, words)


@pytest.mark.django_db
def test_a_sensitive_line_is_named_nowhere_to_those_outside():
    world = World()
    lead = Issue.objects.get(sensitive=True, unit=world.unit)
    Issue.objects.filter(pk=lead.pk).update(title="铝锭失窃线索")
    insiders = {"chief", "handler", "bureau"}
    for who, person in world.people.items():
        client = Client()
        client.force_login(person)
        seen = False
        for address in NAMED:
            if address.name == "search":
                where = "/search/?q=失窃"
            elif address.name == "issue_export":
                where = "/issues/export.csv?state=all"
            else:
                where = address.path(world.stands_for) + EVERYTHING.get(address.route, "")
            answer = client.get(where)
            body = b"".join(answer) if answer.streaming else answer.content
            named = "铝锭失窃线索" in body.decode(errors="ignore")
            assert not named or who in insiders, (who, address.route)
            seen = seen or named
        assert seen == (who in insiders), who


@pytest.mark.django_db
def test_a_file_is_served_with_its_own_line_only():
    """To whoever sees the line and the event; not under another line's address."""
    world = World()
    attachments = list(Attachment.objects.select_related("issue"))
    assert len(attachments) == 4
    routes = ("/issues/{number}/files/{file}/", "/api/v1/issues/{number}/files/{file}/")
    for who, person in everybody(world).items():
        client = Client()
        client.force_login(person)
        lines = set(Issue.objects.visible_to(person))
        for attachment in attachments:
            for line in (attachment.issue, Issue.objects.exclude(pk=attachment.issue_id).first()):
                reads = (
                    attachment.issue == line
                    and line in lines
                    and (attachment.event.public or not person.is_contact)
                )
                for route in routes:
                    where = route.format(number=line.number, file=attachment.evidence_id)
                    answer = client.get(where)
                    expected = {200} if reads else {404}
                    if person.is_contact and route.startswith("/issues/"):
                        expected = {404}
                    assert answer.status_code in expected, (who, where)
                    if answer.status_code == 200:
                        assert b"".join(answer).startswith(b"\x89PNG")
                        assert answer["X-Content-Type-Options"] == "nosniff"
