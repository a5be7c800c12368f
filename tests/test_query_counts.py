"""A list costs the same at 10 rows and at 100; details and the dashboard keep their bounds."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests import factories as make

LISTS = (
    "/enterprises/",
    "/issues/",
    "/issues/?state=late",
    "/visits/",
    "/visits/inspections/",
    "/search/?q=a",
    "/map/",
    "/api/v1/enterprises/?page_size=100",
    "/api/v1/issues/?page_size=100",
    "/api/v1/visits/?page_size=100",
    "/api/v1/officers/?page_size=100",
)


def cost(client: Client, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(path)
    assert answer.status_code == 200, path
    return len(queries)


@pytest.fixture
def station(db):
    chief = make.ChiefFactory()

    def fill(rows: int) -> Client:
        for _ in range(rows):
            issue = make.RaisedIssueFactory(unit=chief.unit)
            make.VisitFactory(enterprise=issue.enterprise)
        client = Client()
        client.force_login(chief)
        return client

    return fill


def test_lists_cost_the_same_at_ten_rows_and_at_a_hundred(station):
    client = station(10)
    at_ten = {path: cost(client, path) for path in LISTS}
    dashboard = cost(client, "/")
    client = station(90)
    assert {path: cost(client, path) for path in LISTS} == at_ten
    assert cost(client, "/") == dashboard <= 10
    assert max(at_ten.values()) <= 12, at_ten


def test_a_detail_keeps_to_its_bound(db):
    issue = make.ProposedIssueFactory(kind="hazard")
    chief = make.ChiefFactory(unit=issue.unit)
    visit = make.VisitFactory(enterprise=issue.enterprise)
    client = Client()
    client.force_login(chief)
    for path in (
        f"/issues/{issue.number}/",
        f"/enterprises/{issue.enterprise_id}/",
        f"/visits/{visit.pk}/",
        f"/api/v1/issues/{issue.pk}/",
        f"/api/v1/enterprises/{issue.enterprise_id}/",
    ):
        assert cost(client, path) <= 20, path
