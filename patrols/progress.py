"""How far a round of a night is at a moment, and whether somebody should ring. Pure.

The desk is shown "late" from the first step of the alerts on (``PATROL_ALERT_MINUTES``), and
"missed" from the last: what it sees and what the telephone told it are the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from patrols.alerting import Round, Stop


class Standing(StrEnum):
    """In the order of how much a round wants somebody now."""

    SILENT = "silent"
    LATE = "late"
    MISSED = "missed"
    SHORT = "short"
    OUT = "out"
    AHEAD = "ahead"
    DONE = "done"


# What the desk should telephone about.
TROUBLES = frozenset({Standing.SILENT, Standing.LATE, Standing.MISSED, Standing.SHORT})


@dataclass(frozen=True)
class Progress:
    """``overdue`` are the checkpoints that should have been passed by now; ``next`` is the one the
    walk comes to, None where it has passed all or has not begun."""

    standing: Standing
    passed: int
    of: int
    overdue: Sequence[Stop]
    next: Stop | None


def progress(of: Round, *, ended: bool, now: datetime, minutes: Sequence[int]) -> Progress:
    """``minutes`` are those of the alerts, rising; ``ended``: the guards have said it is over."""
    unseen = [one for one in of.stops if not one.seen]
    passed = len(of.stops) - len(unseen)
    if not of.started:
        return Progress(_unstarted(of, now, minutes), passed, len(of.stops), (), None)
    grace = timedelta(minutes=minutes[0])
    overdue = unseen if ended else [one for one in unseen if one.due + grace <= now]
    if ended:
        standing = Standing.SHORT if unseen else Standing.DONE
    else:
        standing = Standing.SILENT if overdue else Standing.OUT
    ahead = None if ended else next(iter(unseen), None)
    return Progress(standing, passed, len(of.stops), overdue, ahead)


def _unstarted(of: Round, now: datetime, minutes: Sequence[int]) -> Standing:
    late = now - of.planned
    if late >= timedelta(minutes=minutes[-1]):
        return Standing.MISSED
    return Standing.LATE if late >= timedelta(minutes=minutes[0]) else Standing.AHEAD
