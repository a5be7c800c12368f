"""Time limits as the tests of them set and read them."""

from datetime import datetime

from issues.actions.limiting import set_policy
from issues.models import Issue, SlaPolicy
from liaison.core.workdays import CHINA
from tests import factories as make

TERMS = {"respond_hours": 24, "resolve_days": 5, "may_pause": True, "extension_days": 5}


def at(*moment):
    return datetime(*moment, tzinfo=CHINA)


def general(level="ordinary"):
    return SlaPolicy.objects.in_force().get(unit=None, kind=None, level=level)


def change(by, *, unit="own", kind=None, level="ordinary", replaces=None, **more):
    place = by.unit if unit == "own" else unit
    also = {name: more.pop(name) for name in ("also_open", "agreed") if name in more}
    return set_policy(place, kind, level, **{**TERMS, **more}, by=by, replaces=replaces, **also)


def line_at(unit, stage="working", **more):
    more.setdefault("kind", "other")
    return make.ISSUE_IN[stage](enterprise__unit=unit, **more)


def now(issue):
    return Issue.objects.get(pk=issue.pk)
