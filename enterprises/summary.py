"""What is counted of the enterprises of every station, and of those before a person."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import Aggregate, Count, F, Q, Sum
from django.utils import timezone

from enterprises.models import Enterprise, Grade
from enterprises.querysets import answered
from liaison.summaries.topics import Numbers, by_unit

# Degrees are summed in whole millionths, a tenth of a metre.
MILLIONTHS = 1_000_000


def count(units: Collection[int], now: datetime) -> Numbers:
    """What the live ones need and where they lie; ``listed`` are all, also those closed down.

    ``east`` and ``north`` over ``placed`` is the middle of their points, in millionths of a degree.
    """
    rows = Enterprise.objects.filter(unit__in=units)
    found = by_unit(rows, listed=Count("pk"))
    of_live = by_unit(
        rows.live(),
        **needs(timezone.localdate(now)),
        placed=Count("pk", Q(longitude__isnull=False, latitude__isnull=False)),
        east=Sum(F("longitude") * MILLIONTHS, filter=Q(latitude__isnull=False)),
        north=Sum(F("latitude") * MILLIONTHS, filter=Q(longitude__isnull=False)),
    )
    for unit, numbers in of_live.items():
        found[unit].update(numbers)
    return found


def needs(today: date, assigned: Q | None = None) -> dict[str, Aggregate]:
    """Aggregates over live enterprises: how many there are and what they need.

    ``assigned`` says which are answered for, where that is known more cheaply than for any: see
    ``answered_at``.
    """
    contact_over = Q(cadence__next_contact_due_on__lt=today)
    visit_over = Q(cadence__next_visit_due_on__lt=today)
    contact_today = Q(cadence__next_contact_due_on=today)
    visit_today = Q(cadence__next_visit_due_on=today)
    over = contact_over | visit_over
    return {
        "live": Count("pk"),
        "unassigned": Count("pk", ~(assigned or answered())),
        "overdue": Count("pk", over),
        "due_today": Count("pk", (contact_today | visit_today) & ~over),
        **{grade: Count("pk", Q(grade=grade)) for grade in Grade.values},
    }
