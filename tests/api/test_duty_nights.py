"""The nights of the teams over the API: as they stand, each to whom it is."""

from datetime import timedelta

import pytest
from django.utils import timezone

from patrols.actions.duty_guards import put_all_on_duty
from patrols.models import Duty, DutyNight, Roster
from tests import factories as make
from tests.api.people import assert_problem, client_of
from tests.factories.patrols import GuardFactory, duty_of, join

NIGHTS = "/api/v1/duty-nights/"


@pytest.fixture
def world(world):
    """Its night is published, the enterprise and a neighbour are out on it with a guard each."""
    neighbour = make.AssignedEnterpriseFactory(unit=world.unit)
    join(world.night.team, neighbour)
    Duty.objects.create(night=world.night, enterprise=neighbour)
    put_all_on_duty(
        [(duty, [GuardFactory(enterprise=duty.enterprise)]) for duty in world.night.duties.all()]
    )
    Roster.objects.update(
        state="published", published_by=make.ChiefFactory(), published_at=timezone.now()
    )
    return world


def found(client, query=""):
    answer = client.get(f"{NIGHTS}?{query}")
    assert answer.status_code == 200, answer.content
    return [one["id"] for one in answer.json()["results"]]


def test_who_is_out_and_with_whom(world):
    shown = world.officer.get(f"{NIGHTS}{world.night.pk}/").json()
    duty = Duty.objects.get(night=world.night, enterprise=world.enterprise)
    assert shown["night_on"] == world.night.night_on.isoformat()
    assert (shown["roster"], shown["unit"]) == ("published", world.unit.code)
    assert shown["team"] == {
        "id": world.night.team_id, "number": world.night.team.number, "name": "",
    }  # fmt: skip
    guard = duty.guards.get().guard
    assert {
        "id": duty.pk,
        "enterprise": world.enterprise.pk,
        "came_by": "roster",
        "guards": [{"guard": {"id": guard.pk, "name": guard.name}}],
    } in shown["duties"]
    assert len(shown["duties"]) == 2
    assert guard.phone not in str(shown)
    assert shown in world.officer.get(NIGHTS).json()["results"]


def test_a_contact_is_shown_published_nights_of_its_own(world):
    others = make.AssignedEnterpriseFactory(unit=world.unit)
    other = duty_of(others, world.night.night_on).night
    Roster.objects.filter(pk=other.roster_id).update(
        state="published", published_by=make.ChiefFactory(), published_at=timezone.now()
    )
    later = duty_of(world.enterprise, world.night.night_on + timedelta(days=1)).night
    assert {world.night.pk, other.pk, later.pk} <= set(found(world.officer))
    assert found(world.contact) == [world.night.pk, later.pk]
    assert world.contact.get(f"{NIGHTS}{other.pk}/").status_code == 404
    Roster.objects.update(state="draft")
    assert found(world.contact) == []
    assert world.contact.get(f"{NIGHTS}{world.night.pk}/").status_code == 404


def test_filters(world):
    team, night = world.night.team_id, world.night.night_on
    draft = duty_of(make.AssignedEnterpriseFactory(unit=world.unit), night + timedelta(days=9))
    assert found(world.officer, f"team={team}") == [world.night.pk]
    assert found(world.officer, f"enterprise={world.enterprise.pk}") == [world.night.pk]
    assert found(world.officer, "roster=draft") == [draft.night_id]
    assert found(world.officer, f"until={night}") == [world.night.pk]
    assert found(world.officer, f"since={night + timedelta(days=1)}") == [draft.night_id]
    assert found(world.bureau, f"unit={world.unit.code}") == [world.night.pk, draft.night_id]


@pytest.mark.parametrize("verb", ["post", "put", "patch", "delete"])
def test_it_is_to_read(world, verb):
    for path in (NIGHTS, f"{NIGHTS}{world.night.pk}/"):
        assert_problem(getattr(world.chief, verb)(path, {}, format="json"), 405)
    assert DutyNight.objects.filter(pk=world.night.pk, version=world.night.version).exists()


def test_another_station_sees_none_of_it(world):
    stranger = client_of(make.ChiefFactory())
    assert found(stranger) == []
    assert stranger.get(f"{NIGHTS}{world.night.pk}/").status_code == 404
