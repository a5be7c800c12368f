"""The plan of one's own day over the API."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone, translation

from liaison.core.coordinates import Point, distance_m, from_wgs84
from tests import factories as make
from tests.api.people import assert_problem, client_of
from tests.visits.day_plans.town import STATION, STEP, Town
from visits.day_plans import making
from visits.models import DayPlan

PATH = "/api/v1/day-plan/"


@pytest.fixture
def town(db):
    return Town()


@pytest.fixture
def officer(town):
    return client_of(town.officer)


def names(answer):
    return [one["enterprise"]["name"] for one in answer.json()["calls"]]


def test_none_has_been_made(officer, town):
    town.site(1, overdue=1)
    body = officer.get(PATH).json()
    assert body == {
        "day": timezone.localdate().isoformat(),
        "made_at": None,
        "being_made": False,
        "start": {"starts_from": "nowhere", "longitude": None, "latitude": None},
        "walk": 0,
        "done": 0,
        "calls": [],
    }
    assert not DayPlan.objects.exists()


def test_made_and_read(officer, town):
    far, near = town.site(5, overdue=2, grade="red"), town.site(1, overdue=9)
    lost = town.site(overdue=1, placed=False)
    with translation.override("en"):
        made = officer.post(PATH, headers={"Accept-Language": "en"})
    assert made.status_code == 200
    assert names(made) == [near.name, far.name, lost.name]
    body = officer.get(PATH).json()
    assert body["calls"] == made.json()["calls"]
    assert body["start"] == {"starts_from": "station", "longitude": 120.5, "latitude": 36.86}
    assert body["walk"] == sum(one["leg"] or 0 for one in body["calls"])
    call = body["calls"][1]
    assert call["enterprise"]["id"] == far.pk
    assert call["position"] == 2
    assert call["score"] == 25 + 2 + 12
    assert [one["code"] for one in call["reasons"]] == ["visit_overdue", "grade_red"]
    assert all(one["sentence"] for one in call["reasons"])
    last = body["calls"][2]
    assert last["leg"] is None
    assert last["reasons"][-1]["code"] == "no_place"
    assert last["reasons"][-1]["points"] == 0


def test_from_where_i_am_in_wgs84_or_as_wechat_gives_it(officer, town):
    a, b, c = (town.site(n, overdue=1) for n in (1, 5, 9))
    assert names(officer.post(PATH)) == [a.name, b.name, c.name]
    here = Point(STATION.lon, round(STATION.lat + 12 * STEP, 6))
    where = {"longitude": here.lon, "latitude": here.lat}
    turned = officer.get(PATH, where)
    assert names(turned) == [c.name, b.name, a.name]
    assert turned.json()["start"] == {"starts_from": "given", **where}
    shifted = from_wgs84(here, "gcj02")
    as_wechat = {"longitude": shifted.lon, "latitude": shifted.lat, "coordinates": "gcj02"}
    found = officer.get(PATH, as_wechat).json()
    assert [one["leg"] for one in found["calls"]] == pytest.approx(
        [one["leg"] for one in turned.json()["calls"]], abs=2
    )
    # Looking from somewhere keeps nothing of it; planning from there does, until the night.
    assert names(officer.get(PATH)) == [a.name, b.name, c.name]
    assert DayPlan.objects.get().starts_from == "station"
    assert names(officer.post(PATH, as_wechat, format="json")) == [c.name, b.name, a.name]
    assert distance_m(DayPlan.objects.get().start, here) < 1


def test_what_has_been_done_is_left_out(officer, town):
    first, second = town.site(1, overdue=1), town.site(2, overdue=1)
    officer.post(PATH)
    make.VisitFactory(enterprise=first, happened_at=timezone.now())
    body = officer.get(PATH).json()
    assert [(one["enterprise"]["id"], one["position"]) for one in body["calls"]] == [(second.pk, 1)]
    assert body["done"] == 1


def test_a_telephone_call_does_what_a_telephone_can(officer, town):
    site = town.site(1, overdue=1)
    officer.post(PATH)
    make.VisitFactory(enterprise=site, channel="phone", happened_at=timezone.now())
    assert len(officer.get(PATH).json()["calls"]) == 1


def test_something_has_come_in(officer, town):
    officer.post(PATH)
    assert not officer.get(PATH).json()["being_made"]
    make.LateIssueFactory(enterprise=town.site(1))
    assert officer.get(PATH).json()["being_made"]


def test_what_takes_longer_is_answered_later(officer, town, monkeypatch):
    site = town.site(1, overdue=1)
    officer.post(PATH)
    monkeypatch.setattr(making, "PLACES_AT_ONCE", 1)
    town.site(2, overdue=1)
    answer = officer.post(PATH)
    assert answer.status_code == 202
    assert answer.json()["being_made"]
    assert names(answer) == [site.name]


def test_it_is_one_s_own(town, officer):
    town.site(1, overdue=1)
    officer.post(PATH)
    for other in (make.OfficerFactory(unit=town.unit), town.chief):
        assert client_of(other).get(PATH).json()["calls"] == []


def test_for_officers_and_chiefs_only(town):
    for somebody in (
        town.officer,
        town.chief,
        make.AuxiliaryFactory(unit=town.unit),
    ):
        assert client_of(somebody).get(PATH).status_code == 200
        assert client_of(somebody).post(PATH).status_code == 200
    contact = make.ContactUserFactory(enterprise=town.site(1))
    for nobody in (town.desk, make.BureauUserFactory(unit=town.unit.parent), contact):
        assert_problem(client_of(nobody).get(PATH), 404)
        assert_problem(client_of(nobody).post(PATH), 404)


@pytest.mark.parametrize(
    ("where", "field"),
    [
        ({"longitude": "120.5"}, "latitude"),
        ({"latitude": "36.8"}, "longitude"),
        ({"longitude": "181", "latitude": "36.8"}, "longitude"),
        ({"longitude": "36.8", "latitude": "120.5"}, "latitude"),
        ({"longitude": "nan", "latitude": "36.8"}, "longitude"),
        ({"longitude": "-180", "latitude": "36.8", "coordinates": "bd09"}, "longitude"),
        ({"longitude": "x", "latitude": "36.8"}, "longitude"),
        ({"longitude": "", "latitude": ""}, "longitude"),
        ({"longitude": ["120.5", "121"], "latitude": "36.8"}, "longitude"),
        ({"longitude": "120.5", "latitude": "36.8", "coordinates": "mars"}, "coordinates"),
        ({"bogus": "1"}, "bogus"),
    ],
)
def test_a_position_that_is_none(officer, where, field):
    assert field in assert_problem(officer.get(PATH, where), 400)["errors"]
    assert field in assert_problem(officer.post(PATH, where, format="json"), 400)["errors"]
    assert not DayPlan.objects.exists()


def test_it_costs_the_same_for_one_call_as_for_eight(officer, town):
    def queries():
        with CaptureQueriesContext(connection) as sent:
            assert officer.get(PATH).status_code == 200
        return len(sent)

    town.site(1, overdue=1)
    officer.post(PATH)
    one = queries()
    for n in range(9):
        town.site(n + 2, overdue=1)
    officer.post(PATH)
    assert len(officer.get(PATH).json()["calls"]) == 8
    assert queries() == one <= 6
