"""Every list, from the schema: pages, orders, and what it does not understand."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests import factories as make
from tests.api.conftest import World
from tests.api.people import LISTS, assert_problem, client_of, operations
from tests.factories import patrols as patrolling

ORDERS = [
    (path, order)
    for path, operation in operations("GET")
    for one in operation.get("parameters", ())
    if one["name"] == "ordering"
    for order in one["schema"]["enum"]
]
DETAILS = {path for path, _operation in operations("GET")}
FILTERS = [
    (path, one["name"], one["schema"])
    for path, operation in operations("GET")
    if path in LISTS
    for one in operation.get("parameters", ())
    if one["in"] == "query" and one["name"] not in {"after", "before", "ordering", "page_size"}
]


@pytest.fixture
def world(db, world_of_module):
    return world_of_module


def test_there_are_lists_to_walk():
    assert len(LISTS) >= 7
    assert len(ORDERS) >= 2 * len(LISTS)
    assert len(FILTERS) > 20


QUERIES = [
    "bogus=1",
    "handler__password=x",
    "ordering=password",
    "ordering=",
    "ordering=id&ordering=id",
    "page_size=0",
    "page_size=-1",
    "page_size=101",
    "page_size=x",
    "page_size=",
    "page_size=" + "9" * 5000,
    "page_size=5&page_size=6",
    "after=x",
    "before=x",
    "after=WzFd",
    "after=%00",
    "after=" + "W" * 3000,
]


@pytest.mark.parametrize("path", LISTS)
def test_what_is_not_understood_is_refused_by_name(world, path):
    for query in QUERIES:
        answer = world.chief.get(f"{world.real(path)}?{query}")
        name = query.partition("=")[0]
        body = assert_problem(answer, 400)
        assert body["field"] == name
        assert name in body["errors"]


def test_a_filter_that_is_not_understood_is_refused_by_name(world):
    for path, name, kind in FILTERS:
        if kind["type"] == "string" and "format" not in kind and "enum" not in kind:
            wrong = ["%00"]  # any other text is only not found
        else:
            wrong = ["", "x", "%00", "9" * 40, "-1", "1e5", "NaN", "0001-01-01T00:00:00%2B14:00"]
        for value in wrong:
            answer = world.chief.get(f"{world.real(path)}?{name}={value}")
            assert name in assert_problem(answer, 400)["errors"], (name, value)


def test_a_filter_given_twice_is_not_half_ignored(world):
    for path, name, kind in FILTERS:
        value = {"boolean": "true", "integer": "1"}.get(kind["type"], "2026-01-01T00:00:00Z")
        if kind["type"] != "array":
            answer = world.chief.get(f"{world.real(path)}?{name}={value}&{name}={value}")
            assert assert_problem(answer, 400)["errors"].keys() == {name}


@pytest.fixture(scope="module")
def many_of_module(module_db):
    world = World()
    for n in range(5):
        enterprise = make.AssignedEnterpriseFactory(unit=world.unit)
        make.ISSUE_IN[("raised", "closed")[n % 2]](enterprise=enterprise, kind="other")
        make.VisitFactory(enterprise=enterprise)
        make.EvidenceFactory(by=world.people["chief"])
        make.EnterpriseFactory(unit=world.unit)
        make.NoticeFactory(recipient=world.people["chief"])
        patrolling.GuardFactory(enterprise=enterprise)
        patrolling.duty_of(enterprise, timezone.localdate() + timedelta(days=n))
    return world


@pytest.fixture
def many(db, many_of_module):
    return many_of_module


@pytest.mark.parametrize(("path", "order"), ORDERS)
def test_pages_of_every_order_hold_each_row_once(many, path, order):
    path = many.real(path)
    whole = many.chief.get(f"{path}?ordering={order}&page_size=100").json()["results"]
    assert len(whole) > 1
    walked, url, back = [], f"{path}?ordering={order}&page_size=2", None
    while url:
        page = many.chief.get(url).json()
        assert len(page["results"]) <= 2
        walked += page["results"]
        url, back = page["next"], page["previous"]
    assert walked == whole
    last = walked[-2 - len(page["results"]) : -len(page["results"])]
    assert many.chief.get(back).json()["results"] == last


@pytest.mark.parametrize("path", LISTS)
def test_an_order_and_its_reverse_agree(many, path):
    path = many.real(path)
    orders = [order for of, order in ORDERS if many.real(of) == path and order[0] != "-"]
    for order in orders:
        column = {"position": "code"}.get(order, order)
        rising, falling = (
            [one[column] for one in many.chief.get(f"{path}?ordering={way}").json()["results"]]
            for way in (order, f"-{order}")
        )
        # Rows without a value are last both ways.
        some = [value for value in rising if value is not None]
        assert rising[: len(some)] == some
        assert [value for value in falling if value is not None] == some[::-1]


def test_a_page_is_25_rows_unless_asked(world):
    for _ in range(30):
        make.EnterpriseFactory(unit=world.unit)
    page = world.chief.get("/api/v1/enterprises/").json()
    assert len(page["results"]) == 25
    assert len(world.chief.get("/api/v1/enterprises/?page_size=100").json()["results"]) == 31


@pytest.mark.parametrize("path", [path for path in LISTS if f"{path}{{id}}/" in DETAILS])
@pytest.mark.parametrize(
    "who", ["handler", "officer", "auxiliary", "chief", "desk", "bureau", "squad", "contact"]
)
def test_a_row_of_a_list_can_be_opened(world, path, who):
    detail = f"{path}{{id}}/"
    client = client_of(world.people[who])
    answer = client.get(path)
    if answer.status_code == 404:
        return
    listed = {str(row["id"]) for row in answer.json()["results"]}
    for row in listed:
        assert client.get(detail.replace("{id}", row)).status_code == 200
    if world.real(detail).split("/")[-2] not in listed:
        assert client.get(world.real(detail)).status_code == 404


def test_filters_find_what_they_say(world):
    elsewhere = make.AssignedEnterpriseFactory(unit=world.unit)
    late = make.RaisedIssueFactory(enterprise=elsewhere, kind="dispute", level="simple")
    type(late).objects.filter(pk=late.pk).update(next_due_at=late.raised_at)
    other = world.proposed

    def found(query, client=world.chief):
        rows = client.get(f"/api/v1/issues/?{query}").json()["results"]
        return {row["id"] for row in rows}

    assert found("") == {late.pk, other.pk}
    for query in (
        "late=true",
        "stage=raised",
        "kind=dispute",
        "level=simple",
        f"handler={late.handler_id}",
        f"enterprise={late.enterprise_id}",
        f"q={late.number}",
        "awaiting_my_approval=false",
        f"due_before={timezone.now() + timedelta(seconds=2):%Y-%m-%dT%H:%M:%SZ}",
    ):
        assert found(query) == {late.pk}, query
    assert found("stage=raised&stage=proposed") == {late.pk, other.pk}
    assert found("late=false") == {other.pk}
    assert found("awaiting_my_approval=true") == {other.pk}
    assert found("mine=true", client_of(other.handler)) == {other.pk}
    assert found("mine=false", client_of(other.handler)) == {late.pk}
    assert found("open=true") == {late.pk, other.pk}
    assert found("open=false") == set()
    assert found("unit=ELSEWHERE") == set()
    assert found(f"unit={world.unit.code}") == {late.pk, other.pk}
