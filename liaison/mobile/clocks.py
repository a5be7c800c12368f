"""Moments that a phone has written down, by ours. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta

# So far a phone may be out, or an answer be under way, and nobody minds.
TOLERANCE = timedelta(minutes=1)
# Nothing waits in an outbox for longer: an earlier moment is a clock that stood at its beginning.
LONGEST_WAIT = timedelta(days=14)


@dataclass(frozen=True)
class PhoneClock:
    """A phone's clock, measured against ours as it sends. ``skew`` is added to its moments; it is
    none while within ``TOLERANCE``."""

    now: datetime
    skew: timedelta

    @classmethod
    def measured(cls, *, now: datetime, sent_at: datetime) -> "PhoneClock":
        """``sent_at``: what the phone's clock showed when it sent what came in at ``now``."""
        skew = now - sent_at
        return cls(now, skew if abs(skew) > TOLERANCE else timedelta(0))

    def put_right(self, moment: datetime) -> datetime:
        """A moment by our clock. One that is still to come by no more than the tolerance is now;
        further off it stays what it is, for a rule to refuse."""
        moved = moment + self.skew
        return self.now if self.now < moved <= self.now + TOLERANCE else moved

    def made(self, moment: datetime) -> datetime:
        """When something was made: never to come, whatever the phone showed."""
        return min(moment + self.skew, self.now)

    def raised(self, moment: datetime) -> datetime:
        """From when a clock runs that begins with something made on the phone: one that was
        certainly wrong when it was made counts for nothing."""
        made = self.made(moment)
        return made if made > self.now - LONGEST_WAIT else self.now
