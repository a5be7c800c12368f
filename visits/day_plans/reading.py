"""What the database knows of every enterprise that an officer looks after, for the rules."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.utils import timezone

from enterprises.models import Enterprise
from issues.models import Issue
from issues.workflow import Stage
from liaison.accounts.models import User
from liaison.core.coordinates import point_of
from visits.models import Promise
from visits.planning.scoring import Line, Promised, Site
from visits.planning.weights import DEADLINE_SOON

# The kind of line that is a danger until it is struck off.
HAZARD = "hazard"


def read_sites(officer: User, day: date) -> list[Site]:
    """Own enterprises and those of officers whom this one acts for on that day, by key. Three
    queries, however many there are."""
    enterprises = (
        Enterprise.objects.visible_to(officer)
        .mine(officer, day)
        .live()
        .order_by("pk")
        .values_list(
            "pk",
            "longitude",
            "latitude",
            "grade",
            "cadence__next_contact_due_on",
            "cadence__next_visit_due_on",
            "cadence__last_contact_at",
            "cadence__last_visit_at",
        )
    )
    lines, promises = _lines(officer), _promises(officer, day)
    return [
        Site(
            key=pk,
            point=point_of(longitude, latitude),
            grade=grade,
            contact_on=contact_on,
            visit_on=visit_on,
            contacted_on=day_of(contacted_at),
            entered_on=day_of(entered_at),
            lines=lines.get(pk, ()),
            promises=promises.get(pk, ()),
        )
        for (
            pk,
            longitude,
            latitude,
            grade,
            contact_on,
            visit_on,
            contacted_at,
            entered_at,
        ) in enterprises
    ]


def _lines(officer: User) -> Mapping[int, list[Line]]:
    """A close-out that is proposed is the approver's turn: a call would move nothing."""
    found: dict[int, list[Line]] = defaultdict(list)
    rows = Issue.objects.own_of(officer).open().order_by("next_due_at", "pk")
    for enterprise, number, due_at, kind, stage in rows.values_list(
        "enterprise", "number", "next_due_at", "kind__code", "stage"
    ):
        if due_at is not None:
            waits = stage == Stage.PROPOSED
            found[enterprise].append(Line(number, due_at, hazard=kind == HAZARD, waits=waits))
    return found


def _promises(officer: User, day: date) -> Mapping[int, list[Promised]]:
    found: dict[int, list[Promised]] = defaultdict(list)
    covered = officer.covers.active(timezone.localdate()).values_list("officer", flat=True)
    rows = (
        Promise.objects.visible_to(officer)
        .open()
        .to_be_kept_by([officer.pk, *covered])
        .filter(due_on__lte=day + timedelta(DEADLINE_SOON))
        .order_by("due_on", "pk")
    )
    for enterprise, text, due_on in rows.values_list("visit__enterprise", "text", "due_on"):
        if due_on is not None:
            found[enterprise].append(Promised(text, due_on))
    return found


def day_of(moment: datetime | None) -> date | None:
    """The day in China."""
    return timezone.localdate(moment) if moment else None
