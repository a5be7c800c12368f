"""How soon help was there against 1-3-5: how often, how often in time, how long on average. Pure
but for the rows it is given.

最小应急单元: the enterprise's own guards within 1 minute, the neighbours within 3, the police
within 5 (``PATROL_RESPONSE_MINUTES``).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Step:
    """One of the three arrivals over ``times`` calls: ``came`` how often anybody did, ``kept`` how
    often within ``limit``, ``mean`` of those that came."""

    times: int
    came: int
    kept: int
    mean: timedelta | None
    limit: timedelta

    @property
    def all_kept(self) -> bool:
        return self.kept == self.times


def paces(calls: Iterable[Sequence[timedelta | None]], minutes: Sequence[int]) -> list[Step]:
    """Of each arrival, in order; nothing where nobody called. Exactly the limit is in time."""
    listed = list(calls)
    if not listed:
        return []
    return [
        _step([call[n] for call in listed], timedelta(minutes=most))
        for n, most in enumerate(minutes)
    ]


def in_time(took: timedelta | None, minutes: int) -> bool:
    return took is not None and took <= timedelta(minutes=minutes)


def _step(took: Sequence[timedelta | None], limit: timedelta) -> Step:
    came = [one for one in took if one is not None]
    mean = sum(came, timedelta(0)) / len(came) if came else None
    return Step(len(took), len(came), sum(one <= limit for one in came), mean, limit)
