"""What the rounds came to, as a table and as a judgement."""

from dataclasses import asdict, dataclass, field

from bench.catalogue import Page, Sort
from bench.measuring import Times
from bench.visiting import Prepared, Round

# How much more a page may cost with all stations than with one.
MOST_TIMES = 1.2
# How much more than the bare page of its size that reads the same rows.
MOST_TO_BARE = {Sort.LEDGER: 2.0, Sort.API_LIST: 2.0, Sort.ISSUE_PAGE: 3.0}
# Fewer rounds than these say too little to judge by.
JUDGED_FROM = 50


@dataclass
class Cost:
    """Of one page with so many stations."""

    stations: int
    prepared: Prepared
    total: Times = field(default_factory=Times)
    database: Times = field(default_factory=Times)
    raw: Times = field(default_factory=Times)
    bare: Times = field(default_factory=Times)
    ledger: Times = field(default_factory=Times)

    def take(self, one: Round) -> None:
        for name, milliseconds in asdict(one).items():
            if milliseconds is not None:
                getattr(self, name).each.append(milliseconds)

    @property
    def to_raw(self) -> float:
        return round(self.total.median / self.raw.median, 2)

    @property
    def to_bare(self) -> float:
        return round(self.total.median / self.bare.median, 2)

    @property
    def to_ledger(self) -> float | None:
        """None where there is none: for a page that is neither a list nor a line's."""
        return round(self.total.median / self.ledger.median, 2) if self.ledger.each else None


@dataclass
class Measured:
    """A page for somebody, with one station and with many."""

    who: str
    page: Page
    one: Cost
    many: Cost

    @property
    def database_times(self) -> float:
        return round(self.many.database.median / self.one.database.median, 2)

    @property
    def total_times(self) -> float:
        return round(self.many.total.median / self.one.total.median, 2)

    def faults(self) -> list[str]:
        """What is more than allowed; ratios only where there are rounds enough."""
        name = f"{self.page.name} for {self.who}"
        found = [
            f"{name}, {cost.stations} stations: {cost.prepared.queries} queries, allowed are"
            f" {self.page.most}"
            for cost in (self.one, self.many)
            if cost.prepared.queries > self.page.most
        ]
        if len(self.one.total.each) < JUDGED_FROM:
            return found
        found += [
            f"{name}: {what} {times:.2f} times as much with {self.many.stations} stations,"
            f" allowed are {MOST_TIMES:g}"
            for what, times in (("database", self.database_times), ("total", self.total_times))
            if times > MOST_TIMES
        ]
        if sort := self.page.sort:
            found += [
                f"{name}, {cost.stations} stations: {cost.to_ledger:.2f} times the bare ledger,"
                f" {sort} may cost {MOST_TO_BARE[sort]:g}"
                for cost in (self.one, self.many)
                if cost.to_ledger is not None and cost.to_ledger > MOST_TO_BARE[sort]
            ]
        return found


def report_pages(measured: list[Measured]) -> str:
    """Two rows a page: with one station, and below it with many and N/1."""
    lines = [
        "Milliseconds: median (quarter to three quarters of the rounds).",
        f"{'who':<8} {'page':<17} {'N':>5} {'queries':>7} {'kB':>5} {'total':>21} {'database':>19}"
        f" {'raw SQL':>19} {'bare view':>17} {'bare ledger':>17} {'/raw':>5} {'/bare':>5}"
        f" {'/ledger':>7} {'N/1 database':>12} total",
    ]
    for one in measured:
        lines.append(_row(one, one.one))
        times = f" {one.database_times:>12.2f} {one.total_times:>5.2f}"
        lines.append(_row(one, one.many) + times)
    return "\n".join(lines)


def _row(one: Measured, cost: Cost) -> str:
    to_ledger = f"{cost.to_ledger:.1f}" if cost.to_ledger else ""
    return (
        f"{one.who:<8} {one.page.name:<17} {cost.stations:>5}"
        f" {cost.prepared.queries:>4}/{one.page.most:<2} {cost.prepared.size / 1000:>5.0f}"
        f" {cost.total.spread:>21} {cost.database.spread:>19} {cost.raw.spread:>19}"
        f" {cost.bare.spread:>17} {cost.ledger.spread:>17} {cost.to_raw:>5.1f}"
        f" {cost.to_bare:>5.1f} {to_ledger:>7}"
    )
