"""The pages on which enterprises are divided into teams, and those that show the teams."""

import csv
import io
import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liaison.core.coordinates import Point, from_wgs84
from patrols.actions.dividing import Asked, move_place, propose_division
from patrols.actions.publishing_teams import publish_division
from patrols.actions.settling import set_barrier, set_pin
from patrols.models import Barrier, Draft, Membership, PatrolTeam, Pin
from tests import factories as make
from tests.factories.patrols import in_rows, team_of

pytestmark = pytest.mark.django_db
CHINA = "/patrols/teams/division/"


@pytest.fixture
def unit():
    return make.StationFactory()


@pytest.fixture
def chief(unit):
    return make.ChiefFactory(unit=unit)


@pytest.fixture
def places(unit):
    return in_rows(unit, 4, rows=2)


@pytest.fixture
def draft(unit, chief, places):
    return propose_division(unit, Asked(2, 3, 4), by=chief, rounds=12)


@pytest.fixture
def client(chief):
    return signed_in(chief)


def signed_in(person):
    client = Client()
    client.force_login(person)
    return client


def team_of_one(enterprise):
    return Draft.objects.get().places.get(enterprise=enterprise).team_number


def typed(answer, name):
    return answer.context["form"][name].value()


def test_from_a_proposal_to_a_published_division(client, places):
    assert client.get(CHINA).url == f"{CHINA}new/"
    asked = {"teams": "2", "smallest": "3", "largest": "4", "seed": "1", "version": ""}
    assert client.post(f"{CHINA}new/", asked).url == CHINA
    page = client.get(CHINA).content.decode()
    assert page.count('class="dot ') == 8
    assert all(page.count(one.name) >= 2 for one in places)
    assert page.count("<tr draggable") == 8
    before = team_of_one(places[0])
    moved = {"team": str(3 - before), "version": "1"}
    assert client.post(f"{CHINA}places/{places[0].pk}/", moved).url == CHINA
    assert team_of_one(places[0]) == 3 - before
    day = timezone.localdate() + timedelta(days=1)
    given = {"begins_on": str(day), "any_size": "on", "version": "2"}
    assert client.post(f"{CHINA}publish/", given).url == "/patrols/teams/"
    assert Membership.objects.filter(began_on=day).count() == 8
    teams = client.get("/patrols/teams/")
    assert teams.context["to_come"].begins_on == day
    assert client.get(CHINA).url == f"{CHINA}new/"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"teams": "9"}, "teams"), ({"smallest": "5"}, "smallest"), ({"largest": "x"}, "largest")],
)
def test_a_refused_proposal_keeps_what_was_typed(client, places, wrong, field):
    asked = {"teams": "2", "smallest": "3", "largest": "4", "seed": "7", "version": ""} | wrong
    answer = client.post(f"{CHINA}new/", asked)
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert {name: typed(answer, name) for name in asked} == asked
    assert not Draft.objects.exists()


def test_a_refused_move_keeps_the_team_that_was_chosen(client, draft, chief, places):
    one, other = places[:2]
    before = team_of_one(one)
    set_pin(draft.unit, Pin.Kind.TOGETHER, one, by=chief, other=other)
    answer = client.post(
        f"{CHINA}places/{one.pk}/", {"team": str(3 - before), "version": draft.version}
    )
    assert answer.status_code == 422
    assert typed(answer, "team") == str(3 - before)
    assert other.name in str(answer.context["form"].errors["team"])
    assert client.post(f"{CHINA}places/{one.pk}/", {"team": "3", "version": 1}).status_code == 422
    assert team_of_one(one) == before


