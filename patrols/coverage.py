"""Reads what the gaps of a route are made of; the rule is ``routing.gaps``."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings

from patrols.models import Checkpoint, RunStop, StationPatrol
from patrols.routing.gaps import Cell, Window, cells, half_hours, spans
from patrols.routing.times import window


@dataclass(frozen=True)
class Covered:
    """A checkpoint through a night, one cell for each half hour."""

    checkpoint: Checkpoint
    cells: list[Cell]

    @property
    def gaps(self) -> int:
        """Half hours."""
        return sum(one.is_gap for one in self.cells)

    @property
    def spans(self) -> list[tuple[datetime, datetime]]:
        return spans(self.cells)

    @property
    def by_station(self) -> bool:
        """Whether the station's own patrol comes near at any time of that night."""
        return any(one.station for one in self.cells)


@dataclass(frozen=True)
class Coverage:
    """The half hours of a night's window, the checkpoints, and the station's own patrols then."""

    hours: list[datetime]
    rows: list[Covered]
    patrols: list[StationPatrol]

    @property
    def gaps(self) -> int:
        return sum(one.gaps for one in self.rows)


def coverage_of(unit: int, there: list[Checkpoint], evening: date) -> Coverage:
    """Two queries. A team's walk counts as planned, or as walked once it began; a night before it
    is planned has the station's windows alone."""
    span = window(evening, settings.PATROL_FIRST, settings.PATROL_LAST)
    patrols = list(StationPatrol.objects.active().filter(unit=unit).order_by("name", "pk"))
    windows = [
        Window(frozenset(one.weekdays), one.from_time, one.to_time, one.point, one.radius)
        for one in patrols
    ]
    passes: dict[int, list[datetime]] = {}
    stops = RunStop.objects.filter(
        checkpoint__in=[one.pk for one in there], run__night__night_on=evening
    ).select_related("run")
    for stop in stops:
        begun = stop.run.started_at or stop.run.planned_start
        passes.setdefault(stop.checkpoint_id, []).append(begun + timedelta(seconds=stop.after))
    rows = [
        Covered(one, cells(one.point, evening, span, passes.get(one.pk, ()), windows))
        for one in there
    ]
    tonight = [one for one in patrols if evening.weekday() in one.weekdays]
    return Coverage(half_hours(*span), rows, tonight)
