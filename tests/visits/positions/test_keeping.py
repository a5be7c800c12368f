"""Where a visit was made: kept only as agreed, and never a reason to refuse."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from liaison.audit.models import Entry
from liaison.core.coordinates import Point, distance_m
from liaison.whereabouts.actions import end_shift, give_consent, withdraw_consent
from liaison.whereabouts.keeping import LeftOut
from liaison.whereabouts.position import Position
from tests import factories as make
from visits.actions.placing import WITHIN
from visits.models import Visit
from visits.nearness import Nearness, near

pytestmark = pytest.mark.django_db


def kept(visit):
    return visit.positions.get()


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
