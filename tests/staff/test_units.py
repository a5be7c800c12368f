"""A bureau's desk and the pages below: as counted, and each number with its rows."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from issues.models import Issue
from liaison.staff.views.units import ROWS
from liaison.summaries.actions import count_due
from liaison.summaries.models import Summary
from liaison.summaries.reading import STALE_AFTER
from tests import factories as make
from tests.staff.test_dashboard import rows_behind
from tests.summaries.tree import Tree

pytestmark = pytest.mark.django_db


def signed_in(user):
    client = Client()
    client.force_login(user)
    client.cookies["django_language"] = "en"
    return client


def text(answer):
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def tree(time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    return Tree()


@pytest.mark.parametrize("name", ["province", "near", "first", "empty"])
def test_every_number_of_a_unit_equals_the_rows_behind_it(tree, name):
    count_due(timezone.now())
    client, unit = signed_in(tree.user), tree.units[name]
    context = client.get(f"/units/{unit.code}/").context
    found = [(duty.number, duty.url) for duty in context["duties"]]
    found += [(number, url) for _grade, number, url in context["grades"]]
    found += [(context["uncertain"], context["uncertain_url"])]
    found += [(int(one.number), one.url) for one in context["results"] if "yuan" not in one.label]
    found += [(figure.number, figure.url) for row in context["rows"] for figure in row.figures]
    assert len(found) >= 14
    for number, url in found:
        assert number == rows_behind(client, url, tree.user), url
    [yuan] = [one.number for one in context["results"] if "yuan" in one.label]
    closed = Issue.objects.filter(
        unit__path__startswith=unit.path,
        closed_at__year=timezone.localdate().year,
        loss_recovered__isnull=False,
    )
    loss = sum(one.loss_recovered for one in closed if one.stage == "closed")
    assert yuan == f"{loss:,.0f}"


def test_the_table_lists_the_units_directly_below_the_worst_first(tree):
    count_due(timezone.now())
    client = signed_in(tree.user)
    rows = client.get("/").context["rows"]
    assert {row.name for row in rows} == {tree.units["near"].name, tree.units["far"].name}
    rows = client.get(rows[0].url).context["rows"]
    late = [row.figures[-1].number for row in rows]
    assert late == sorted(late, reverse=True)
    # A squad has nothing to be counted.
    assert len(client.get(f"/units/{tree.units['near'].code}/").context["rows"]) == 3


def test_the_moment_is_said_and_an_old_one_is_warned_of(tree):
    now = timezone.now()
    count_due(now)
    client = signed_in(tree.user)
    said = text(client.get("/"))
    assert f"counted at {timezone.localtime(now):%H:%M}" in said
    assert "These numbers are old" not in said
    for ago, old in ((timedelta(0), False), (timedelta(minutes=1), True)):
        Summary.objects.update(true_at=now - STALE_AFTER - ago)
        assert ("These numbers are old" in text(client.get("/"))) == old


def test_what_was_never_counted_is_said_to_be_so():
    tree = Tree(None)
    client = signed_in(tree.user)
    said = text(client.get("/"))
    assert "has not been counted yet" in said
    assert said.count("not counted yet") == 2
    assert "duties" not in client.get("/").context
    count_due(timezone.now())
    Summary.objects.filter(unit=tree.units["far"], topic="visits").delete()
    rows = client.get("/").context["rows"]
    assert [bool(row.figures) for row in rows] == [True, False]


def test_a_bureau_opens_what_is_below_it_and_nothing_else():
    tree = Tree(None)
    squad = make.SquadFactory(parent=tree.units["near"])
    of_near = signed_in(make.BureauUserFactory(unit=tree.units["near"]))
    for name in ("near", "first", "empty"):
        assert of_near.get(f"/units/{tree.units[name].code}/").status_code == 200
    for code in (tree.units["far"].code, tree.units["province"].code, squad.code, "nowhere"):
        assert of_near.get(f"/units/{code}/").status_code == 404
    for ledger in ("enterprises", "issues", "visits"):
        complaints = of_near.get(f"/{ledger}/?unit={tree.units['far'].code}").context["filter"]
        assert complaints.complaints
    # The way back up ends at one's own.
    assert [
        str(one) for one in of_near.get(f"/units/{tree.units['first'].code}/").context["above"]
    ] == [tree.units["near"].name]
    desk = signed_in(make.DeskFactory(unit=tree.units["first"]))
    assert desk.get(f"/units/{tree.units['first'].code}/").status_code == 404


def test_it_costs_the_same_queries_with_three_stations_and_with_thirty():
    bureau = make.BureauFactory()
    user = make.BureauUserFactory(unit=bureau)

    def costs():
        count_due(timezone.now())
        client = signed_in(user)
        found = {}
        for path in ("/", "/enterprises/", "/issues/", "/visits/", "/map/"):
            with CaptureQueriesContext(connection) as queries:
                text(client.get(path))
            found[path] = len(queries)
        return found

    make.StationFactory.create_batch(3, parent=bureau)
    few = costs()
    make.StationFactory.create_batch(27, parent=bureau)
    assert costs() == few
    assert few["/"] <= 10


def test_a_long_table_is_cut_and_can_be_had_whole():
    bureau = make.BureauFactory()
    client = signed_in(make.BureauUserFactory(unit=bureau))
    make.StationFactory.create_batch(ROWS + 2, parent=bureau)
    page = client.get("/")
    assert len(page.context["rows"]) == ROWS
    assert f"Show all {ROWS + 2} units" in text(page)
    page = client.get("/?all=1")
    assert len(page.context["rows"]) == ROWS + 2
    assert "Show all" not in text(page)


def test_the_navigation_says_what_was_counted(tree):
    client = signed_in(tree.user)

    def late(path):
        return {entry.url: entry.count for entry in client.get(path).context["nav"]}["/issues/"]

    assert late("/visits/") == 0
    count_due(timezone.now())
    expected = Issue.objects.all().late(timezone.now()).count()
    assert (
        late("/") == late("/visits/") == late(f"/units/{tree.units['far'].code}/") == expected > 0
    )
