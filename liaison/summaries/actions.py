"""The sweep that counts what is due, and adds it up to the top of the tree."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import groupby

from django.db import transaction

from liaison.accounts.models import Unit
from liaison.core.sweeping import BATCH, sweep
from liaison.summaries.models import EVERY, Summary
from liaison.summaries.topics import TOPICS, function_of

# A station that cannot be counted is tried again after so long.
PUT_OFF = timedelta(minutes=10)


def count_due(now: datetime) -> Counter[str]:
    """Count every station that is due, then add up the bureaus; whoever fills a database calls it.

    ``summaries`` is how many were counted. Processes at the same time share the stations; each
    adds up what it finds, and the last finds all.
    """
    counts = Counter(summaries=0)
    made = _make_missing(now)
    due = Summary.objects.to_count(now).filter(topic__in=TOPICS)
    counts.update(
        sweep(
            # By topic, so that a batch is stations counted with one set of queries.
            due.order_by("due_at", "topic", "unit"),
            lambda rows: _count(rows, now),
            lambda row: Summary.objects.filter(pk=row.pk).update(due_at=now + PUT_OFF),
        )
    )
    if made or counts["summaries"]:
        _roll_up(now)
    return counts


def oldest_due(now: datetime) -> timedelta | None:
    """For how long the station that has waited longest has been due to be counted."""
    due = Summary.objects.filter(due_at__lte=now, topic__in=TOPICS).order_by("due_at")
    first = due.values_list("due_at", flat=True).first()
    return now - first if first else None


def _make_missing(now: datetime) -> int:
    """A row for every unit and topic that has none; how many that were."""
    missing = [
        Summary(unit_id=pk, topic=topic, due_at=now if kind == Unit.Kind.STATION else None)
        for topic in TOPICS
        for pk, kind in Unit.objects.all()
        .counted()
        .exclude(pk__in=Summary.objects.filter(topic=topic).values("unit"))
        .values_list("pk", "kind")
    ]
    # Another process may be making the same ones.
    Summary.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)


def _count(rows: list[Summary], now: datetime) -> Counter[str]:
    for topic, some in groupby(rows, key=lambda row: row.topic):
        of_topic = list(some)
        found = function_of(topic)([row.unit_id for row in of_topic], now)
        for row in of_topic:
            row.numbers = found.get(row.unit_id, {})
            row.true_at, row.due_at = now, now + EVERY
    _write(rows)
    return Counter(summaries=len(rows))


@transaction.atomic
def _roll_up(now: datetime) -> None:
    """Write every bureau's sums anew, from the bottom of the tree to its top.

    A bureau below which something was never counted keeps what it has. The rows of the bureaus are
    held first: of two processes the second reads what the first has seen, and more.
    """
    bureaus = Summary.objects.filter(unit__kind=Unit.Kind.BUREAU).order_by("pk")
    held = {
        (row.unit_id, row.topic): row
        for row in bureaus.select_for_update(of=("self",), no_key=True)
    }
    stations = Summary.objects.filter(unit__kind=Unit.Kind.STATION, true_at__isnull=False)
    known = {(row.unit_id, row.topic): row for row in stations.iterator()}
    known |= {key: row for key, row in held.items() if row.true_at}
    summed = []
    for bureau, below in _from_below():
        for topic in TOPICS:
            row = held.get((bureau, topic))
            parts = [known.get((child, topic)) for child in below]
            if row is not None and _add_up(row, parts, now):
                known[bureau, topic] = row
                summed.append(row)
    _write(summed)


def _write(rows: list[Summary]) -> None:
    """Rows that are there, written over in one statement: a quarter of what bulk_update takes."""
    Summary.objects.bulk_create(
        rows,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["unit", "topic"],
        update_fields=["numbers", "true_at", "due_at"],
    )


def _add_up(row: Summary, parts: Iterable[Summary | None], now: datetime) -> bool:
    """Give the row the sums over its parts; False when one of them is not known."""
    whole: Counter[str] = Counter()
    oldest = now
    for part in parts:
        if part is None or part.true_at is None:
            return False
        whole.update(part.numbers)
        oldest = min(oldest, part.true_at)
    row.numbers, row.true_at = whole, oldest
    return True


def _from_below() -> list[tuple[int, list[int]]]:
    """Every bureau with the units directly below it, the deepest first."""
    below: dict[int | None, list[int]] = defaultdict(list)
    depths: dict[int, int] = {}
    for pk, parent, kind, path in (
        Unit.objects.all().counted().values_list("pk", "parent", "kind", "path")
    ):
        below[parent].append(pk)
        if kind == Unit.Kind.BUREAU:
            depths[pk] = path.count("/")
    return [(pk, below[pk]) for pk in sorted(depths, key=depths.__getitem__, reverse=True)]
