"""The bare ledger is a yardstick: one query more than a bare page, and as many bytes as asked."""

import pytest
from django.test import Client

from bench import bare_ledger, bare_line
from tests import factories as make

ROWS = 30
SIZE = 30_000


@pytest.fixture
def client(settings, db):
    settings.ROOT_URLCONF = "bench.urls"
    make.EnterpriseFactory.create_batch(ROWS)
    client = Client()
    client.force_login(make.UserFactory())
    yield client
    # The columns were reckoned for the rows of this test.
    bare_ledger._table_columns.cache_clear()
    bare_ledger._list_columns.cache_clear()


@pytest.mark.parametrize("form", ["table", "list"])
def test_asks_once_and_has_the_bytes_asked_for(client, form, django_assert_num_queries):
    bare, ledger = (
        f"/bare/{form}/{SIZE}/",
        f"/bare/ledger/{form}/enterprises.enterprise/{SIZE}/",
    )
    assert client.get(bare).status_code == 200
    size = len(client.get(ledger).content)
    assert size == pytest.approx(SIZE, rel=0.1)
    # The session and the person behind it.
    with django_assert_num_queries(2):
        client.get(bare)
    with django_assert_num_queries(3):
        client.get(ledger)


def test_the_page_of_a_line_has_its_bytes_too(client, django_assert_num_queries):
    line = make.RaisedIssueFactory()
    with django_assert_num_queries(2 + 1 + len(bare_line.PARTS)):
        size = len(client.get(f"/bare/line/{line.pk}/{SIZE}/").content)
    assert size == pytest.approx(SIZE, rel=0.1)


def test_lists_as_many_rows_as_a_page(client):
    answer = client.get(f"/bare/ledger/list/enterprises.enterprise/{SIZE}/")
    assert len(answer.json()["results"]) == 25


def test_says_so_when_there_is_nothing_to_list(client):
    with pytest.raises(RuntimeError, match="no rows"):
        client.get(f"/bare/ledger/table/visits.visit/{SIZE}/")
