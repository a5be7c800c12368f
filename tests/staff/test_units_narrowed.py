"""A bureau narrows down by unit: ledgers, API and map, however many stations there are."""

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from enterprises.models import Enterprise
from issues.models import Issue
from liaison.accounts.models import Unit
from liaison.summaries.actions import count_due
from tests import factories as make
from tests.staff.test_units import signed_in, text
from tests.summaries.tree import Tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    """An enterprise and a line at each station but ``empty``."""
    tree = Tree(None)
    for n, name in enumerate(("first", "second", "other")):
        enterprise = make.AssignedEnterpriseFactory(
            unit=tree.units[name], longitude=120 + n, latitude=36 + n
        )
        make.RaisedIssueFactory(enterprise=enterprise)
    return tree


def codes(tree, *names):
    return "&".join(f"unit={tree.units[name].code}" for name in names)


@pytest.mark.parametrize(
    ("names", "stations"),
    [
        (("near",), {"first", "second"}),
        (("province",), {"first", "second", "other"}),
        (("first",), {"first"}),
        (("empty",), set()),
        (("far", "second"), {"other", "second"}),
    ],
)
def test_a_bureau_chosen_is_everything_below_it(tree, names, stations):
    client = signed_in(tree.user)
    expected = {tree.units[name] for name in stations}
    for ledger in ("enterprises", "issues"):
        page = client.get(f"/{ledger}/?{codes(tree, *names)}").context["page"]
        assert {row.unit for row in page.items} == expected


def test_so_it_is_in_the_api_and_what_one_may_not_see_finds_nothing(tree):
    api = APIClient()
    for who, name, n in (
        (tree.user, "near", 2),
        (tree.user, "first", 1),
        (make.BureauUserFactory(unit=tree.units["far"]), "near", 0),
        (make.DeskFactory(unit=tree.units["first"]), "first", 1),
        (make.DeskFactory(unit=tree.units["first"]), "near", 0),
    ):
        api.force_authenticate(who)
        for rows in ("enterprises", "issues"):
            answer = api.get(f"/api/v1/{rows}/?{codes(tree, name)}")
            assert len(answer.json()["results"]) == n, (rows, name)


@pytest.mark.parametrize(
    ("chosen", "offered"),
    [
        ((), {"near", "far"}),
        (("near",), {"near", "first", "second", "empty"}),
        # Beside it, so that one station can be looked at after the other.
        (("first",), {"first", "second", "empty"}),
        (("first", "far"), {"first", "second", "empty", "far"}),
    ],
)
def test_a_form_offers_the_units_below_the_one_chosen(tree, chosen, offered):
    client = signed_in(tree.user)
    for ledger in ("enterprises", "issues", "visits"):
        asked = client.get(f"/{ledger}/?{codes(tree, *chosen)}").context["filter"]
        assert not asked.complaints
        codes_offered = {code for code, _name in asked.fields["unit"].choices}
        assert codes_offered == {tree.units[name].code for name in offered}
        assert asked.offers_people == (chosen == ("first",))
        assert asked.people().exists() == (chosen == ("first",))


def test_the_ledgers_say_what_was_counted_and_when(tree):
    client = signed_in(tree.user)

    def said(query):
        listed = client.get(f"/enterprises/?{query}").context["how_many"]
        bill = client.get(f"/issues/?{query}").context
        return listed, {tab["code"]: tab["count"] for tab in bill["tabs"]}, bill["counted_at"]

    assert said("") == ("3 in all", dict.fromkeys(said("")[1]), "")
    count_due(timezone.now())
    make.RaisedIssueFactory(enterprise=Enterprise.objects.earliest("pk"))
    listed, tabs, counted_at = said("")
    assert listed == f"3 in all, {counted_at}"
    assert tabs["open"] == 3 == Issue.objects.count() - 1
    assert said(codes(tree, "far"))[1]["open"] == 1
    # Several units, or anything else: nobody has counted that.
    assert said(codes(tree, "far", "near"))[0] == "3 in all"
    assert client.get("/issues/?level=simple").context["counted_at"] == ""
    assert client.get("/enterprises/?tier=key").context["how_many"] == "0 in all"


def test_the_map_goes_from_unit_to_unit_down_to_the_enterprises(tree):
    client = signed_in(tree.user)
    assert "No unit here has been counted yet" in text(client.get("/map/"))
    count_due(timezone.now())

    def marks(url):
        return {mark.name: mark for mark in client.get(url).context["marks"]}

    county, station = tree.units["near"], tree.units["first"]
    near = marks("/map/")[f"{county} 2"]
    # The middle of 120, 36 and 121, 37.
    assert (near.point.lon, near.point.lat) == pytest.approx((120.5, 36.5))
    first = marks(near.url)[f"{station} 1"]
    enterprise = Enterprise.objects.get(unit=station)
    assert marks(first.url)[enterprise.name].url == f"/enterprises/{enterprise.pk}/"
    assert len(marks(f"/map/?{codes(tree, 'first', 'second')}")) == 2
    assert "Choose a single station" in text(client.get("/map/?grade=red"))
    # A station's own people see its enterprises at once.
    desk = signed_in(make.DeskFactory(unit=Unit.objects.get(pk=station.pk)))
    assert [mark.name for mark in desk.get("/map/").context["marks"]] == [enterprise.name]
