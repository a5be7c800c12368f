"""What a division is made from and what comes out of it: plain values that go through JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from liaison.core.coordinates import Point

# A place, by the key its owner knows it by, in no team.
NOWHERE = 0


@dataclass(frozen=True)
class Rules:
    """Sizes of a team (domain.md: 7 to 10), and by how many metres each barrier between two places
    counts as farther than the straight line."""

    smallest: int = 7
    largest: int = 10
    detour: int = 5000


@dataclass(frozen=True)
class Problem:
    """``teams`` are numbered from 1. Pins name places by key: ``fixed`` the number of the team,
    ``out`` who is in none. ``now`` is the number that each place has at present, so that a team
    which mostly stays keeps its own. ``barriers`` are lines of points.

    ``rounds`` bounds each search; the same problem has the same answer, unless ``within`` seconds
    were too few for them.
    """

    places: Mapping[int, Point]
    teams: int
    rules: Rules = Rules()
    together: tuple[tuple[int, int], ...] = ()
    apart: tuple[tuple[int, int], ...] = ()
    fixed: Mapping[int, int] = field(default_factory=dict)
    out: frozenset[int] = frozenset()
    now: Mapping[int, int] = field(default_factory=dict)
    barriers: tuple[tuple[Point, ...], ...] = ()
    seed: int = 0
    rounds: int = 1200
    within: float = 10.0


class Because(StrEnum):
    """What a place's team rests on; what a person would say of it is the application's."""

    CENTRE = "centre"
    NEAREST = "nearest"
    FIXED = "fixed"
    TOGETHER = "together"
    # A nearer centre there is, but its team is full, or this one would be too small; one of whom
    # this place is kept apart is there; a barrier is between.
    FULL = "full"
    SMALL = "small"
    APART = "apart"
    BARRIER = "barrier"
    # Shorter for all together, though a nearer centre is there.
    OVERALL = "overall"
    # In no team: pinned, or all teams are full.
    OUT = "out"
    NO_ROOM = "no_room"


@dataclass(frozen=True)
class Standing:
    """Where a place is: ``team`` (0: none), ``metres`` to its centre, and of the other teams that
    whose centre is nearest (0: there is none) with the metres to it. ``partner`` is the place that
    it is kept together with or apart from, where that is the reason."""

    team: int
    because: Because
    metres: int = 0
    other: int = 0
    other_metres: int = 0
    partner: int = 0


@dataclass(frozen=True)
class Division:
    """``centres`` by team number: the member that has the least sum of distances. ``metres`` are
    those from all members to their centres, in a straight line, ``crossings`` how often a barrier
    lies in between."""

    standings: Mapping[int, Standing]
    centres: Mapping[int, int]
    metres: int
    crossings: int
    rounds: int
    seconds: float


class Why(StrEnum):
    """What cannot be, before or after searching."""

    TOO_FEW = "too_few"
    GROUP_TOO_BIG = "group_too_big"
    TEAM_TOO_BIG = "team_too_big"
    TOGETHER_AND_APART = "together_and_apart"
    TWO_TEAMS = "two_teams"
    TEAM_AND_OUT = "team_and_out"
    APART_IN_ONE_TEAM = "apart_in_one_team"
    NO_SUCH_TEAM = "no_such_team"
    NOTHING_FITS = "nothing_fits"
    TOO_SLOW = "too_slow"


class Impossible(Exception):  # noqa: N818 - named for what it says
    """No division keeps to all that was settled: ``why``, the places and the team it is about."""

    def __init__(self, why: Why, places: tuple[int, ...] = (), team: int = 0) -> None:
        super().__init__(why, places, team)
        self.why, self.places, self.team = why, places, team
