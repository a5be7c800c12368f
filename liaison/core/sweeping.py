"""How a sweep works off the rows that are due: in batches, shared with others, stopped by none.

The database holds what is due, in an indexed column, so a sweep costs what is due and not what
there is. Each batch is a transaction: a process that dies leaves it as it was. Several at once
share the work, because a row that another holds is passed by (on SQLite they take turns). A row
with which something is wrong is logged, put off and counted, and the others go on.
"""

import logging
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import models, transaction

logger = logging.getLogger(__name__)
BATCH = 200

Row = TypeVar("Row", bound=models.Model)


def sweep(
    due: models.QuerySet[Row],
    work: Callable[[list[Row]], Counter[str]],
    put_off: Callable[[Row], object],
    *,
    batch: int = BATCH,
) -> Counter[str]:
    """Take the rows of ``due``, in its order, until none is left; what came of them.

    The order is that of the index that finds them. Without it PostgreSQL, which keeps the plan of
    what it is asked every minute, takes a third of all rows to be due and looks for the first one.

    ``work`` must make its rows due later or never; ``put_off`` makes one due later with which
    ``work`` fails. ``batch`` is how many are held at once: fewer where each takes its time and
    somebody may be waiting for the row.
    """
    counts: Counter[str] = Counter()
    # Asked without a lock first: most of the time nothing is due.
    while due.select_related(None).values_list("pk", flat=True)[:1]:
        with transaction.atomic():
            rows = _hold(due, batch)
            counts += _try(rows, work, put_off)
        if not rows:  # others have them
            break
    return counts


def _hold(due: models.QuerySet[Row], batch: int) -> list[Row]:
    """The first of them that nobody else holds, locked until we commit.

    Locked first and read after that: in one statement a row that somebody has just changed would
    come with what was joined to it before.
    """
    free = due.select_related(None).select_for_update(skip_locked=True, of=("self",))
    held = list(free.values_list("pk", flat=True)[:batch])
    return list(due.filter(pk__in=held)) if held else []


def _try(
    rows: list[Row],
    work: Callable[[list[Row]], Counter[str]],
    put_off: Callable[[Row], object],
) -> Counter[str]:
    try:
        with transaction.atomic():
            return work(rows) if rows else Counter()
    except Exception:  # of any kind: the log has it, and the rows are tried alone
        if len(rows) > 1:
            alone: Counter[str] = sum((_try([row], work, put_off) for row in rows), Counter())
            return alone
        logger.exception("%s %s is put off", type(rows[0]).__name__, rows[0].pk)
        put_off(rows[0])
        return Counter(failed=1)


def longest_wait(now: datetime, *due: tuple[models.QuerySet[Any], str]) -> timedelta | None:
    """For how long that has been due which has been due longest, in one query.

    ``due`` are rows of any sort and the column that says since when.
    """
    one, *others = (
        rows.order_by().annotate(since=models.F(column)).values_list("since")
        for rows, column in due
    )
    found = one.union(*others, all=True) if others else one
    first = found.order_by("since").first()
    return now - first[0] if first else None
