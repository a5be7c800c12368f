"""The sweep that says so when nobody has looked at a held request in time."""

from collections import Counter
from datetime import datetime, timedelta

from issues.held_notices import tell_of_late
from issues.models import HeldRequest
from liaison.core.sweeping import longest_wait, sweep

# One that cannot be told is tried again after so long.
PUT_OFF = timedelta(minutes=10)


def ring_held(now: datetime) -> Counter[str]:
    """Tell the desk and the chiefs, once for each; how many there were."""
    due = HeldRequest.objects.all().to_ring(now).for_rows().select_related("unit")
    counts = Counter(held_rung=0)
    counts.update(
        sweep(
            due.order_by("next_ring_at", "pk"),
            _ring,
            lambda held: HeldRequest.objects.filter(pk=held.pk).update(next_ring_at=now + PUT_OFF),
        )
    )
    return counts


def oldest_unrung(now: datetime) -> timedelta | None:
    """For how long the oldest has been due that nobody was told of."""
    return longest_wait(now, (HeldRequest.objects.all().to_ring(now), "next_ring_at"))


def _ring(held: list[HeldRequest]) -> Counter[str]:
    for one in held:
        tell_of_late(one)
    HeldRequest.objects.filter(pk__in=[one.pk for one in held]).update(next_ring_at=None)
    return Counter(held_rung=len(held))
