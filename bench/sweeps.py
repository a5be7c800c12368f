"""What a sweep costs that finds 100 lines due, among a thousand open ones and among 480,000.

It must cost what is due and not what there is: DESIGN allows no more than 1.5 times as much.
"""

import argparse
import gc
import sys
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median, quantiles

from django.db import connection
from django.db.models import F
from django.utils import timezone

from issues.actions.escalating import escalate_due
from issues.models import Issue
from issues.workflow import Stage
from liaison.demo.scale import fill
from liaison.notices.gathering import tell_gathered

OPEN = (1_000, 480_000)
DUE = 100
ROUNDS = 15
MOST = 1.5


@dataclass
class Sweep:
    """Milliseconds."""

    open_lines: int
    due: int
    total_ms: float
    quarters: tuple[float, float]


@dataclass
class Sweeps:
    database: str
    each: list[Sweep]

    @property
    def ratio(self) -> float:
        return self.each[-1].total_ms / self.each[0].total_ms


def measure(_flags: argparse.Namespace) -> Sweeps:
    """With a station, and a line of it of which more can be made. The station's own are due when
    nobody looks."""
    fill(1)
    Issue.objects.filter(next_escalation_at__isnull=False).update(next_escalation_at=_far())
    model = Issue.objects.filter(stage=Stage.WORKING, sensitive=False).earliest("pk")
    return Sweeps(connection.vendor, [_measure(model, size) for size in OPEN])


def report(result: Sweeps) -> str:
    lines = [
        f"Sweeps on {result.database}; at most {MOST:g} times as much",
        f"{'open lines':>10} {'due':>5} {'sweep and telling, ms':>24}",
    ]
    for one in result.each:
        spread = f"{one.total_ms:.1f} ({one.quarters[0]:.1f}-{one.quarters[1]:.1f})"
        lines.append(f"{one.open_lines:>10} {one.due:>5} {spread:>24}")
    lines.append(f"{result.ratio:.2f} times")
    return "\n".join(lines)


def failures(result: Sweeps) -> list[str]:
    if result.ratio <= MOST:
        return []
    return [f"a sweep: {result.ratio:.2f} times as much, allowed are {MOST:g}"]


def _measure(model: Issue, size: int) -> Sweep:
    print(f"  a sweep over {size} open lines", file=sys.stderr)
    _fill_up_to(model, size)
    each = []
    for n in range(ROUNDS + 1):
        now = timezone.now()
        _arm(size, now)
        gc.collect()
        started = time.perf_counter()
        counts = escalate_due(now)
        tell_gathered(now)
        taken = (time.perf_counter() - started) * 1000
        if counts["escalations"] != DUE:
            raise RuntimeError(f"{counts} instead of {DUE} escalations")
        if n:  # the first warms up
            each.append(taken)
    low, _, high = quantiles(each, n=4)
    return Sweep(size, DUE, round(median(each), 2), (round(low, 2), round(high, 2)))


def _fill_up_to(model: Issue, size: int) -> None:
    """Copies of one open line, made in the database; none of them is due for years."""
    there = Issue.objects.filter(number__startswith="S-").count()
    fields = [f for f in Issue._meta.concrete_fields if f.name not in ("id", "number")]
    names = ", ".join(f'"{f.column}"' for f in fields)
    values = ", ".join("%s" if f.name == "next_escalation_at" else f'"{f.column}"' for f in fields)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE numbers(n) AS "
            f"(SELECT CAST(%s AS integer) UNION ALL SELECT n + 1 FROM numbers WHERE n < %s) "
            f'INSERT INTO issues_issue ("number", {names}) '
            f"SELECT 'S-' || n, {values} FROM issues_issue, numbers WHERE id = %s",
            [there + 1, size, _far(), model.pk],
        )
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _far() -> datetime:
    return timezone.now() + timedelta(days=2000)


def _arm(size: int, now: datetime) -> None:
    """Some of them, spread over all, run out now; their ladders begin anew."""
    chosen = [f"S-{n}" for n in range(1, size + 1, size // DUE)][:DUE]
    Issue.objects.filter(number__in=chosen).update(
        next_due_at=now,
        resolve_due_at=now,
        started_at=now - timedelta(days=7),
        next_escalation_at=now,
        clock_set_at=now,
        clock_generation=F("clock_generation") + 1,
    )
