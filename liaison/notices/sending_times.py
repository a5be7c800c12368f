"""When something is sent to a person: their quiet hours and their hour for a digest. Pure.

Times of day are the site's (Asia/Shanghai), instants in any zone; a quiet time may cross midnight.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone


@dataclass(frozen=True)
class Times:
    """``quiet`` from and until; ``digest_at`` None means at once."""

    quiet: tuple[time, time] | None = None
    digest_at: time | None = None


def when_to_send(now: datetime, times: Times) -> datetime:
    """The first moment from now on at which it may go."""
    return after_quiet(next_at(now, times.digest_at) if times.digest_at else now, times)


def after_quiet(moment: datetime, times: Times) -> datetime:
    """The moment itself, or the end of the quiet time that it falls into."""
    if times.quiet is None:
        return moment
    start, end = times.quiet
    clock = timezone.localtime(moment, timezone.get_default_timezone()).time()
    quiet = start <= clock < end if start < end else clock >= start or clock < end
    return next_at(moment, end) if quiet else moment


def next_at(moment: datetime, clock: time) -> datetime:
    """When it is next that time of day: this very moment counts."""
    here = timezone.localtime(moment, timezone.get_default_timezone())
    today = here.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return today if today >= here else today + timedelta(days=1)
