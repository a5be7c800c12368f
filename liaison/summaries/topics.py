"""What is counted of every unit, in one list: the functions live with the rows that they count.

They are named here and loaded when they are run, because the slices stand above this one.
"""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.db.models import Aggregate, QuerySet
from django.utils.module_loading import import_string

# Unit id to its numbers; a unit without rows may be left out.
Numbers = dict[int, Counter[str]]
Count = Callable[[Collection[int], datetime], Numbers]

# A function takes the ids of stations and the moment to count for, and asks a number of queries
# that does not grow with the stations. Whole numbers only, which add up to exactly theirs above.
TOPICS = {
    "enterprises": "enterprises.summary.count",
    "issues": "issues.summary.count",
    "visits": "visits.summary.count",
}


def function_of(topic: str) -> Count:
    function: Count = import_string(TOPICS[topic])
    return function


def by_unit(rows: QuerySet[Any], **numbers: Aggregate) -> Numbers:
    """These aggregates of each unit that has rows; an empty sum is 0."""
    found = rows.order_by().values("unit").annotate(**numbers)
    return {
        row.pop("unit"): Counter({name: round(n or 0) for name, n in row.items()}) for row in found
    }