def test_an_old_page_is_told_that_somebody_else_was_there(client, draft, chief, places):
    move_place(draft, places[0], None, by=chief, version=1)
    for path, given in (
        (f"places/{places[1].pk}/", {"team": "none"}),
        ("publish/", {"begins_on": str(timezone.localdate()), "any_size": "on"}),
        ("new/", {"teams": 2, "smallest": 3, "largest": 4, "seed": 0}),
    ):
        answer = client.post(CHINA + path, {**given, "version": "1"})
        assert answer.status_code == 409
        assert answer.context["form"].errors
    answer = client.post(f"{CHINA}discard/", {"version": "1"}, follow=True)
    assert [one.level_tag for one in answer.context["messages"]] == ["error"]
    assert Draft.objects.get().state == "open"
    assert client.post(f"{CHINA}discard/", {"version": "2"}).status_code == 302
    assert Draft.objects.get().state == "discarded"


def test_a_refused_publishing_keeps_the_day_and_says_which_teams(client, draft, chief, places):
    # Two go: of eight in two teams, one has two or each three.
    for n, one in enumerate(places[:2], 1):
        move_place(draft, one, None, by=chief, version=n)
    draft.refresh_from_db()
    day = str(timezone.localdate() + timedelta(days=3))
    page = client.get(f"{CHINA}publish/")
    assert page.context["covered"] == 6
    assert page.context["uncovered"] == 2
    assert page.context["changing"] == 6
    answer = client.post(f"{CHINA}publish/", {"begins_on": day, "version": draft.version})
    assert answer.status_code == 422
    assert typed(answer, "begins_on") == day
    assert "any_size" in answer.context["form"].errors
    past = str(timezone.localdate() - timedelta(days=1))
    answer = client.post(f"{CHINA}publish/", {"begins_on": past, "version": draft.version})
    assert (answer.status_code, typed(answer, "begins_on")) == (422, past)
    assert not Membership.objects.exists()


def test_what_is_settled_is_listed_refused_at_its_field_and_taken_away(client, unit, places):
    one, other = places[:2]
    there = "/patrols/teams/pins/"
    given = {"kind": "together", "enterprise": one.pk, "other": "", "reason": "同一园区"}
    answer = client.post(there, given)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["other"]
    assert typed(answer, "reason") == "同一园区"
    assert client.post(there, {**given, "other": other.pk}).status_code == 302
    page = client.get(there).content.decode()
    assert "同一园区" in page
    pin = Pin.objects.get()
    stranger = signed_in(make.ChiefFactory())
    assert stranger.post(f"{there}{pin.pk}/remove/").status_code == 404
    assert client.post(f"{there}{pin.pk}/remove/").status_code == 302
    assert not Pin.objects.exists()


def test_a_barrier_is_read_point_by_point(client, unit, places):
    there = "/patrols/teams/barriers/"
    given = {
        "kind": "river",
        "name": "示例河",
        "system": "gcj02",
        "line": "120.5, 36.8\n120.6，36.8",
    }
    answer = client.post(there, {**given, "line": "120.5, 36.8\nnowhere"})
    assert answer.status_code == 422
    assert "nowhere" in str(answer.context["form"].errors["line"])
    assert typed(answer, "line") == "120.5, 36.8\nnowhere"
    assert client.post(there, {**given, "line": "120.5, 36.8"}).status_code == 422
    assert client.post(there, given).status_code == 302
    kept = [from_wgs84(Point(*at), "gcj02") for at in Barrier.objects.get().line]
    assert [(round(at.lon, 4), round(at.lat, 4)) for at in kept] == [(120.5, 36.8), (120.6, 36.8)]
    page = client.get(there).content.decode()
    assert '<polyline class="barrier"' in page
    assert "示例河" in page
    barrier = Barrier.objects.get()
    assert client.post(f"{there}{barrier.pk}/remove/").status_code == 302
    assert not Barrier.objects.exists()


