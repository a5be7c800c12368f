"""Positions, shifts and consent over the API."""

import uuid

import pytest
from django.utils import timezone

from tests import factories as make
from tests.api.people import assert_problem, visit_body
from visits.models import Visit, VisitPosition


def place(**more):
    return {
        "longitude": make.GATE.lon,
        "latitude": make.GATE.lat,
        "accuracy": 12.5,
        "taken_at": timezone.now().isoformat(),
        **more,
    }


def test_shift_and_consent_are_declared(world):
    for path, field in (("shift", "on_shift"), ("position-consent", "given")):
        where = f"/api/v1/{path}/"
        assert world.officer.get(where).json()[field] is False
        for wanted in (True, True, False, False):
            answer = world.officer.post(where, {field: wanted}, format="json")
            assert answer.status_code == 200
            assert answer.json()[field] is wanted
            assert world.officer.get(where).json() == answer.json()
        for wrong in ({}, {field: "perhaps"}, {field: None}):
            assert_problem(world.officer.post(where, wrong, format="json"), 400)


def test_only_who_goes_out_has_a_shift(world):
    for who in ("bureau", "contact"):
        for path in ("shift", "position-consent"):
            client = getattr(world, who)
            assert_problem(client.get(f"/api/v1/{path}/"), 404)
            assert_problem(client.post(f"/api/v1/{path}/", {}, format="json"), 404)


def test_a_visit_with_a_position(world):
    make.placed(world.enterprise)
    world.officer.post("/api/v1/position-consent/", {"given": True}, format="json")
    world.officer.post("/api/v1/shift/", {"on_shift": True}, format="json")
    body = visit_body(world.enterprise, position=place())
    answer = world.officer.post("/api/v1/visits/", body, format="json")
    assert answer.status_code == 201
    shown = answer.json()["position"]
    assert (shown["state"], shown["distance"], shown["left_out"]) == ("on_spot", 0, "")
    assert (shown["longitude"], shown["system"]) == (make.GATE.lon, "wgs84")
    again = world.officer.post("/api/v1/visits/", body, format="json")
    assert again.json() == answer.json()
    assert world.officer.get(f"/api/v1/visits/{answer.json()['id']}/").json() == answer.json()


def test_one_that_may_not_be_kept_is_told(world):
    body = visit_body(world.enterprise, position=place())
    answer = world.officer.post("/api/v1/visits/", body, format="json")
    assert answer.status_code == 201
    assert answer.json()["position"]["left_out"] == "no_consent"
    assert not VisitPosition.objects.all().with_coordinates().exists()


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"longitude": 181}, "position.longitude"),
        ({"latitude": "north"}, "position.latitude"),
        ({"longitude": "inf"}, "position.longitude"),
        ({"longitude": "nan"}, "position.longitude"),
        ({"latitude": "nan"}, "position.latitude"),
        ({"accuracy": "nan"}, "position.accuracy"),
        ({"accuracy": -1}, "position.accuracy"),
        ({"taken_at": "today"}, "position.taken_at"),
        ({"system": "cgcs2000"}, "position.system"),
        ({"altitude": 3}, "position.altitude"),
    ],
)
def test_what_is_wrong_with_it_is_named(world, change, field):
    before = Visit.objects.count()
    body = visit_body(world.enterprise, position=place(**change))
    refused = assert_problem(world.officer.post("/api/v1/visits/", body, format="json"), 400)
    assert list(refused["errors"]) == [field]
    assert Visit.objects.count() == before


def test_an_arrival_is_sent_once_however_often(world):
    make.placed(world.enterprise)
    make.on_duty(world.people["officer"])
    body = {
        "client_id": str(uuid.uuid4()),
        "enterprise": world.enterprise.pk,
        "at": timezone.now().isoformat(),
        "position": place(),
    }
    first = world.officer.post("/api/v1/check-ins/", body, format="json")
    again = world.officer.post("/api/v1/check-ins/", body, format="json")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert first.json()["position"]["state"] == "on_spot"
    other = {**body, "at": "2026-01-05T09:00:00+08:00"}
    refused = world.officer.post("/api/v1/check-ins/", other, format="json")
    assert assert_problem(refused, 409)["check_in"] == first.json()["id"]
    assert_problem(world.stranger.post("/api/v1/check-ins/", body, format="json"), 400)
    assert_problem(world.bureau.post("/api/v1/check-ins/", body, format="json"), 422)


def test_none_is_none(world):
    body = visit_body(world.enterprise, position=None)
    answer = world.officer.post("/api/v1/visits/", body, format="json")
    assert answer.json()["position"]["state"] == "none"
