"""Moving the contact clocks."""

from collections.abc import Callable, Iterable
from datetime import datetime
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from django.db import transaction
from django.db.models import F, Max, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone

from enterprises.deadlines import fill_cadence
from enterprises.ladder import first_look, rules_at
from enterprises.models import Cadence, ContactPolicy, Enterprise, ReminderRule, Stage
from liaison.accounts.models import Unit
from liaison.calendars.work_time import work_calendar
from liaison.core.workdays import WorkCalendar, add_working_days

# Below the number of parameters that SQLite takes in one statement.
BATCH = 400
CLOCK_FIELDS = (
    "next_contact_due_on",
    "next_visit_due_on",
    "contact_days",
    "visit_days",
    "contact_because",
    "visit_because",
    "contact_set_on",
    "visit_set_on",
    "officer_due_at",
    "next_reminder_at",
)
# Facts that decide how often an enterprise is to be seen.
CLOCK_FACTS = ("tier", "grade", "stage")
# Every enterprise has its officer within so many working days.
OFFICER_WITHIN = 1


@transaction.atomic
def recompute_cadence(enterprises: Iterable[Enterprise]) -> None:
    """Work both due dates out again, for facts or policies that have changed.

    Creates missing rows. A few queries for any number of enterprises of one station.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    # Read when the first enterprise without an officer turns up, and once.
    calendar = cache(work_calendar)
    for unit, group in groupby(sorted(enterprises, key=attrgetter("unit_id")), attrgetter("unit")):
        policies = list(ContactPolicy.objects.all().holding_at(unit))
        whole = sorted({enterprise.pk for enterprise in group})
        for batch in (whole[at : at + BATCH] for at in range(0, len(whole), BATCH)):
            Cadence.objects.bulk_create(
                [Cadence(enterprise_id=pk) for pk in batch], ignore_conflicts=True
            )
            clocks = Cadence.objects.filter(pk__in=batch)
            # Written before it is read, facts and all: of a visit and an edit at once the second
            # computes from what the first has left, not from what it read before. So of the rules,
            # which somebody may be changing.
            clocks.update(contact_days=F("contact_days"))
            rows = list(clocks.select_related("enterprise").order_by("pk"))
            rules = rules_at(ReminderRule.objects.all(), unit.pk)
            _want_officers(rows, calendar)
            for row in rows:
                fill_cadence(row, row.enterprise, policies, today)
                _look_out(row, rules, now)
            # All exist: this only updates, and costs a tenth of bulk_update.
            Cadence.objects.bulk_create(
                rows,
                update_conflicts=True,
                update_fields=CLOCK_FIELDS,
                unique_fields=["enterprise"],
            )


@transaction.atomic
def start_cadence(unit: Unit, enterprises: Iterable[Enterprise]) -> None:
    """Set the clocks of enterprises of one unit that the caller's transaction has just created.

    What :func:`recompute_cadence` would come to, by one insert a batch: nobody else knows them
    yet, nobody answers for them, nobody has seen them. So those alike have the same clocks.
    """
    now = timezone.now()
    today = timezone.localdate(now)
    calendar = cache(work_calendar)
    policies = list(ContactPolicy.objects.all().holding_at(unit))
    rules = rules_at(ReminderRule.objects.all(), unit.pk)
    clocks: dict[tuple[Any, ...], dict[str, Any]] = {}
    rows = []
    for enterprise in enterprises:
        alike = (enterprise.created_at, *(getattr(enterprise, name) for name in CLOCK_FACTS))
        if alike not in clocks:
            first = Cadence(enterprise=enterprise)
            if enterprise.is_live:
                first.officer_due_at = _officer_due(enterprise.created_at, calendar())
            fill_cadence(first, enterprise, policies, today)
            _look_out(first, rules, now)
            clocks[alike] = {name: getattr(first, name) for name in CLOCK_FIELDS}
        rows.append(Cadence(enterprise=enterprise, **clocks[alike]))
    Cadence.objects.bulk_create(rows, batch_size=BATCH)


def _look_out(row: Cadence, rules: dict[str, list[ReminderRule]], now: datetime) -> None:
    """Say when a sweep is next to look at it."""
    first = first_look(row, rules)
    # Steps taken long ago may be among them; nobody has waited for this look before.
    row.next_reminder_at = max(first, now) if first else None


def _officer_due(since: datetime, calendar: WorkCalendar) -> datetime:
    return add_working_days(since, OFFICER_WITHIN, calendar).at


def _want_officers(rows: list[Cadence], calendar: Callable[[], WorkCalendar]) -> None:
    """Give those that nobody answers for a day by which somebody must, and take it from others."""
    free = Enterprise.objects.filter(pk__in=[row.pk for row in rows]).unassigned()
    since = dict(
        free.annotate(
            left=Max("assignments__ended_at", filter=Q(assignments__role="responsible")),
            back=Max("stage_changes__at", filter=Q(stage_changes__from_stage=Stage.CLOSED)),
        ).values_list(
            "pk",
            Greatest("created_at", Coalesce("left", "created_at"), Coalesce("back", "created_at")),
        )
    )
    for row in rows:
        if row.pk not in since:
            row.officer_due_at = None
        elif row.officer_due_at is None:
            row.officer_due_at = _officer_due(since[row.pk], calendar())


def note_officer(enterprise: Enterprise) -> None:
    """Somebody answers for it: the clock that asked for an officer ends."""
    Cadence.objects.filter(enterprise=enterprise).update(officer_due_at=None)


@transaction.atomic
def note_contact(enterprise: Enterprise, *, at: datetime, on_site: bool) -> None:
    """An officer has reached the enterprise at that moment; an on-site visit resets both clocks.

    The latest moment wins, so that typing in an old visit never silences a reminder that is due,
    and never moves a clock back. The comparison is made in the database: of two visits logged at
    once neither overwrites the other.
    """
    Cadence.objects.get_or_create(enterprise=enterprise)
    # Both databases give NULL or an error for GREATEST with a NULL, hence the COALESCE.
    moved = {"last_contact_at": Greatest(Coalesce("last_contact_at", at), at)}
    if on_site:
        moved["last_visit_at"] = Greatest(Coalesce("last_visit_at", at), at)
    Cadence.objects.filter(enterprise=enterprise).update(**moved)
    recompute_cadence([enterprise])
