"""Whether the reminders have fallen silent: whoever relies on being reminded must know."""

from datetime import datetime, timedelta

# The sweep comes every minute. A step due for so long that nobody has taken: nothing rings.
RINGS_WITHIN = timedelta(minutes=15)


def silent_since(unrung: datetime | None, now: datetime) -> datetime | None:
    """``unrung`` is when the oldest step fell due that nobody has taken."""
    return unrung if unrung and now - unrung > RINGS_WITHIN else None
