"""What is another station's, or sensitive, or another line's, is neither named nor served."""

import pytest
from django.test import Client

from issues.models import Attachment, Issue
from tests.addresses import NAMED
from tests.test_lists_and_details import EVERYTHING, everybody
from tests.world import World

LEDGERS = [one for one in NAMED if not one.arguments and one.rule.kinds]


@pytest.fixture(scope="module")
def made(module_db):
    return World()


@pytest.fixture
def world(db, made):
    return made


def test_no_list_names_another_stations_rows(world):
    theirs = [world.rows["enterprises"].name, world.rows["issues"].title]
    for person in world.strangers.values():
        client = Client()
        client.force_login(person)
        for ledger in LEDGERS:
            page = client.get(f"/{ledger.route}{EVERYTHING.get(ledger.route, '')}")
            body = b"".join(page) if page.streaming else page.content
            for words in theirs:
                assert words.encode() not in body, (ledger.route, person.kind, words)


def test_a_sensitive_line_is_named_nowhere_to_those_outside(world):
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


def test_a_file_is_served_with_its_own_line_only(world):
    """To whoever sees the line and the event; not under another line's address."""
    attachments = list(Attachment.objects.select_related("issue"))
    assert len(attachments) == 8
    routes = (
        "/issues/{number}/files/{file}/",
        "/portal/bill/{number}/files/{file}/",
        "/api/v1/issues/{number}/files/{file}/",
    )
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
                    closed = "/issues/" if person.is_contact else "/portal/"
                    if route.startswith(closed):
                        expected = {404}
                    assert answer.status_code in expected, (who, where)
                    if answer.status_code == 200:
                        assert b"".join(answer).startswith(b"\x89PNG")
                        assert answer["X-Content-Type-Options"] == "nosniff"
