"""Where a visit was made: kept only as agreed, never a reason to refuse, gone when its time is."""

import uuid
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from liaison.audit.models import Entry
from liaison.core.coordinates import Point, distance_m
from liaison.core.refused import Conflict, Refused
from liaison.whereabouts.actions import end_shift, give_consent, withdraw_consent
from liaison.whereabouts.keeping import LeftOut
from liaison.whereabouts.position import Position
from tests import factories as make
from visits.actions import check_in, log_visit
from visits.actions.placing import BATCH, WITHIN, purge_positions
from visits.models import CheckIn, Visit, VisitPosition
from visits.nearness import Nearness, near, where

pytestmark = pytest.mark.django_db
KEPT = timedelta(days=30)


@pytest.fixture
def enterprise():
    return make.placed(make.AssignedEnterpriseFactory())


@pytest.fixture
def officer(enterprise):
    return make.on_duty(make.handler_of(enterprise))


@pytest.fixture
def visit(enterprise, officer):
    def log(position, **more):
        given = {"by": officer, "channel": "on_site", "happened_at": timezone.now(), **more}
        return log_visit(enterprise, position=position, **given)

    return log


def kept(visit):
    return visit.positions.get()


# --- how near ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metres", "accuracy", "far", "state"),
    [
        (0, 10, False, Nearness.ON_SPOT),
        (299, 0, False, Nearness.ON_SPOT),
        (309, 10, False, Nearness.UNSURE),
        (312, 10, True, Nearness.AWAY),
        (1200, 10, True, Nearness.AWAY),
        (1200, 2000, False, Nearness.UNSURE),
    ],
)
def test_far_is_further_than_the_gate_and_the_phones_own_error(visit, metres, accuracy, far, state):
    place = kept(visit(make.position_at(metres, accuracy=accuracy)))
    assert place.far is far
    assert abs(place.distance - metres) <= 1
    assert near(place).state == state
    assert Visit.objects.count() == 1


def test_it_is_never_refused_however_far(visit):
    place = kept(visit(Position(-70.0, -33.0, 5.0, timezone.now())))
    assert place.far
    assert place.distance > 10_000_000


@pytest.mark.parametrize("system", ["wgs84", "gcj02", "bd09"])
def test_it_is_kept_in_wgs84_whatever_it_was_read_in(visit, system):
    place = kept(visit(make.position_at(50, system=system)))
    assert place.system == system
    assert distance_m(place.point, make.GATE) == pytest.approx(50, abs=2)
    assert not place.far


def test_of_an_enterprise_without_a_point_nothing_is_said(visit, enterprise):
    make.placed(enterprise, None)
    place = kept(visit(make.position_at()))
    assert (place.distance, place.far) == (None, False)
    assert near(place).state == Nearness.UNPLACED


def test_the_distance_is_to_the_point_of_that_time(visit, enterprise):
    place = kept(visit(make.position_at(20)))
    make.placed(enterprise, Point(118.0, 36.0))
    place.refresh_from_db()
    assert (place.distance, place.far) == (20, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"longitude": 181.0},
        {"latitude": 117.0},
        {"accuracy": -1.0},
        {"accuracy": float("nan")},
        {"latitude": float("nan")},
        {"system": "cgcs"},
    ],
    ids=str,
)
def test_what_is_no_position_cannot_be_made_one(wrong):
    given = {"longitude": 117.0, "latitude": 36.0, "accuracy": 5.0, "taken_at": timezone.now()}
    with pytest.raises(ValueError):
        Position(**{**given, **wrong})


# --- left out ---------------------------------------------------------------------------------


def test_a_kept_position_leaves_nothing_out(visit):
    assert visit(make.position_at()).left_out == ""
    assert visit(None).left_out == ""


def left_out(visit):
    """The code, once it is sure that nothing but the code is there."""
    place = kept(visit)
    assert (place.point, place.accuracy, place.taken_at, place.distance) == (None,) * 4
    assert place.system == ""
    assert near(place).state == Nearness.NONE
    return visit.left_out


def test_without_consent_the_visit_is_kept_and_the_position_is_not(visit, officer):
    withdraw_consent(by=officer)
    assert left_out(visit(make.position_at())) == LeftOut.NO_CONSENT


