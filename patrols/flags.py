"""What is odd about a check-in. Flags, never refusals: whoever stands in the rain with a phone
whose clock is wrong has been there all the same, and a person judges what it means.

Pure. Distances in metres, speeds in km/h, times in seconds; the limits are settings, whose defaults
come from practice elsewhere.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from liaison.core.coordinates import Point, distance_m

# What a phone sends may have waited for a network; what is older than a night was not of tonight.
OLDEST = timedelta(hours=24)


class Flag(StrEnum):
    FAR = "far"
    IMPOSSIBLE_SPEED = "impossible_speed"
    CLOCK_SKEW = "clock_skew"
    REPEATED_TOKEN = "repeated_token"  # noqa: S105 - a flag's name
    OUT_OF_ORDER = "out_of_order"
    OLD_TOKEN = "old_token"  # noqa: S105 - a flag's name
    NOT_ON_DUTY = "not_on_duty"
    # Recruited by the enterprise itself, outside its premises, and no officer has answered.
    NOT_ANSWERED = "not_answered"


@dataclass(frozen=True)
class Limits:
    """``far``: metres from the checkpoint beyond what the phone itself may be wrong by. ``speed``:
    km/h as the crow flies that no patrol goes. ``skew``: seconds that a phone's clock may be wrong.
    ``repeat``: seconds within which the same checkpoint again is no second round."""

    far: int
    speed: float
    skew: int
    repeat: int


@dataclass(frozen=True)
class Seen:
    """One check-in: ``place`` is the checkpoint's key with its ``order`` in the round and its
    point; ``where`` the phone's own position, give or take ``accuracy`` metres."""

    place: int
    order: int
    point: Point
    at: datetime
    where: Point | None = None
    accuracy: float = 0.0

    @property
    def stood(self) -> Point:
        """Where they were, as far as it is known: the phone's word goes before the plate's."""
        return self.where or self.point


def skew_of(sent_at: datetime, received_at: datetime) -> timedelta:
    """By how much the phone's clock is behind the server's; the way through the network counts as
    the phone's error, which is why the limit is not small."""
    return received_at - sent_at


def believed(made_at: datetime, sent_at: datetime, received_at: datetime) -> datetime:
    """When it happened by the server's clock: the phone's, put right by what it showed when it sent
    this. Never after it was received, nor longer before than a night."""
    put_right = made_at + skew_of(sent_at, received_at)
    return max(min(put_right, received_at), received_at - OLDEST)


def is_skewed(made_at: datetime, sent_at: datetime, received_at: datetime, limits: Limits) -> bool:
    """A clock that is off by more than the limit, that ran backwards, or that was set meanwhile."""
    wrong = abs(skew_of(sent_at, received_at).total_seconds()) > limits.skew
    return wrong or made_at > sent_at or sent_at - made_at > OLDEST


def distance_of(seen: Seen) -> int | None:
    """Whole metres from the phone to the checkpoint; None without a position."""
    return None if seen.where is None else round(distance_m(seen.where, seen.point))


def too_fast(before: Seen, after: Seen, limits: Limits) -> bool:
    """Whether nobody gets from there to here in that time, both phones' errors granted."""
    way = distance_m(before.stood, after.stood)
    way -= before.accuracy if before.where else limits.far
    way -= after.accuracy if after.where else limits.far
    seconds = abs((after.at - before.at).total_seconds())
    return way > 0 and way > limits.speed / 3.6 * seconds


def flags_of(
    seen: Seen, limits: Limits, *, own: Sequence[Seen] = (), of_round: Sequence[Seen] = ()
) -> list[str]:
    """What is odd, in the order of :class:`Flag`.

    ``own`` are the guard's other check-ins of the night, ``of_round`` everybody's of this round.
    They may be later: what waited for a network comes after what did not.
    """
    found = []
    distance = distance_of(seen)
    if distance is not None and distance > limits.far + seen.accuracy:
        found.append(Flag.FAR)
    before = max((one for one in own if one.at <= seen.at), key=lambda one: one.at, default=None)
    after = min((one for one in own if one.at > seen.at), key=lambda one: one.at, default=None)
    if (before and too_fast(before, seen, limits)) or (after and too_fast(seen, after, limits)):
        found.append(Flag.IMPOSSIBLE_SPEED)
    if any(
        one.place == seen.place and abs((one.at - seen.at).total_seconds()) <= limits.repeat
        for one in own
    ):
        # The same guard's: of two who walk together each may scan.
        found.append(Flag.REPEATED_TOKEN)
    if any(one.order > seen.order and one.at < seen.at for one in of_round):
        found.append(Flag.OUT_OF_ORDER)
    return [str(one) for one in found]
