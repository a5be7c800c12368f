"""Who sees how near a visit was, and who where."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from liaison.audit.models import Entry
from liaison.whereabouts.actions import withdraw_consent
from liaison.whereabouts.keeping import LeftOut
from tests import factories as make
from visits.actions import check_in
from visits.actions.placing import purge_positions

pytestmark = pytest.mark.django_db
KEPT = timedelta(days=30)


def kept(visit):
    return visit.positions.get()


def pages(visit, person):
    client = Client()
    client.force_login(person)
    page = client.get(f"/visits/{visit.pk}/").content.decode()
    shown = client.get(f"/api/v1/visits/{visit.pk}/").json()["position"]
    [listed] = client.get("/api/v1/visits/").json()["results"]
    return page, shown, listed["position"]


def test_how_near_is_for_all_who_see_the_visit_and_where_for_the_officer_and_chiefs(
    visit, enterprise, officer
):
    one = visit(make.position_at(1234))
    unit = enterprise.unit
    for person, sees in (
        (officer, True),
        (make.ChiefFactory(unit=unit), True),
        (make.OfficerFactory(unit=unit), False),
        (make.DeskFactory(unit=unit), False),
        (make.BureauUserFactory(unit=unit.parent), False),
    ):
        page, shown, listed = pages(one, person)
        assert "1.2" in page
        assert listed == {"state": "away", "distance": 1234, "far": True, "left_out": ""}
        assert listed.items() <= shown.items()
        point = kept(one).point
        assert (f"{point.lat:.5f}" in page) is sees, person.kind
        assert (shown["latitude"] == point.lat) is sees
        assert (shown["accuracy"], shown["system"]) == ((10.0, "wgs84") if sees else (None, ""))


def test_a_look_at_where_somebody_was_goes_to_the_record(visit, enterprise, officer):
    one = visit(make.position_at())
    pages(one, officer)
    pages(one, make.DeskFactory(unit=enterprise.unit))
    looks = Entry.objects.filter(action="position.seen")
    assert not looks.exists()
    chief = make.ChiefFactory(unit=enterprise.unit)
    pages(one, chief)
    assert [(one.actor, one.subject_id) for one in looks] == [(chief, str(one.pk))] * 2
    purge_positions(timezone.now() + KEPT)
    pages(one, chief)
    assert looks.count() == 2


def test_why_it_was_left_out_is_for_the_officer_alone(visit, enterprise, officer):
    withdraw_consent(by=officer)
    one = visit(make.position_at())
    assert pages(one, officer)[1]["left_out"] == LeftOut.NO_CONSENT
    _page, shown, listed = pages(one, make.ChiefFactory(unit=enterprise.unit))
    assert shown["left_out"] == listed["left_out"] == ""
    assert shown["state"] == "none"


def test_the_page_of_a_visit_shows_the_arrival_of_that_day(visit, enterprise, officer):
    at = timezone.now() - timedelta(minutes=1)
    check_in(enterprise, by=officer, at=at, position=make.position_at())
    check_in(enterprise, by=make.OfficerFactory(unit=enterprise.unit), at=timezone.now())
    page, _shown, _listed = pages(visit(None), officer)
    assert f"{timezone.localtime(at):%Y-%m-%d %H:%M} <span" in page