def test_off_shift_the_visit_is_kept_and_the_position_is_not(visit, officer):
    end_shift(by=officer)
    assert kept(visit(make.position_at())).point, "measured while still on shift"
    before = timezone.now() - timedelta(hours=5)
    early = make.position_at(taken_at=before)
    assert left_out(visit(early, happened_at=before)) == LeftOut.OFF_SHIFT


def test_of_a_call_no_position_is_kept(visit):
    assert left_out(visit(make.position_at(), channel="phone")) == LeftOut.NOT_ON_SITE


def test_the_desk_in_the_evening_is_not_where_the_visit_was(visit):
    happened = timezone.now() - WITHIN - timedelta(minutes=2)
    assert left_out(visit(make.position_at(), happened_at=happened)) == LeftOut.OTHER_TIME
    assert left_out(visit(make.position_at(taken_at=timezone.now() + timedelta(hours=1)))) == (
        LeftOut.OTHER_TIME
    )


# --- sent again -------------------------------------------------------------------------------


def test_sent_again_it_is_the_same_visit_and_the_first_position(visit):
    sent = {"client_id": uuid.uuid4(), "happened_at": timezone.now()}
    first = visit(make.position_at(10), **sent)
    assert visit(make.position_at(900), **sent) == first
    assert visit(None, **sent) == first
    assert kept(first).distance == 10


def test_sent_again_the_answer_says_again_why(visit, officer):
    sent = {"client_id": uuid.uuid4(), "happened_at": timezone.now()}
    withdraw_consent(by=officer)
    visit(make.position_at(), **sent)
    give_consent(by=officer)
    assert visit(make.position_at(), **sent).left_out == LeftOut.NO_CONSENT


def test_nothing_else_knows_where_it_was(visit):
    """Neither the hash that tells two sendings apart nor the record outlives the coordinates."""
    sent = {"client_id": uuid.uuid4(), "happened_at": timezone.now()}
    one = visit(make.position_at(10), **sent)
    hashed = one.body_hash
    one.positions.all().delete()
    Visit.objects.filter(pk=one.pk).delete()
    assert visit(None, **sent).body_hash == hashed
    said = str(list(Entry.objects.values_list("changes", "subject_label")))
    assert "117.12" not in said
    assert "117.12" not in str(kept(visit(make.position_at())))


# --- arriving ---------------------------------------------------------------------------------


def test_an_arrival_is_written_down_once(enterprise, officer):
    sent = {"by": officer, "at": timezone.now(), "client_id": uuid.uuid4()}
    before = enterprise.cadence.last_contact_at
    first = check_in(enterprise, position=make.position_at(30), **sent)
    assert check_in(enterprise, position=make.position_at(30), **sent) == first
    assert kept(first).distance == 30
    assert CheckIn.objects.get() == first
    enterprise.cadence.refresh_from_db()
    assert enterprise.cadence.last_contact_at == before, "arriving is not yet having met anybody"
    with pytest.raises(Conflict) as conflict:
        check_in(enterprise, **{**sent, "at": sent["at"] - timedelta(minutes=1)})
    assert conflict.value.details == {"check_in": first.pk}


def test_an_arrival_says_why_its_position_was_left_out(enterprise):
    by = make.OfficerFactory(unit=enterprise.unit)
    arrival = check_in(enterprise, by=by, at=timezone.now(), position=make.position_at())
    assert arrival.left_out == LeftOut.NO_CONSENT


def test_an_arrival_is_refused_where_a_visit_would_be(enterprise):
    now = timezone.now()
    officer = make.handler_of(enterprise)
    for by, at, code in (
        (make.OfficerFactory(), now, "not_yours"),
        (make.BureauUserFactory(unit=enterprise.unit.parent), now, "not_yours"),
        (officer, now + timedelta(hours=1), "future"),
        (officer, now - timedelta(days=4000), "long_ago"),
    ):
        with pytest.raises(Refused) as refused:
            check_in(enterprise, by=by, at=at)
        assert refused.value.code == code
    type(enterprise).objects.filter(pk=enterprise.pk).update(stage="closed")
    enterprise.refresh_from_db()
    with pytest.raises(Refused) as refused:
        check_in(enterprise, by=officer, at=now)
    assert refused.value.code == "closed"
    assert not CheckIn.objects.exists()


