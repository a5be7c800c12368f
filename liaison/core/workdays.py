"""Working time: when a deadline falls, and how much working time lies between two instants.

Everything here is pure. A calendar says of each date whether it is worked (weekends and public
holidays are not, make-up workdays 调休 are) and between which hours. All arithmetic is done by the
clock on the wall in China, which has had no summer time since 1991.

Conventions and their sources:

* A period counted in days leaves out the day on which it begins: Civil Code Art. 201 (开始的当日
  不计入). Statutory periods of licences are working days without holidays: Administrative
  Licensing Law Art. 82.
* The law lets a day end at midnight or at the close of business; this application is stricter
  and keeps the time of day, so that a promise made at 10:00 falls due at 10:00.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext_lazy as _

CHINA = ZoneInfo("Asia/Shanghai")
Windows = tuple[tuple[time, time], ...]
# Office hours without the noon rest; stations set their own.
OFFICE_HOURS: Windows = ((time(8, 30), time(12)), (time(13, 30), time(17, 30)))
# A window whose end is not after its start runs into the next day; this one is a whole day.
WHOLE_DAY: Windows = ((time(0), time(0)),)

_DAY = timedelta(days=1)
# A calendar without working days would be searched for ever.
_SEARCH_LIMIT = timedelta(days=366 * 20)


class DayKind(models.TextChoices):
    """What a calendar row says about its date."""

    HOLIDAY = "holiday", _("Public holiday")
    MAKEUP = "makeup", _("Make-up workday")
    NORMAL = "normal", _("Normal: worked unless a weekend")


@dataclass(frozen=True, slots=True)
class CalendarRow:
    """One published fact: a date, its kind and the name of the holiday it belongs to."""

    on: date
    kind: DayKind
    name: str = ""


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """Which dates are worked, and when on such a date.

    ``kinds`` holds the dates that differ from the weekday rule. ``years`` are those whose holidays
    are known; outside them only the weekday rule can be applied, and results say so. ``names`` are
    the holidays that dates belong to, for people.
    ``windows`` are the hours of a working day in order; several a day; one whose end is not after
    its start runs past midnight and belongs to the date on which it starts.
    ``every_day`` ignores weekends and holidays (case leads are handled day and night).

    Raises ``ValueError`` when windows are missing or overlap.
    """

    kinds: Mapping[date, DayKind] = field(default_factory=dict)
    windows: Windows = OFFICE_HOURS
    years: frozenset[int] = frozenset()
    every_day: bool = False
    names: Mapping[date, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "kinds", MappingProxyType(dict(self.kinds)))
        object.__setattr__(self, "names", MappingProxyType(dict(self.names)))
        if not self.windows:
            raise ValueError(_("A working day needs working hours."))
        spans = [_span(date(2000, 1, 1), window) for window in self.windows]
        first_again = spans[0][0] + _DAY
        following = [start for start, _end in spans[1:]] + [first_again]
        for (_start, end), then in zip(spans, following, strict=True):
            if end > then:
                raise ValueError(_("Working hours must be in order and must not overlap."))

    @classmethod
    def from_rows(
        cls,
        rows: Iterable[CalendarRow],
        *,
        windows: Windows = OFFICE_HOURS,
        years: Iterable[int] | None = None,
    ) -> "WorkCalendar":
        """The calendar that ``rows`` make; unless said, every year with a row counts as known."""
        found = {row.on: row for row in rows}
        known = {on.year for on in found} if years is None else years
        return cls(
            kinds={on: row.kind for on, row in found.items()},
            windows=windows,
            years=frozenset(known),
            names={on: row.name for on, row in found.items()},
        )

    @classmethod
    def round_the_clock(cls) -> "WorkCalendar":
        """Day and night, every day of the year."""
        return cls(windows=WHOLE_DAY, every_day=True)


@dataclass(frozen=True, slots=True)
class Deadline:
    """An instant, and the years whose holidays were not known while it was computed.

    When ``unknown_years`` is not empty, staff must be told: the deadline may move once the
    holidays of those years are published (for the next year that is in November).
    """

    at: datetime
    unknown_years: frozenset[int] = frozenset()

    @property
    def is_certain(self) -> bool:
        """Whether every date on the way was in a known year."""
        return not self.unknown_years


def is_working_day(on: date, calendar: WorkCalendar) -> bool:
    """Whether the date is worked: its row decides, without a row the weekday does."""
    if calendar.every_day:
        return True
    match calendar.kinds.get(on):
        case DayKind.HOLIDAY:
            return False
        case DayKind.MAKEUP:
            return True
        case _:
            return on.weekday() < 5


def add_working(start: datetime, duration: timedelta, calendar: WorkCalendar) -> Deadline:
    """The earliest instant at which ``duration`` of working time has passed since ``start``.

    So a period that uses up a window ends when the window ends, not when the next one opens, and
    no duration at all ends at ``start`` itself. The result is in the time zone of ``start``.
    Raises ``ValueError`` for a naive ``start``, a negative duration, or when no end is found
    within twenty years.
    """
    if duration < timedelta():
        raise ValueError(_("A period cannot be negative."))
    local = _local(start)
    if not duration:
        return Deadline(start)
    left = duration
    looked_at: set[int] = set()
    for opens, closes, day in _spans_from(local, calendar, looked_at):
        if day - local.date() > _SEARCH_LIMIT:
            break
        opens = max(opens, local)
        if closes <= opens:
            continue
        if left <= closes - opens:
            return Deadline(_like(opens + left, start), _unknown(looked_at, calendar))
        left -= closes - opens
    raise ValueError(_("No end of this period within twenty years: check the work calendar."))


def add_working_days(start: datetime, days: int, calendar: WorkCalendar) -> Deadline:
    """The same time of day on the ``days``-th working day after the day of ``start``.

    The day of ``start`` is not counted, worked or not (Civil Code Art. 201). Zero days end at
    ``start``. Raises ``ValueError`` for a naive ``start``, negative days, or when no such day is
    found within twenty years.
    """
    if days < 0:
        raise ValueError(_("A period cannot be negative."))
    local = _local(start)
    day, left = local.date(), days
    looked_at: set[int] = set()
    while left:
        if day - local.date() > _SEARCH_LIMIT:
            raise ValueError(
                _("No end of this period within twenty years: check the work calendar.")
            )
        day += _DAY
        looked_at.add(day.year)
        left -= is_working_day(day, calendar)
    return Deadline(
        _like(datetime.combine(day, local.time()), start), _unknown(looked_at, calendar)
    )


def take_working_days(end: datetime, days: int, calendar: WorkCalendar) -> datetime:
    """The same time of day on the ``days``-th working day before the day of ``end``.

    Zero days are ``end``. Raises ``ValueError`` for a naive ``end``, negative days, or when no such
    day is found within twenty years.
    """
    if days < 0:
        raise ValueError(_("A period cannot be negative."))
    local = _local(end)
    day, left = local.date(), days
    while left:
        if local.date() - day > _SEARCH_LIMIT:
            raise ValueError(
                _("No end of this period within twenty years: check the work calendar.")
            )
        day -= _DAY
        left -= is_working_day(day, calendar)
    return _like(datetime.combine(day, local.time()), end)


def unworked_days(start: datetime, end: datetime, calendar: WorkCalendar) -> list[date]:
    """The dates after the day of ``start`` up to the day of ``end`` on which nobody works."""
    day, last = _local(start).date(), _local(end).date()
    found = []
    while day < last:
        day += _DAY
        if not is_working_day(day, calendar):
            found.append(day)
    return found


def makeup_days(start: datetime, end: datetime, calendar: WorkCalendar) -> list[date]:
    """The dates after the day of ``start`` up to the day of ``end`` worked although free by the
    weekday rule."""
    first, last = _local(start).date(), _local(end).date()
    return sorted(
        on
        for on, kind in calendar.kinds.items()
        if first < on <= last and kind == DayKind.MAKEUP and on.weekday() > 4
    )


def working_between(a: datetime, b: datetime, calendar: WorkCalendar) -> timedelta:
    """The working time from ``a`` to ``b``; negative when ``b`` lies before ``a``.

    Dates in unknown years are counted by the weekday rule. Raises ``ValueError`` for naive values.
    """
    start, end = _local(a), _local(b)
    if end < start:
        return -working_between(b, a, calendar)
    total = timedelta()
    for opens, closes, day in _spans_from(start, calendar, set(), until=end.date()):
        if day > end.date():
            break
        total += max(timedelta(), min(closes, end) - max(opens, start))
    return total


def _local(at: datetime) -> datetime:
    """The clock on the wall in China, without zone, so that adding is plain."""
    if at.tzinfo is None:
        raise ValueError("working time needs an aware instant")
    return at.astimezone(CHINA).replace(tzinfo=None)


def _like(local: datetime, model: datetime) -> datetime:
    return local.replace(tzinfo=CHINA).astimezone(model.tzinfo)


def _span(day: date, window: tuple[time, time]) -> tuple[datetime, datetime]:
    start, end = (datetime.combine(day, at) for at in window)
    return start, end if end > start else end + _DAY


def _spans_from(
    local: datetime, calendar: WorkCalendar, looked_at: set[int], until: date | None = None
) -> Iterator[tuple[datetime, datetime, date]]:
    """Opening, closing and date of every window, from those still open at ``local`` on.

    The years of the dates whose kind was asked for are put into ``looked_at``. A day without
    work yields an empty span, so that a caller notices time passing.
    """
    # Yesterday counts only if its last window runs past midnight and is still open.
    day = local.date()
    if _span(day - _DAY, calendar.windows[-1])[1] > local:
        day -= _DAY
    while until is None or day <= until:
        looked_at.add(day.year)
        if is_working_day(day, calendar):
            for window in calendar.windows:
                yield *_span(day, window), day
        else:
            midnight = datetime.combine(day, time())
            yield midnight, midnight, day
        day += _DAY


def _unknown(years: set[int], calendar: WorkCalendar) -> frozenset[int]:
    if calendar.every_day:
        return frozenset()
    return frozenset(years) - calendar.years
