"""What moves many lines at once meets what does so in another order: neither locks the other out.

On SQLite they take turns whatever they do; PostgreSQL would end one of them as a deadlock.
"""

import threading
from datetime import timedelta

import pytest
from django.db.models import F
from django.utils import timezone

from enterprises.actions import hand_over
from issues.actions.limiting import set_policy
from issues.actions.recomputing import recompute_deadlines
from issues.models import Issue
from issues.signals import moved
from tests import factories as make
from tests.races.threads import all_at_once

pytestmark = [pytest.mark.races, pytest.mark.django_db(transaction=True)]
# Long enough to get as far as a lock, if none is there.
MEETING = 2  # seconds


@pytest.fixture
def crossed():
    """Two lines of one officer at two enterprises; a hand-over comes to the younger line first."""
    unit = make.StationFactory()
    outgoing = make.OfficerFactory(unit=unit)
    first, second = (make.AssignedEnterpriseFactory(unit=unit, officer=outgoing) for _ in range(2))
    lines = [make.WorkingIssueFactory(enterprise=one, kind="other") for one in (second, first)]
    assert lines[0].pk < lines[1].pk
    return unit, outgoing, lines


@pytest.fixture
def meeting(crossed):
    """Whoever has moved one of the lines waits for the other to have moved one too."""
    handed, other = threading.Event(), threading.Event()
    _unit, _outgoing, (older, younger) = crossed

    def stop(sender, *, issue, event, **more):
        if event.move == "transfer" and issue.pk == younger.pk:
            handed.set()
            other.wait(MEETING)
        elif event.move != "transfer" and issue.pk == older.pk:
            other.set()

    moved.connect(stop)
    yield handed
    moved.disconnect(stop)


def handing_over(unit, outgoing):
    desk, incoming = make.DeskFactory(unit=unit), make.OfficerFactory(unit=unit)
    return incoming, lambda: hand_over(outgoing, incoming, by=desk, reason="调离")


def test_deadlines_are_set_anew_while_lines_change_hands(crossed, meeting):
    unit, outgoing, _lines = crossed
    incoming, hands_over = handing_over(unit, outgoing)
    # As an import of the calendar leaves them, a day too late.
    Issue.objects.update(
        due_uncertain=True,
        resolve_due_at=F("resolve_due_at") + timedelta(days=1),
        next_due_at=F("next_due_at") + timedelta(days=1),
    )

    def recomputes():
        meeting.wait(10)
        return recompute_deadlines(timezone.now())

    _handed, count = all_at_once([hands_over, recomputes])
    assert count + recompute_deadlines(timezone.now()) == 2
    assert {line.handler for line in Issue.objects.all()} == {incoming}
    assert not Issue.objects.all().uncertain().exists()


def test_open_lines_follow_a_limit_while_they_change_hands(crossed, meeting):
    unit, outgoing, _lines = crossed
    incoming, hands_over = handing_over(unit, outgoing)
    chief = make.ChiefFactory(unit=unit)

    def limits():
        meeting.wait(10)
        return set_policy(
            unit, None, "ordinary", respond_hours=24, resolve_days=9, may_pause=True,
            extension_days=5, by=chief, replaces=None, also_open=True,
        )  # fmt: skip

    _handed, changed = all_at_once([hands_over, limits])
    assert changed.followed + changed.missed == 2
    now = Issue.objects.all()
    assert {line.handler for line in now} == {incoming}
    assert now.filter(policy=changed.policy, resolve_days=9).count() == changed.followed
