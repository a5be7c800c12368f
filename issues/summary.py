"""What is counted of the bill of every station, and of the lines before a person."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

from django.db.models import Count, Sum
from django.db.models.functions import ExtractYear
from django.utils import timezone

from issues.models import Issue
from issues.querysets import IssueQuerySet, line_numbers
from issues.workflow import Stage
from liaison.core.due import start_of
from liaison.summaries.topics import Numbers, by_unit

# An amount of money is kept in fen, which add up exactly.
FEN = 100


def count(units: Collection[int], now: datetime) -> Numbers:
    """The open lines, those closed this year, and how many may move because of which year."""
    lines = Issue.objects.filter(unit__in=units)
    found = by_unit(lines.open(), **line_numbers(now))
    for more in (closed_this_year(lines, now), _uncertain(lines)):
        for unit, numbers in more.items():
            found.setdefault(unit, Counter()).update(numbers)
    return found


def closed_this_year(lines: IssueQuerySet, now: datetime) -> Numbers:
    """Closed out since 1 January: ``closed_hazard`` and so on by kind, ``loss`` in fen."""
    first = timezone.localdate(now).replace(month=1, day=1)
    closed = lines.filter(stage=Stage.CLOSED, closed_at__gte=start_of(first))
    found: Numbers = {}
    of_kinds = closed.order_by().values("unit", "kind__code")
    for row in of_kinds.annotate(n=Count("pk"), loss=Sum("loss_recovered")):
        found.setdefault(row["unit"], Counter()).update(
            {f"closed_{row['kind__code']}": row["n"], "loss": int((row["loss"] or 0) * FEN)}
        )
    return found


def _uncertain(lines: IssueQuerySet) -> Numbers:
    """``uncertain_2027``: into which year deadlines reach without its holidays being known."""
    found: Numbers = {}
    of_years = lines.uncertain().order_by().values("unit", year=ExtractYear("resolve_due_at"))
    for row in of_years.annotate(n=Count("pk")):
        found.setdefault(row["unit"], Counter())[f"uncertain_{row['year']}"] = row["n"]
    return found
