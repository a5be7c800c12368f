"""The demo's past: deeds with the moment each was done, carried out in that order.

The actions write what they do now, so the demo lets them believe that it is then. That happens in
a process of its own, `manage.py seed_demo`, where nobody else asks the time.
"""

import heapq
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, time, timedelta
from itertools import count

from django.utils import timezone

from enterprises.models import Assignment, StageChange

Deed = Callable[[], object]


class Diary:
    """What is to be done and when; a deed may enter further ones."""

    def __init__(self) -> None:
        self.now = timezone.now()
        self._deeds: list[tuple[datetime, int, Deed]] = []
        self._order = count()

    def at(self, moment: datetime, deed: Deed) -> None:
        if moment > self.now:
            raise ValueError(f"{moment} has not come yet")
        heapq.heappush(self._deeds, (moment, next(self._order), deed))

    def carry_out(self) -> None:
        while self._deeds:
            moment, _order, deed = heapq.heappop(self._deeds)
            with clock_at(moment):
                deed()
            # Columns that the models fill in themselves, with the real time.
            Assignment.objects.filter(started_at__gt=moment).update(started_at=moment)
            StageChange.objects.filter(at__gt=moment).update(at=moment)

    def day(self, days_ago: int, hour: int, minute: int = 0) -> datetime:
        """That hour so many days ago; an hour of today that is still to come is yesterday's."""
        on = timezone.localdate(self.now) - timedelta(days_ago)
        moment = timezone.make_aware(datetime.combine(on, time(hour, minute)))
        return moment if moment < self.now else moment - timedelta(1)

    def office(self, moment: datetime) -> datetime:
        """The same day, at an hour when people are at work; as it is where that is to come."""
        local = timezone.localtime(moment)
        at_work = local.replace(hour=8 + local.hour % 10)
        return at_work if at_work < self.now else moment


@contextmanager
def clock_at(moment: datetime) -> Iterator[None]:
    """Django's clock stands at this moment."""
    real = timezone.now
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real