# --- gone -------------------------------------------------------------------------------------


def whole(place):
    place.refresh_from_db()
    return place.point is not None


def test_coordinates_are_kept_for_the_period_and_no_longer(visit, enterprise, officer):
    place = kept(visit(make.position_at(1249)))
    stood = kept(check_in(enterprise, by=officer, at=timezone.now(), position=make.position_at(30)))
    due = place.taken_at + KEPT
    assert purge_positions(due - timedelta(seconds=1)) == {"positions": 0}
    assert whole(place)
    assert where(place, due - timedelta(seconds=1)) == place.point
    assert where(place, due) is None, "no longer shown, whenever the job comes"
    later = due + timedelta(minutes=10)
    assert purge_positions(later) == {"positions": 2}
    assert purge_positions(later) == {"positions": 0}
    assert not whole(place)
    assert not whole(stood)
    # What stays: that there was one, how far it was, and when it went.
    assert (place.distance, place.far, place.purged_at) == (1200, True, later)
    assert (place.accuracy, place.taken_at) == (None, None)
    assert near(place).state == Nearness.AWAY
    assert (stood.distance, near(stood).state) == (0, Nearness.ON_SPOT)


def test_purging_does_not_touch_the_visit(visit):
    one = visit(make.position_at())
    before = Visit.objects.filter(pk=one.pk).values().get()
    purge_positions(timezone.now() + KEPT)
    assert Visit.objects.filter(pk=one.pk).values().get() == before


@pytest.mark.parametrize(("metres", "left"), [(49, 0), (50, 100), (149, 100), (150, 200)])
def test_a_distance_that_stays_is_rounded(visit, metres, left):
    place = kept(visit(make.position_at()))
    VisitPosition.objects.filter(pk=place.pk).update(distance=metres)
    purge_positions(timezone.now() + KEPT)
    place.refresh_from_db()
    assert place.distance == left


def test_an_unknown_distance_stays_unknown(visit, enterprise):
    make.placed(enterprise, None)
    place = kept(visit(make.position_at()))
    purge_positions(timezone.now() + KEPT)
    place.refresh_from_db()
    assert place.distance is None
    assert near(place).state == Nearness.UNPLACED


def test_more_than_a_batch_goes_in_batches(visit, django_assert_max_num_queries):
    one = visit(None)
    VisitPosition.objects.bulk_create(
        VisitPosition(
            check_in=CheckIn.objects.create(
                enterprise=one.enterprise, unit=one.unit, officer=one.officer, happened_at=at
            ),
            longitude=1.0,
            latitude=1.0,
            accuracy=1.0,
            taken_at=at,
        )
        for at in [timezone.now()] * (BATCH + 3)
    )
    with django_assert_max_num_queries(12):
        assert purge_positions(timezone.now() + KEPT) == {"positions": BATCH + 3}


def test_withdrawing_deletes_ones_own_coordinates_at_once(visit, enterprise, officer):
    mine = kept(visit(make.position_at(1249)))
    arrived = kept(check_in(enterprise, by=officer, at=timezone.now(), position=make.position_at()))
    colleague = make.on_duty(make.OfficerFactory(unit=enterprise.unit))
    other = kept(visit(make.position_at(), by=colleague))
    withdraw_consent(by=officer)
    assert not whole(mine)
    assert not whole(arrived)
    assert whole(other)
    assert (mine.distance, mine.far) == (1200, True)
    assert mine.purged_at


def test_the_database_keeps_it_whole_or_gone(visit):
    place = kept(visit(make.position_at()))
    for half in (
        {"longitude": None},
        {"purged_at": timezone.now()},
        {"left_out": LeftOut.OFF_SHIFT},
        {"check_in": CheckIn.objects.first(), "visit": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            VisitPosition.objects.filter(pk=place.pk).update(**half)


# --- who sees it ------------------------------------------------------------------------------


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
