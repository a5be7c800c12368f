"""Coordinates are gone when their time is; how near it was stays."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from liaison.whereabouts.actions import withdraw_consent
from liaison.whereabouts.keeping import LeftOut
from tests import factories as make
from visits.actions import check_in
from visits.actions.placing import BATCH, purge_positions
from visits.models import CheckIn, Visit, VisitPosition
from visits.nearness import Nearness, near, where

pytestmark = pytest.mark.django_db
KEPT = timedelta(days=30)


def kept(visit):
    return visit.positions.get()


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