def test_with_a_tile_server_the_same_lies_on_its_tiles(client, unit, chief, draft, settings):
    settings.TILE_URL = "https://tiles.example/{z}/{x}/{y}.png"
    settings.TILE_SYSTEM = "gcj02"
    line = [Point(120.49, 36.855), Point(120.52, 36.855)]
    set_barrier(unit, Barrier.Kind.ROAD, "示例大道", line, by=chief)
    page = client.get(CHINA).content.decode()
    assert "leaflet/leaflet.js" in page
    assert "<svg" not in page.split('id="map"')[1]
    found = re.search(r'<script id="division-points"[^>]*>(.*?)</script>', page, re.DOTALL)
    drawn = json.loads(found[1])
    assert len(drawn["points"]) == 8
    assert len(drawn["spokes"]) == 6
    for one in drawn["points"]:
        place = draft.places.get(enterprise__name=one["name"])
        at = from_wgs84(place.enterprise.point, "gcj02")
        assert one["at"] == pytest.approx([at.lat, at.lon], abs=1e-6)
        assert one["team"] == place.team_number
        assert one["url"] == f"{CHINA}places/{place.enterprise_id}/"
    assert drawn["barriers"][0]["name"] == "示例大道"
    barriers = client.get("/patrols/teams/barriers/")
    assert typed(barriers, "system") == "gcj02"


def test_the_teams_with_history_sheet_and_export(client, unit, chief, draft, places):
    publish_division(draft, timezone.localdate(), by=chief, version=1)
    team = PatrolTeam.objects.order_by("number").first()
    inside = [one.enterprise for one in team.memberships.all()]
    leader = make.ContactFactory(enterprise=inside[0])
    there = f"/patrols/teams/{team.pk}/"
    answer = client.post(f"{there}edit/", {"name": "队" * 41, "leader": leader.pk})
    assert answer.status_code == 422
    assert typed(answer, "name") == "队" * 41
    assert client.post(f"{there}edit/", {"name": "东片", "leader": leader.pk}).url == there
    page = client.get(there).content.decode()
    assert "东片" in page
    assert leader.name in page
    assert all(one.name in page for one in inside)
    listed = client.get("/patrols/teams/")
    assert [len(team.members) for team in listed.context["page"].items] == [4, 4]
    assert listed.context["history"][0].published_by == chief
    assert client.get("/patrols/teams/sheet/").content.decode().count("示例精密机械") == 8
    rows = list(
        csv.reader(
            io.StringIO(b"".join(client.get("/patrols/teams/export.csv")).decode("utf-8-sig"))
        )
    )
    assert len(rows) == 9
    assert next(row for row in rows if leader.name in row)[:2] == ["东片", inside[0].name]


def test_who_is_in_no_team_tonight_is_listed(client, unit, chief):
    team = team_of(2, unit=unit)
    out = make.AssignedEnterpriseFactory(unit=unit)
    closed = make.EnterpriseFactory(unit=unit, stage="closed")
    tomorrow = make.AssignedEnterpriseFactory(unit=unit)
    Membership.objects.create(
        team=team,
        enterprise=tomorrow,
        began_on=timezone.localdate() + timedelta(days=1),
        by=chief,
    )
    elsewhere = make.AssignedEnterpriseFactory()
    page = client.get("/patrols/teams/uncovered/")
    assert {one.pk for one in page.context["page"].items} == {out.pk, tomorrow.pk}
    words = page.content.decode()
    for one in (closed, elsewhere):
        assert one.name not in words
    assert client.get("/patrols/teams/").context["uncovered"] == 2


def test_officers_and_bureaus_look_and_do_not_divide(draft, unit):
    for person, may_look in (
        (make.OfficerFactory(unit=unit), 200),
        (make.UserFactory(kind="bureau", unit=unit.parent), 200),
        (make.ContactUserFactory(enterprise=draft.places.first().enterprise), 404),
    ):
        client = signed_in(person)
        assert client.get("/patrols/teams/").status_code == may_look
        for path in (CHINA, f"{CHINA}new/", f"{CHINA}publish/", "/patrols/teams/pins/"):
            assert client.get(path).status_code == 404
        assert client.post(f"{CHINA}discard/", {"version": 1}).status_code == 404
    assert Draft.objects.get().state == "open"
