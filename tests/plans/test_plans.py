"""No page reads a growing table from end to end: each finds its rows by an index.

One test, since filling the database takes longer than all that is asked of it.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.test import Client
from django.utils import timezone

from bench.catalogue import WHO, pages_of, person
from issues.models import Attachment, Event
from liaison.accounts.models import User
from liaison.core.due import start_of
from liaison.demo.scale import fill
from liaison.evidence.models import Evidence
from liaison.jobs.sweeps import ring
from liaison.summaries.actions import count_due
from tests.plans.reading import FEW, Listener, Statement, growing_tables, read_whole, scans
from visits.models import Visit, VisitFile

# PostgreSQL weighs an index against the size of the table, and sees no use in one before.
STATIONS = 100 if connection.vendor == "postgresql" else 15
ROWS = 50_000
MINUTES = 12
# Besides those of the bench: a bureau of some stations only.
COUNTY = "scc001-bureau"
# Tables whose loss of all indexes must be seen in the pages of the desk.
SERVED = ("issues_issue", "issues_event", "visits_visit", "enterprises_enterprise")
# Indexes that nothing stands in for when a province is asked about: each must be missed.
ALONE = {
    "visit_when": "visits_visit",
    "issue_due": "issues_issue",
    "issue_escalation_due": "issues_issue",
    "enterprise_all_by_name": "enterprises_enterprise",
    "user_listed": "accounts_user",
    "user_by_name": "accounts_user",
}


@dataclass(frozen=True)
class Asked:
    """A statement that a page sent, and for whom."""

    who: str
    page: str
    statement: Statement

    def __str__(self) -> str:
        """Whose page, and the statement from its tables on."""
        sql = self.statement.sql
        return f"{self.page} for {self.who}:\n{sql[max(sql.find(' FROM '), 0) :][:900]}"


@contextmanager
def a_server_as_advised() -> Iterator[None]:
    """PostgreSQL as docs/scale.md has it set up: its disk does not turn. For this connection only,
    so not before the filling, which begins new ones."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SET random_page_cost = 1.1")
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET random_page_cost")


# Not rolled back but emptied: rows that were never there fill PostgreSQL's tables all the same, and
# the tests that come after read through them.
@pytest.mark.django_db(transaction=True)
def test_no_page_reads_a_growing_table_whole() -> None:
    fill(STATIONS)
    count_due(timezone.now())
    add_what_is_not_seeded()
    assert sum(model._default_manager.count() for model in apps.get_models()) >= ROWS
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with a_server_as_advised():
        look()


def look() -> None:
    """At every page, then at what is seen when indexes are gone."""
    asked = {who: list(asked_by(who)) for who in (*WHO, "county")}
    growing = growing_tables()

    refused = [found for by_one in asked.values() for found in refusals(by_one, growing)]
    assert not refused, "\n\n".join(refused)

    if connection.vendor == "postgresql":
        assert read_by_sweeps() & growing == set()

    # And were there no index, it would be seen.
    unseen = {table for table in SERVED if not is_missed(indexes_of(table), table, asked["desk"])}
    assert unseen == set()
    if connection.vendor == "postgresql":
        assert {
            name for name, table in ALONE.items() if not is_missed([name], table, asked["bureau"])
        } == set()


def read_by_sweeps() -> set[str]:
    """The tables that are read from end to end to find that nothing is due. Asked more often than
    it takes PostgreSQL to make up its mind about a plan that it keeps."""
    before = scans()
    for _minute in range(MINUTES):
        ring(start_of(timezone.localdate()))
    return set(scans() - before)


def add_what_is_not_seeded() -> None:
    """People who are signed in, and files put to lines and visits: enough for an index to be worth
    it."""
    now = timezone.now()
    Session.objects.bulk_create(
        Session(session_key=f"seeded{number}", session_data="", expire_date=now)
        for number in range(FEW)
    )
    events = list(islice(Event.objects.order_by("pk").iterator(), FEW))
    Attachment.objects.bulk_create(
        Attachment(issue_id=event.issue_id, event=event, evidence=file)
        for event, file in zip(events, files_for(events), strict=True)
    )
    visits = list(islice(Visit.objects.order_by("pk").iterator(), FEW))
    VisitFile.objects.bulk_create(
        VisitFile(visit=visit, evidence=file)
        for visit, file in zip(visits, files_for(visits), strict=True)
    )


def files_for(rows: Iterable[Event | Visit]) -> list[Evidence]:
    return Evidence.objects.bulk_create(
        Evidence(
            uploaded_by_id=person("officer").pk, file=f"evidence/{row.pk}.png", suffix=".png",
            name="photo.png", content_type="image/png", size=1, sha256=f"{row.pk:064x}",
        )
        for row in rows
    )  # fmt: skip


def asked_by(who: str) -> Iterator[Asked]:
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
            yield Asked(who, page.name, statement)


def refusals(asked: Iterable[Asked], growing: frozenset[str]) -> Iterator[str]:
    """What is read that should not be, in words."""
    for one in asked:
        if bad := read_whole(one.statement) & growing:
            yield f"All of {', '.join(sorted(bad))} is read by {one}"


def is_missed(indexes: Iterable[str], table: str, asked: Iterable[Asked]) -> bool:
    """Whether this would be refused, were the table's indexes dropped."""
    about = [one for one in asked if f'"{table}"' in one.statement.sql]
    with transaction.atomic():
        with connection.cursor() as cursor:
            for name in indexes:
                cursor.execute(f'DROP INDEX "{name}"')
        found = next(refusals(about, frozenset((table,))), None)
        transaction.set_rollback(True)
    return found is not None


def indexes_of(table: str) -> list[str]:
    """Those that can be dropped by themselves: no key, no constraint."""
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, table)
    return [name for name, one in found.items() if one["index"] and not one["unique"]]
