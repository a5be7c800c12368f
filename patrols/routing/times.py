"""When the rounds of a night begin: drawn anew for every night, so that nobody can wait for it.

What is drawn is a keyed hash of the night, the route and the round under a secret of the server.
Whoever has seen a year of starts knows nothing of the next; the server draws the same again.
"""

import hashlib
import hmac
from datetime import date, datetime, time, timedelta

from patrols.nights import at

# A round does not begin to the second.
STEP = timedelta(minutes=1)


def window(evening: date, first: time, last: time) -> tuple[datetime, datetime]:
    """From when to when rounds are walked. Raises ``ValueError`` unless it is within one night."""
    begins, ends = at(evening, first), at(evening, last)
    if not begins < ends:
        raise ValueError("the window of patrols ends after it begins, before noon")
    return begins, ends


def starts(
    evening: date,
    route: int,
    rounds: int,
    *,
    first: time,
    last: time,
    lasts: timedelta,
    secret: bytes,
) -> list[datetime]:
    """The start of each round: the window is cut into as many equal parts, and each begins
    somewhere in its own, so that it is over before the part is where that is possible.

    ``lasts`` is how long a round takes. Raises ``ValueError`` for no rounds or a window that is
    none.
    """
    return [
        earliest
        + STEP * _drawn(secret, evening, route, number, int((latest - earliest) / STEP) + 1)
        for number, (earliest, latest) in enumerate(
            bounds(evening, rounds, first=first, last=last, lasts=lasts)
        )
    ]


def bounds(
    evening: date, rounds: int, *, first: time, last: time, lasts: timedelta
) -> list[tuple[datetime, datetime]]:
    """The earliest and the latest moment at which each round may begin. Raises as ``starts``."""
    if rounds < 1:
        raise ValueError("at least one round")
    begins, ends = window(evening, first, last)
    part = (ends - begins) / rounds
    free = max(part - lasts, STEP)
    steps = max(int(free / STEP), 1)
    return [
        (begins + part * number, begins + part * number + STEP * (steps - 1))
        for number in range(rounds)
    ]


def _drawn(secret: bytes, evening: date, route: int, number: int, below: int) -> int:
    """A whole number from 0 to below this one; 128 bits leave no bias that could be seen."""
    said = f"patrols.routing.times|{evening.isoformat()}|{route}|{number}"
    drawn = hmac.new(secret, said.encode(), hashlib.sha256).digest()[:16]
    return int.from_bytes(drawn, "big") % below
