"""A month as a table: a row a night, a column an enterprise, what each has had below."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from enterprises.models import Enterprise
from patrols.models import DutyNight
from patrols.roster_dates import ONE
from patrols.roster_month import Month
from patrols.roster_words import reason_words
from patrols.rostering.checking import measure, of_night
from patrols.rostering.problem import Crew


@dataclass(frozen=True)
class Total:
    """What an enterprise has in the month: nights, weekends and holidays among them, the longest
    run of nights."""

    enterprise: Enterprise
    nights: int
    special: int
    longest: int


@dataclass(frozen=True)
class Line:
    """One night. ``cells`` names each enterprise's guards in the order of the columns, None where
    it stays at home; ``broken`` are the hard rules that it breaks as it stands, in words."""

    night_on: date
    row: DutyNight | None
    special: bool
    holiday: str
    past: bool
    cells: tuple[tuple[str, ...] | None, ...]
    broken: tuple[str, ...]


class Grid:
    """Reads nothing beyond what the month has read."""

    def __init__(self, month: Month) -> None:
        self.month = month
        self._problem = month.as_it_is()
        out = dict(month.enterprises)
        for night in month.nights:
            row = month.rows.get(night)
            # Who was on duty and is in the team no more still has a column.
            out |= {d.enterprise_id: d.enterprise for d in (row.duties.all() if row else ())}
        self.enterprises = sorted(out.values(), key=lambda one: (one.name, one.pk))
        self.special = month.special
        self.lines = self._lines()
        self.totals = self._totals()
        within = {night: month.crews.get(night, Crew({})) for night in month.nights}
        measured = measure(self._problem, within)
        self.spread = measured.spread
        # Of the team, with nobody who may patrol on any of these nights.
        self.idle = [
            one
            for one in self.enterprises
            if one.pk in month.enterprises and one.pk not in measured.able
        ]
        self.uncovered = [line for line in self.lines if line.broken and not line.past]

    def _lines(self) -> list[Line]:
        month, names = self.month, self.month.names()
        lines = []
        for night in month.nights:
            row = month.rows.get(night)
            duties = {one.enterprise_id: one for one in row.duties.all()} if row else {}
            reasons = of_night(self._problem, month.crews, night)
            lines.append(
                Line(
                    night,
                    row,
                    night in self.special,
                    str(month.calendar.names.get(night, "")),
                    night < month.evening,
                    tuple(
                        tuple(each.guard.name for each in duties[one.pk].guards.all())
                        if one.pk in duties
                        else None
                        for one in self.enterprises
                    ),
                    tuple(reason_words(reasons, names)),
                )
            )
        return lines

    def _totals(self) -> list[Total]:
        crews = {night: self.month.crews.get(night, Crew({})) for night in self.month.nights}
        nights = Counter(key for crew in crews.values() for key in crew.sends)
        special = Counter(
            key for night, crew in crews.items() if night in self.special for key in crew.sends
        )
        return [
            Total(one, nights[one.pk], special[one.pk], self._longest(one.pk))
            for one in self.enterprises
        ]

    def _longest(self, key: int) -> int:
        best = run = 0
        before: date | None = None
        for night in self.month.nights:
            if key not in self.month.crews.get(night, Crew({})).sends:
                continue
            run = run + 1 if before is not None and night - before == ONE else 1
            best, before = max(best, run), night
        return best


def around(month: date) -> tuple[date, date]:
    """The months before and after, to turn the leaf."""
    return (month - timedelta(days=1)).replace(day=1), (month + timedelta(days=31)).replace(day=1)
