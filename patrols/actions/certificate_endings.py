"""Telling in time that certificates end: thirty days before, and on the last day."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from enterprises.models import Enterprise
from liaison.core.sweeping import sweep
from patrols.guard_notices import tell_of_endings
from patrols.models import Guard


def tell_endings(now: datetime) -> dict[str, int]:
    """Tell the enterprise's contacts, its officer and the desk of every certificate of which it is
    due by ``now``; how many were told of. Each once: telling sets the day of the next one."""
    today = timezone.localdate(now)
    due = Guard.objects.filter(tell_on__lte=today).order_by("tell_on", "id")
    return dict(
        sweep(
            due.select_related("enterprise__unit"),
            partial(_tell, now),
            lambda guard: Guard.objects.filter(pk=guard.pk).update(
                tell_on=today + timedelta(days=1)
            ),
        )
    )


def _tell(now: datetime, guards: list[Guard]) -> Counter[str]:
    today = timezone.localdate(now)
    of: dict[tuple[Enterprise, bool], list[Guard]] = defaultdict(list)
    for guard in guards:
        until = guard.certificate_until
        has_ended = until is None or until <= today
        # What a late run comes to is told as it stands today.
        guard.tell_on = None if has_ended else until
        of[guard.enterprise, has_ended].append(guard)
    Guard.objects.bulk_update(guards, ("tell_on",))
    for (enterprise, has_ended), theirs in of.items():
        tell_of_endings(enterprise, theirs, has_ended=has_ended, now=now)
    return Counter(certificates=len(guards))
