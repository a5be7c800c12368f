"""What is counted of the visits of every station."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from liaison.core.due import start_of
from liaison.summaries.topics import Numbers, by_unit
from visits.models import Visit


def count(units: Collection[int], now: datetime) -> Numbers:
    """Visits and calls since 1 January."""
    first = timezone.localdate(now).replace(month=1, day=1)
    return by_unit(
        Visit.objects.filter(unit__in=units).since(start_of(first)), this_year=Count("pk")
    )
