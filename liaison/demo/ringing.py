"""The demo's clock: reminders and escalations came when they were due, and people read them."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial

from liaison.accounts.models import User
from liaison.demo.diary import Diary
from liaison.jobs.sweeps import ring
from liaison.notices.actions import mark_all_read

BACK = 7  # days
# Hours of the day: when reminders come, and often enough for lines that run out in between.
RINGS_AT = (8, 14, 22)
# In the evening everybody has read what has come.
READ_AT = 18


def ring_in_time(people: Iterable[User], diary: Diary) -> None:
    readers = list(people)
    # Up to now: on the first morning nothing waits to be told.
    diary.at(diary.now, partial(ring, diary.now))
    for days_ago in range(BACK, -1, -1):
        for hour in RINGS_AT:
            moment = diary.day(days_ago, hour)
            diary.at(moment, partial(ring, moment))
        if days_ago:
            evening = diary.day(days_ago, READ_AT)
            diary.at(evening, partial(_read, readers, evening - timedelta(minutes=1)))


def _read(people: Iterable[User], until: datetime) -> None:
    for person in people:
        mark_all_read(by=person, until=until, now=until)
