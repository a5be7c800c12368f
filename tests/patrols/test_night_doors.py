"""The guard's door: links and the PIN, how long and to whom they open."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liaison.core.refused import Refused
from patrols.actions.doors import make_link, make_pin
from patrols.models import (
    CheckIn,
    NightLink,
    PatrolIncident,
    PatrolRun,
)
from tests import factories as make
from tests.factories import patrols as patrol
from tests.patrols.phone import codes, operation, send

pytestmark = pytest.mark.django_db


def test_a_link_shows_and_takes_nothing_of_another_team():
    link, token = patrol.night_door()
    other = patrol.team_of(2, 1, unit=link.night.team.unit)
    theirs, their_token = patrol.night_door(other)
    their_run = PatrolRun.objects.get(night=theirs.night)
    their_place = their_run.stops.first().checkpoint
    shown = Client().get(f"/n/{token}/data/").content.decode()
    for word in (theirs.guard.name, str(theirs.night.team), their_run.route.name):
        assert word not in shown
    answers = send(
        token,
        operation("start", run=their_run.pk),
        operation("end", run=their_run.pk),
        operation("check_in", checkpoint=their_place.pk),
        operation("check_in", code=codes(theirs.night)[0].token),
    )
    assert [one["status"] for one in answers] == ["refused"] * 4
    their_run.refresh_from_db()
    assert their_run.started_at is None
    assert not CheckIn.objects.exists()
    assert Client().get(f"/n/{their_token}/data/").status_code == 200


def test_a_link_ends_with_its_time_and_with_the_next_one():
    link, token = patrol.night_door()
    assert Client().get(f"/n/{token}/").status_code == 200
    by = make.ChiefFactory(unit=link.night.team.unit)
    make_link(link.night, link.guard, by=by)
    for path in ("", "data/"):
        assert Client().get(f"/n/{token}/{path}").status_code == 404
    NightLink.objects.filter(pk=link.pk).update(ended_at=None, valid_until=timezone.now())
    assert Client().get(f"/n/{token}/data/").status_code == 404


def test_what_was_done_in_the_night_may_arrive_after_its_link_has_ended():
    """A phone that finds a network in the afternoon: what it kept is taken, nothing new."""
    link, token = patrol.night_door()
    ended = timezone.now() - timedelta(hours=1)
    NightLink.objects.filter(pk=link.pk).update(valid_from=ended - timedelta(hours=12))
    NightLink.objects.filter(pk=link.pk).update(valid_until=ended)
    first, second, _third = codes(link.night)
    answers = send(
        token,
        operation("check_in", ended - timedelta(hours=2), code=first.token),
        operation("check_in", code=second.token),
        operation("incident", sos=True),
    )
    assert [one["status"] for one in answers] == ["done", "refused", "refused"]
    assert [one["code"] for one in answers] == ["", "over", "over"]
    assert CheckIn.objects.count() == 1
    assert not PatrolIncident.objects.exists()
    # The page that sends it opens; of the night it shows nothing any more.
    assert Client().get(f"/n/{token}/").status_code == 200
    assert Client().get(f"/n/{token}/data/").status_code == 404
    later = ended - timedelta(hours=24)
    NightLink.objects.filter(pk=link.pk).update(
        valid_from=later - timedelta(hours=12), valid_until=later
    )
    for path, method in (("", "get"), ("operations/", "post")):
        assert getattr(Client(), method)(f"/n/{token}/{path}").status_code == 404


def test_who_is_not_on_duty_or_has_no_certificate_gets_no_link():
    link, _token = patrol.night_door()
    by = make.ChiefFactory(unit=link.night.team.unit)
    with pytest.raises(Refused) as refused:
        make_link(link.night, patrol.GuardFactory(enterprise=link.guard.enterprise), by=by)
    assert refused.value.code == "not_on_duty"
    link.guard.certificate_until = link.night.night_on
    link.guard.save()
    with pytest.raises(Refused) as refused:
        make_link(link.night, link.guard, by=by)
    assert refused.value.code == "no_certificate"


def test_the_pin_opens_to_its_guards_and_locks_after_five_wrong_ones(monkeypatch):
    link, _token = patrol.night_door()
    # Valid from two hours before the first round; the test may run at noon.
    monkeypatch.setattr("django.conf.settings.PATROL_LINK_HOURS_BEFORE", 24)
    pin = make_pin(link.night, by=make.ChiefFactory(unit=link.night.team.unit))
    wrong = f"{(int(pin) + 1) % 10**6:06}"
    client = Client()
    phone = link.guard.phone
    opened = client.post("/n/", {"phone": phone, "pin": pin})
    assert opened.status_code == 302
    assert client.get(f"{opened.url}data/").json()["guard"] == link.guard.name
    stranger = patrol.GuardFactory(enterprise=link.guard.enterprise)
    assert client.post("/n/", {"phone": stranger.phone, "pin": pin}).status_code == 422
    for _try in range(5):
        assert client.post("/n/", {"phone": phone, "pin": wrong}).status_code == 422
    assert client.post("/n/", {"phone": phone, "pin": pin}).status_code == 429
