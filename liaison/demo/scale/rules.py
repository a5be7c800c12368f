"""The product's rules on clocks, read once and remembered where many rows share an answer.

All of it stands still at one moment: the midnight with which a day begins. Everything made up lies
before it, at whatever hour of that day it is made up.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from django.utils import timezone

from enterprises.deadlines import Interval, strictest
from enterprises.ladder import Ringing, Rung, ladders, passed_over, rules_at
from enterprises.models import Cadence, ContactPolicy, Enterprise, ReminderRule
from issues.deadlines import (
    after_pause,
    callback_due_on,
    confirm_due_on,
    most_particular,
    resolve_by,
)
from issues.ladder import ladder_for, rungs
from issues.models import EscalationRule, IssueKind, SlaPolicy
from liaison.calendars.work_time import work_calendar
from liaison.core.workdays import WorkCalendar, add_working_days

DAY = timedelta(days=1)
AHEAD = timedelta(hours=8)  # of UTC, in China, all year


def local_date(moment: datetime) -> date:
    """The date in China; a fifth of what asking the zone costs, some million times."""
    return (moment + AHEAD).date()


class Rules:
    """Kinds, limits, ladders and the calendar of an installation where no unit has its own yet."""

    def __init__(self, on: date) -> None:
        self.on = on
        self.now = timezone.make_aware(datetime.combine(on, time.min)).astimezone(UTC)
        self.kinds = {kind.code: kind for kind in IssueKind.objects.all()}
        self._limits = list(SlaPolicy.objects.in_force().filter(unit=None))
        self._calendar = work_calendar()
        self._ladders = list(EscalationRule.objects.filter(unit=None))
        self._reminders = rules_at(ReminderRule.objects.all(), None)
        self._contacts = list(ContactPolicy.objects.filter(unit=None))
        # Per instance: other rules, or another day, have other answers.
        self.limit = cache(self._limit)
        self.interval = cache(self._interval)
        self.reminders = cache(self._reminders_of)
        self._days_until = cache(self._count_days)
        self._offsets = cache(self._climb)
        self._callback_on = cache(self._called_back_by)
        self._confirm_on = cache(self._confirmed_by)

    def ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)

    def _limit(self, kind: str, level: str) -> SlaPolicy:
        return most_particular(self._limits, None, self.kinds[kind].pk, level)

    def _interval(self, tier: str, grade: str, stage: str, field: str) -> Interval:
        return strictest(self._contacts, Enterprise(tier=tier, grade=grade, stage=stage), field)

    def _calendar_of(self, kind: str) -> WorkCalendar:
        if self.kinds[kind].round_the_clock:
            return WorkCalendar.round_the_clock()
        return self._calendar

    # --- deadlines of lines -------------------------------------------------------------------

    def resolve_by(self, start: datetime, days: int, kind: str) -> tuple[datetime, bool]:
        """The deadline, and whether the calendar knows every year on the way."""
        whole, certain = self._days_until(local_date(start), days, kind)
        return start + whole * DAY, certain

    def callback_by(self, closed_at: datetime) -> date:
        """The last day on which a line closed out then is called back in time."""
        return self._callback_on(local_date(closed_at))

    def confirm_by(self, proposed_at: datetime) -> date:
        """The last day on which the enterprise is asked to confirm what was reported as done."""
        return self._confirm_on(local_date(proposed_at))

    def _confirmed_by(self, on: date) -> date:
        return confirm_due_on(timezone.make_aware(datetime.combine(on, time(12))), self._calendar)

    def _called_back_by(self, on: date) -> date:
        return callback_due_on(timezone.make_aware(datetime.combine(on, time(12))), self._calendar)

    def _count_days(self, on: date, days: int, kind: str) -> tuple[int, bool]:
        start = timezone.make_aware(datetime.combine(on, time(12)))
        due = resolve_by(start, days, self._calendar_of(kind))
        return (due.at - start).days, due.is_certain

    def after_pause(
        self, due: datetime, paused_at: datetime, resumed_at: datetime, kind: str
    ) -> datetime:
        return after_pause(due, paused_at, resumed_at, self._calendar_of(kind)).at

    def steps(
        self, kind: str, clock: str, start: datetime, due: datetime, set_at: datetime
    ) -> Sequence[Rung]:
        """As `issues.ladder.rungs_of`: all steps of the clock but for those passed over."""
        given = due - start
        if given % DAY:
            found = self._rungs(kind, clock, start, due)
        else:
            # The same for all that begin on this date: only the time of day differs.
            offsets = self._offsets(kind, clock, local_date(start), given)
            found = [
                Rung(rung.step, start + offset, rung.recipients, rung.ahead)
                for rung, offset in offsets
            ]
        return [rung for rung in found if not passed_over(rung, set_at)]

    def _climb(
        self, kind: str, clock: str, on: date, given: timedelta
    ) -> list[tuple[Rung, timedelta]]:
        start = timezone.make_aware(datetime.combine(on, time(12))).astimezone(UTC)
        return [(rung, rung.at - start) for rung in self._rungs(kind, clock, start, start + given)]

    def _rungs(self, kind: str, clock: str, start: datetime, due: datetime) -> list[Rung]:
        ladder = ladder_for(self._ladders, None, self.kinds[kind].pk, clock)
        return rungs(ladder, start, due, self._calendar_of(kind))

    # --- reminders of enterprises -------------------------------------------------------------

    def _reminders_of(self, kind: str, due_on: date, set_on: date) -> list[Ringing]:
        """The steps of a contact or a visit that is due on that day."""
        clock = {f"next_{kind}_due_on": due_on, f"{kind}_set_on": set_on}
        return ladders(Cadence(**clock), self._reminders, self._calendar)

    def officer_due_at(self, since: datetime, days: int) -> datetime:
        return add_working_days(since, days, self._calendar).at.astimezone(UTC)

    def officer_reminders(self, due_at: datetime) -> list[Ringing]:
        return ladders(Cadence(officer_due_at=due_at), self._reminders, self._calendar)
