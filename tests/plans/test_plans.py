"""No page reads a growing table from end to end: each finds its rows by an index.

One test, since filling the database takes longer than all that is asked of it.
"""

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from bench.catalogue import WHO, Page, pages_of, person
from liaison.accounts.models import User
from liaison.demo.scale import fill
from liaison.summaries.actions import count_due
from tests.plans.reading import Listener, Statement, growing_tables, read_whole

# PostgreSQL weighs an index against the size of the table, and sees no use in one before.
STATIONS = 100 if connection.vendor == "postgresql" else 15
ROWS = 50_000
# Besides those of the bench: a bureau of some stations only.
COUNTY = "scc001-bureau"
SOONER_READ = {
    # Of a hundred stations all rows are read sooner than one station's are looked up one by one; of
    # 3,000 they are looked up (docs/scale.md).
    ("week", "enterprises_assignment"),
    # What is looked for has two characters, and those are in no index (core/text_search.py).
    ("search", "enterprises_contact"),
}
# Tables whose loss of all indexes must be seen in the pages of the desk.
SERVED = ("issues_issue", "issues_event", "visits_visit", "enterprises_enterprise")


@pytest.mark.django_db
def test_no_page_reads_a_growing_table_whole() -> None:
    fill(STATIONS)
    count_due(timezone.now())
    assert sum(model._default_manager.count() for model in apps.get_models()) >= ROWS
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # As docs/scale.md has a server set up: its disk does not turn.
            cursor.execute("SET LOCAL random_page_cost = 1.1")
    growing = growing_tables()
    refused = [found for who in (*WHO, "county") for found in read_by(who, growing)]
    assert not refused, "\n\n".join(refused)
    # And were there no index, it would be seen.
    assert {table for table in SERVED if not is_missed(table)} == set()


def read_by(who: str, growing: frozenset[str]) -> Iterator[str]:
    """What this person's pages read that they should not, in words."""
    for page, statement in asked_by(who):
        whole = read_whole(statement) & growing
        if bad := {table for table in whole if (page.name, table) not in SOONER_READ}:
            yield f"{page.name} for {who} reads all of {', '.join(bad)}:\n{statement.sql[:600]}"


def asked_by(who: str) -> Iterator[tuple[Page, Statement]]:
    """Every statement of every page that this person opens."""
    client = Client(raise_request_exception=True)
    client.force_login(User.objects.get(username=COUNTY) if who == "county" else person(who))
    # The first station, whose rows these pages are about, is of the first county.
    for page in pages_of("bureau" if who == "county" else who):
        listener = Listener()
        with connection.execute_wrapper(listener):
            answer = client.get(page.path)
        assert answer.status_code == 200, page
        for statement in listener.heard:
            yield page, statement


def is_missed(table: str) -> bool:
    """Whether a page of the desk would read the whole table, had it no index but its key."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for name in indexes_of(table):
                cursor.execute(f'DROP INDEX "{name}"')
        whole = set().union(*(read_whole(statement) for _page, statement in asked_by("desk")))
        transaction.set_rollback(True)
    return table in whole


def indexes_of(table: str) -> list[str]:
    """Those that can be dropped by themselves: no key, no constraint."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return [name for name, one in found.items() if one["index"] and not one["unique"]]
