"""Which checkpoints at which half hours of a night neither a team nor the station passes. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from liaison.core.coordinates import Point, distance_m
from patrols.nights import at

HALF_HOUR = timedelta(minutes=30)


@dataclass(frozen=True)
class Window:
    """The station's own patrol: on the evenings of these weekdays (0 is Monday), within ``radius``
    metres of ``point``; ``to`` before ``begins`` is the morning after."""

    weekdays: frozenset[int]
    begins: time
    to: time
    point: Point
    radius: int

    def covers(self, point: Point, evening: date, begins: datetime, ends: datetime) -> bool:
        """Whether it is there during any part of this span."""
        if evening.weekday() not in self.weekdays:
            return False
        first, last = at(evening, self.begins), at(evening, self.to)
        # From the morning of this evening's day into it is none of its night.
        if last <= first:
            return False
        return first < ends and begins < last and distance_m(point, self.point) <= self.radius


@dataclass(frozen=True)
class Cell:
    """A checkpoint at a half hour: the teams' own rounds may come by, the station is near."""

    begins: datetime
    team: bool
    station: bool

    @property
    def is_gap(self) -> bool:
        return not (self.team or self.station)


def half_hours(first: datetime, last: datetime) -> list[datetime]:
    """The half hours that begin from ``first`` on before ``last``."""
    found, moment = [], first
    while moment < last:
        found.append(moment)
        moment += HALF_HOUR
    return found


def cells(
    point: Point,
    evening: date,
    span: tuple[datetime, datetime],
    passes: Sequence[datetime],
    windows: Sequence[Window],
) -> list[Cell]:
    """One cell for each half hour of ``span``; ``passes`` are when a team's walk comes here."""
    return [
        Cell(
            begins,
            any(begins <= one < begins + HALF_HOUR for one in passes),
            any(one.covers(point, evening, begins, begins + HALF_HOUR) for one in windows),
        )
        for begins in half_hours(*span)
    ]


def spans(of: Sequence[Cell]) -> list[tuple[datetime, datetime]]:
    """The gaps among these cells, those that follow each other as one: from when to when."""
    found: list[tuple[datetime, datetime]] = []
    for one in of:
        if not one.is_gap:
            continue
        ends = one.begins + HALF_HOUR
        if found and found[-1][1] == one.begins:
            found[-1] = (found[-1][0], ends)
        else:
            found.append((one.begins, ends))
    return found
