"""A phone that sends the same several times at once, and two sweeps at once."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from patrols.actions.reporting import take
from patrols.actions.ringing import ring_patrols
from patrols.models import CheckIn, NightOperation, PatrolAlert, PatrolRun
from patrols.reports import Sent
from tests.factories.patrols import night_door
from tests.races.threads import all_at_once

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
MANY = 8


def test_what_is_sent_many_times_at_once_is_done_once():
    link, _token = night_door()
    place = PatrolRun.objects.get().stops.first().checkpoint_id
    now = timezone.now()
    sent = Sent(uuid.uuid4(), "check_in", now, {"checkpoint": place})
    answers = all_at_once([lambda: take(link, sent, sent_at=now, received_at=now)] * MANY)
    assert answers == [answers[0]] * MANY
    assert answers[0].status == "done"
    assert CheckIn.objects.count() == NightOperation.objects.count() == 1


def test_two_sweeps_at_once_tell_once():
    night_door()
    late = PatrolRun.objects.get().planned_start + timedelta(minutes=15)
    counts = all_at_once([lambda: ring_patrols(late)["patrol_alerts"]] * 4)
    assert sum(counts) == PatrolAlert.objects.count() == 1
