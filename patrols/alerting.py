"""Who is told when of what has not happened in a night. Pure.

A round that does not start and a checkpoint that is not passed climb the same steps: the team's
leader, the duty desk, the chief, each so many minutes after the time that was missed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

LATE_START, MISSED_START, MISSED_CHECKPOINT = "late_start", "missed_start", "missed_checkpoint"


@dataclass(frozen=True)
class Stop:
    """``due`` is when the walk should have been here."""

    checkpoint: int
    due: datetime
    seen: bool


@dataclass(frozen=True)
class Round:
    planned: datetime
    started: bool
    stops: Sequence[Stop]


# What is alerted: (what, the checkpoint or None, the step).
Alert = tuple[str, int | None, int]


def alerts(
    of: Round, told: Collection[Alert], now: datetime, minutes: Sequence[int]
) -> tuple[list[Alert], datetime | None]:
    """What is to be told by now and was not, and when there may be something to tell next.

    ``minutes`` has one number for each step, rising. A round that never started is one alert and
    not one for each of its checkpoints; one that ended has missed what it did not pass.
    """
    due, ahead = [], []
    for moment, alert in _expected(of, minutes):
        if alert in told:
            continue
        if moment <= now:
            due.append(alert)
        else:
            ahead.append(moment)
    return due, min(ahead, default=None)


def _expected(of: Round, minutes: Sequence[int]) -> list[tuple[datetime, Alert]]:
    if not of.started:
        last = len(minutes) - 1
        return [
            (
                of.planned + timedelta(minutes=after),
                (MISSED_START if step == last else LATE_START, None, step),
            )
            for step, after in enumerate(minutes)
        ]
    return [
        (stop.due + timedelta(minutes=after), (MISSED_CHECKPOINT, stop.checkpoint, step))
        for stop in of.stops
        if not stop.seen
        for step, after in enumerate(minutes)
    ]
