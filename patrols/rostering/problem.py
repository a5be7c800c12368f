"""What a roster is made from and what comes out of it: plain values, no database, no solver."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Wished(StrEnum):
    BLOCKED = "blocked"
    RATHER_NOT = "rather_not"
    GLADLY = "gladly"


@dataclass(frozen=True)
class Person:
    """A guard: ``until`` is the day on which the certificate ends, ``since`` the first evening on
    which they may serve. A night is theirs only when ``since <= evening < until``."""

    key: int
    since: date
    until: date

    def may_serve(self, evening: date) -> bool:
        return self.since <= evening < self.until


@dataclass(frozen=True)
class Member:
    """An enterprise of the team. ``served`` counts its nights in the months before, so that what
    one month cannot share out evenly the next one does."""

    key: int
    guards: tuple[Person, ...]
    served: int = 0

    def may_serve(self, nights: Iterable[date]) -> bool:
        """Whether on any of these nights any of its guards may. Who has nobody at all has no share
        of the nights, and nobody is unfairly treated beside it."""
        return any(guard.may_serve(night) for night in nights for guard in self.guards)


@dataclass(frozen=True)
class Crew:
    """Who is out on one night: each enterprise's key with the keys of the guards it sends."""

    sends: Mapping[int, tuple[int, ...]]

    @property
    def people(self) -> int:
        return sum(map(len, self.sends.values()))


@dataclass(frozen=True)
class Rules:
    """Defaults from ``domain.md``; a station's settings replace them.

    Hard: enterprises a night within ``fewest`` to ``most``, at least ``people`` guards, each guard
    ``rest`` nights off after one on duty, valid certificates, blocked and locked nights. Weighed:
    equal counts, equal special nights, no enterprise on consecutive nights, wishes, few changes.
    """

    fewest: int = 2
    most: int = 3
    people: int = 2
    # A guard who was out this night is off for so many nights.
    rest: int = 1


@dataclass(frozen=True)
class Problem:
    """One team's month. ``before`` are the crews of the last nights before it (for rest),
    ``locked`` those that stay as they are, ``now`` a roster that is in use: then the fewest
    possible nights change. ``special`` are weekend and holiday nights."""

    nights: tuple[date, ...]
    members: tuple[Member, ...]
    rules: Rules = Rules()
    special: frozenset[date] = frozenset()
    wishes: Mapping[tuple[int, date], Wished] = field(default_factory=dict)
    # Guards who cannot come on single nights: (guard's key, evening).
    away: frozenset[tuple[int, date]] = frozenset()
    before: Mapping[date, Crew] = field(default_factory=dict)
    locked: Mapping[date, Crew] = field(default_factory=dict)
    now: Mapping[date, Crew] = field(default_factory=dict)
    seed: int = 0
    # Seconds at most; an infeasible one takes up to as long again to be explained.
    within: float = 4.0


class Cause(StrEnum):
    """What a conflict is made of; each names one thing that a person could relax."""

    FEWEST = "fewest"
    # Only ever broken by hand: the model itself sends no more.
    MOST = "most"
    PEOPLE = "people"
    REST = "rest"
    BLOCKED = "blocked"
    CERTIFICATE = "certificate"
    AWAY = "away"
    LOCKED = "locked"


@dataclass(frozen=True)
class Reason:
    """One member of a conflict: this rule, on this night, for this enterprise or guard."""

    cause: Cause
    night: date | None = None
    member: int | None = None
    guard: int | None = None


@dataclass(frozen=True)
class Roster:
    """``crews`` for each night; ``proven`` best, else at most ``gap`` (a share of the objective)
    from it. ``changed`` counts nights that differ from ``now``."""

    crews: Mapping[date, Crew]
    proven: bool
    gap: float
    seconds: float
    changed: int = 0


@dataclass(frozen=True)
class Impossible:
    """A smallest conflict: each of ``reasons`` is needed for it; dropping any one makes a roster
    possible, unless time was up before that was known of each (not ``smallest``). ``relax`` is the
    one whose relaxing costs least."""

    reasons: tuple[Reason, ...]
    relax: Reason | None
    seconds: float
    smallest: bool = True


@dataclass(frozen=True)
class Undecided:
    """Time was up before a roster was found or known to be impossible; the solver's word for it."""

    said: str


Answer = Roster | Impossible | Undecided
