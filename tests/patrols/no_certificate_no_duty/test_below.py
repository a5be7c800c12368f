"""By a division, at the guard's own door, over the API, in the database."""

from datetime import time

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from liaison.core.refused import Refused
from patrols.actions.doors import make_link, make_pin, open_by_pin
from patrols.actions.publishing_teams import publish_division
from patrols.models import (
    Draft,
    DraftPlace,
    Duty,
    DutyGuard,
)
from patrols.nights import at
from tests.api.people import client_of
from tests.patrols.no_certificate_no_duty.nights import (
    browser,
    refused_and_nothing_written,
)
from tests.rows import everything

pytestmark = pytest.mark.django_db


def test_a_division_puts_nobody_on_duty(night):
    """Moved into another team by drag, and published: some leave their nights, nobody comes."""
    duties = set(DutyGuard.objects.values_list())
    draft = Draft.objects.create(
        unit=night.team.unit, smallest=1, largest=3, teams=2, seed=0, made_by=night.desk
    )
    for member in night.team.memberships.all():
        DraftPlace.objects.create(draft=draft, enterprise=member.enterprise, team_number=1)
    client = browser(night.desk)
    moved = {"team": 2, "version": draft.version}
    assert client.post(f"/patrols/teams/division/places/{night.third.pk}/", moved).status_code < 400
    draft.refresh_from_db()
    publish_division(
        draft, timezone.localdate(), by=night.desk, version=draft.version, any_size=True
    )
    assert set(DutyGuard.objects.values_list()) <= duties


def test_the_door_of_a_night_does_not_open(night):
    """One who lost the certificate after the roster was made gets neither link nor PIN."""
    guard = night.duties[0].guards.get().guard
    pin = make_pin(night.row, by=night.desk)
    night.spoil(guard)
    guard.refresh_from_db()
    refused_and_nothing_written(lambda: make_link(night.row, guard, by=night.desk))
    evening = at(night.evening, time(22))
    with pytest.raises(Refused):
        open_by_pin(guard.phone, pin, evening)


@pytest.mark.parametrize("verb", ["post", "put", "patch", "delete"])
def test_the_api_of_the_nights_is_to_read(night, verb):
    client = client_of(night.desk)
    before = everything()
    for path in ("/api/v1/duty-nights/", f"/api/v1/duty-nights/{night.row.pk}/"):
        body = {"duties": [{"enterprise": night.third.pk, "guards": [night.bad.pk]}]}
        assert getattr(client, verb)(path, body, format="json").status_code == 405
    assert everything() == before


def test_the_database_itself_refuses(night):
    duty = Duty.objects.create(night=night.row, enterprise=night.third)
    fine = DutyGuard.objects.order_by("pk").first()
    before = everything()
    for deed in (
        lambda: DutyGuard.objects.create(duty=duty, guard=night.bad, night_on=night.evening),
        lambda: DutyGuard.objects.bulk_create(
            [DutyGuard(duty=duty, guard=night.bad, night_on=night.evening)]
        ),
        lambda: DutyGuard.objects.filter(pk=fine.pk).update(guard=night.bad),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            deed()
    assert everything() == before
