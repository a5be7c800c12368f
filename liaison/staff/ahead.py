"""What lies ahead of one person, with everything that they act for: one answer for the week's page
and for the calendar feed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Max, OuterRef, Q, Subquery

from enterprises.deadlines import why_contact_due, why_visit_due
from enterprises.models import Assignment, Cadence, Cover, Enterprise
from issues.deadlines import falls_on
from issues.models import Event, Issue
from liaison.accounts.models import Unit, User
from liaison.core.due import start_of
from visits.models import Promise


@dataclass(frozen=True)
class Line:
    """An open line by the clock that runs. ``cover`` when the person only acts for its handler."""

    issue: Issue
    day: date
    cover: Cover | None


@dataclass(frozen=True)
class Meeting:
    """An enterprise to be reached by a day: by whatever means, on site, or both at once."""

    enterprise: Enterprise
    day: date
    contact: bool
    on_site: bool
    cover: Cover | None

    @property
    def why(self) -> str:
        """In words, and of both clocks the stricter: being there is being in contact."""
        cadence = self.enterprise.cadence
        return why_visit_due(cadence) if self.on_site else why_contact_due(cadence)


@dataclass(frozen=True)
class Promised:
    """What was promised for a day."""

    promise: Promise
    day: date
    cover: Cover | None


@dataclass(frozen=True)
class Ahead:
    lines: list[Line]
    meetings: list[Meeting]
    promises: list[Promised]
    covers: list[Cover]
    # Whom the person acts for today, by the officer who is away.
    acting_for: Mapping[int, Cover]


def has_a_week(person: User) -> bool:
    """Whether anything can be due for this person: who serves at a station."""
    return (
        person.is_active
        and person.is_station_staff
        and person.unit is not None
        and person.unit.kind == Unit.Kind.STATION
    )


def look_ahead(
    person: User,
    *,
    seen_by: User,
    today: date,
    first: date | None,
    last: date,
    at_most: int | None = None,
) -> Ahead:
    """What is due from ``first`` (None: from ever) to ``last``, of what ``seen_by`` may see.

    Whose it is goes by today, as in the ledgers: covers that begin later say so themselves.
    ``at_most`` bounds each kind, the earliest first. Four queries.
    """
    covers = list(
        Cover.objects.visible_to(seen_by)
        .of(person)
        .between(min(first or today, today), max(last, today))
        .select_related("officer", "acting")
        .order_by("starts_on", "pk")[:at_most]
    )
    acting_for = {
        one.officer_id: one
        for one in covers
        if one.acting_id == person.pk and one.starts_on <= today <= one.ends_on
    }
    # Whose things are the person's today, by name: whoever acts for somebody is at their station.
    people = [person.pk, *acting_for]
    last_event = (
        Event.objects.filter(issue=OuterRef("pk"))
        .order_by()
        .values("issue")
        .annotate(last=Max("at"))
    )
    issues = (
        Issue.objects.visible_to(seen_by)
        .filter(handler__in=people)
        .filter(next_due_at__lte=start_of(last + timedelta(1)))
        .for_ledger()
        .annotate(changed_at=Subquery(last_event.values("last")))
        .order_by("next_due_at", "pk")
    )
    enterprises = (
        Enterprise.objects.visible_to(seen_by)
        .answered_by(people)
        .live()
        .contact_due(last)
        .with_officer()
        .select_related("cadence")
        .order_by("cadence__next_contact_due_on", "pk")
    )
    officers = Assignment.objects.all().open().responsible()
    officers = officers.filter(enterprise=OuterRef("visit__enterprise"))
    promises = (
        Promise.objects.visible_to(seen_by)
        .open()
        .to_be_kept_by(people)
        .filter(due_on__lte=last)
        .annotate(officer_id=Subquery(officers.values("officer")[:1]))
        .select_related("visit__enterprise")
        .order_by("due_on", "pk")
    )
    if first is not None:
        issues = issues.filter(next_due_at__gt=start_of(first))
        enterprises = enterprises.filter(
            Q(cadence__next_contact_due_on__range=(first, last))
            | Q(cadence__next_visit_due_on__range=(first, last))
        )
        promises = promises.filter(due_on__gte=first)
    return Ahead(
        lines=[
            Line(issue, falls_on(issue.next_due_at), acting_for.get(issue.handler_id or 0))
            for issue in issues[:at_most]
            if issue.next_due_at is not None
        ],
        meetings=[
            meeting
            for enterprise in enterprises[:at_most]
            for meeting in meetings_at(
                enterprise,
                acting_for.get(enterprise.officer_id),  # type: ignore[attr-defined]
                today=today if first is None else None,
                first=first,
                last=last,
            )
        ],
        promises=[
            Promised(
                promise,
                promise.due_on,
                acting_for.get(promise.officer_id) or acting_for.get(promise.visit.officer_id),
            )
            for promise in promises[:at_most]
            if promise.due_on is not None
        ],
        covers=covers,
        acting_for=acting_for,
    )


def meetings_at(
    enterprise: Enterprise,
    cover: Cover | None,
    *,
    today: date | None,
    first: date | None,
    last: date,
) -> list[Meeting]:
    """When one enterprise is to be reached between these days.

    Both clocks on one day are one meeting; so are both once they are overdue ``today`` (None: the
    days stand as they are).
    """
    cadence: Cadence = enterprise.cadence
    contact, visit = cadence.next_contact_due_on, cadence.next_visit_due_on
    if contact and visit and today and contact < today and visit < today:
        return [Meeting(enterprise, min(contact, visit), True, True, cover)]
    days = sorted({day for day in (contact, visit) if day and (first or day) <= day <= last})
    return [Meeting(enterprise, day, day == contact, day == visit, cover) for day in days]
