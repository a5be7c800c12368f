"""Ladders as the tests of them set and read them."""

from datetime import timedelta

from enterprises.steps import Way, step
from issues.actions.laddering import drop_ladder, set_ladder
from issues.models import Escalation, EscalationRule
from liaison.notices.models import Mention
from tests import factories as make

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


HANDLER, DESK, CHIEF, BUREAU = "handler", "desk", "chief", "bureau"


def pc(number, *who):
    return step(Way.PERCENT, number, who)


def h(number, *who):
    return step(Way.HOURS, number, who)


def d(number, *who):
    return step(Way.DAYS, number, who)


STEPS = [pc(80, HANDLER), h(0, HANDLER, DESK), d(2, CHIEF), d(4, BUREAU)]


def rows(unit, kind=None, clock="respond"):
    return EscalationRule.objects.all().exactly(unit, kind, clock)


def change(by, steps, *, unit="own", kind=None, clock="respond", replaces=None):
    place = by.unit if unit == "own" else unit
    if replaces is None:
        replaces = rows(place, kind, clock).values_list("pk", flat=True)
    return set_ladder(place, kind, clock, steps, by=by, replaces=list(replaces))


def drop(by, *, unit="own", kind=None, clock="respond", replaces=None):
    place = by.unit if unit == "own" else unit
    if replaces is None:
        replaces = rows(place, kind, clock).values_list("pk", flat=True)
    drop_ladder(place, kind, clock, by=by, replaces=list(replaces))


def raised(chief, **more):
    more.setdefault("kind", "other")
    return make.RaisedIssueFactory(enterprise__unit=chief.unit, **more)


def taken(issue):
    return set(Escalation.objects.filter(issue=issue).values_list("step", flat=True))


def told(now):
    return {
        (one.recipient.kind, one.title.split()[-1]) for one in Mention.objects.filter(made_at=now)
    }
