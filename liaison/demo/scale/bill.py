"""A station's bill: every line on its way, numbered in the order of raising."""

from collections import Counter
from collections.abc import Iterable

from issues.models import Numbering
from liaison.demo.scale.keeping import KeptLine
from liaison.demo.scale.lines import Line
from liaison.demo.scale.rules import local_date
from liaison.demo.scale.station import Station
from liaison.demo.scale.ways import Plan


def keep_bill(station: Station, plans: Iterable[Plan]) -> list[KeptLine]:
    """Write each line, and the last number given by year, from which the next one goes on."""
    given: Counter[int] = Counter()
    lines: list[KeptLine] = []
    for plan in plans:
        year = local_date(plan.raised_at).year
        given[year] += 1
        line = Line(station, plan, f"{station.place.code}-{year}-{given[year]:04d}")
        line.make(plan.moves)
        line.write()
        lines.append(line)
    for year, last in given.items():
        station.batch.add(Numbering, unit_id=station.place.pk, year=year, last=last)
    return lines
