"""Nights for the tests: walked through the guards' own door, with a record of their own of what
happened, against which the counts are held."""

import uuid
from collections import Counter
from datetime import timedelta

from liaison.core.secret_links import hashed
from patrols.actions.planning import plan_night
from patrols.actions.reporting import take
from patrols.models import NightLink
from patrols.nights import night_of
from patrols.reports import Sent
from tests import factories as make
from tests.factories import patrols as patrol


def planned(team, evening, enterprises=2):
    """A published night with its rounds drawn."""
    night = patrol.night_of(team, evening, enterprises)
    plan_night(night)
    return night


def link_of(night, guard):
    """The guard's door, made without asking the clock: these nights are over."""
    opens, ends = night_of(night.night_on)
    token = uuid.uuid4().hex
    return NightLink.objects.create(
        night=night,
        guard=guard,
        token_hash=hashed(token),
        valid_from=opens,
        valid_until=ends,
        made_by=make.someone("chief", night.team.unit),
    )


def send(link, what, at, **body):
    answer = take(link, Sent(uuid.uuid4(), what, at, body), sent_at=at, received_at=at)
    assert answer.status == "done", answer
    return answer


def walk(run, guard, leave_out=0):
    """The whole round by one guard, but for its last ``leave_out`` checkpoints."""
    link = link_of(run.night, guard)
    stops = list(run.stops.order_by("position"))
    done = stops[: len(stops) - leave_out]
    send(link, "start", run.planned_start, run=run.pk)
    for stop in done:
        at = run.planned_start + timedelta(seconds=stop.after)
        send(link, "check_in", at, run=run.pk, checkpoint=stop.checkpoint_id)
    end = run.planned_start + timedelta(hours=1)
    send(link, "end", end, run=run.pk)
    return Counter(check_ins=len(done))


def guards_of(night):
    return [one.guard for duty in night.duties.order_by("pk") for one in duty.guards.all()]
