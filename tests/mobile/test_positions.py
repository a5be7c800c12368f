"""What a phone says of where it was, and what the outbox keeps of that: nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from liaison.mobile.models import Operation
from liaison.whereabouts.actions import begin_shift, give_consent
from tests.mobile.phone import operation, visit
from visits.models import CheckIn, Visit, VisitPosition

WHERE = {"longitude": 120.517234, "latitude": 36.859876, "accuracy": 12}


@pytest.fixture
def on_shift(officer):
    give_consent(by=officer)
    begin_shift(by=officer)


def where(at, **more):
    return {**WHERE, "taken_at": at.isoformat(), **more}


def kept_by_the_outbox():
    return str(list(Operation.objects.values()))


def test_a_position_goes_to_the_visit_and_nowhere_else(phone, enterprise, on_shift):
    now = timezone.now()
    sent = visit(enterprise, happened_at=now.isoformat(), position=where(now))
    answer = phone.one(sent)
    assert answer["status"] == "done"
    assert answer["object"]["position"]["left_out"] == ""
    assert VisitPosition.objects.get().latitude == pytest.approx(WHERE["latitude"])
    for number in ("120.517", "36.859"):
        assert number not in kept_by_the_outbox()


def test_the_same_from_elsewhere_is_the_same(phone, enterprise, on_shift):
    """The hash knows of no position: metres about a known gate are soon tried out."""
    now = timezone.now()
    sent = visit(enterprise, happened_at=now.isoformat(), position=where(now))
    first = phone.one(sent)
    sent["body"]["position"] = where(now, longitude=121.0)
    assert phone.one(sent) == first
    assert Visit.objects.count() == 1


def test_why_it_was_left_out_is_told_and_told_again(phone, enterprise):
    now = timezone.now()
    sent = visit(enterprise, happened_at=now.isoformat(), position=where(now))
    for _ in range(2):
        assert phone.one(sent)["object"]["position"]["left_out"] == "no_consent"


def test_an_arrival_is_written_down_once_by_our_clock(phone, enterprise, on_shift):
    """The phone is three hours ahead; so is what it says of the position."""
    ahead = timezone.now() + timedelta(hours=3)
    body = {"enterprise": enterprise.pk, "at": ahead.isoformat(), "position": where(ahead)}
    sent = operation("check_in", body, made_at=ahead)
    for _ in range(2):
        answer = phone.one(sent, sent_at=ahead)
        assert (answer["status"], answer["object"]["position"]["left_out"]) == ("done", "")
    arrival = CheckIn.objects.get()
    assert abs(arrival.happened_at - timezone.now()) < timedelta(minutes=1)
    assert abs(arrival.positions.get().taken_at - timezone.now()) < timedelta(minutes=1)
