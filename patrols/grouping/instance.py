"""A capacitated clustering problem in arrays, and what a search found."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Instance:
    """``away[i, j]`` is how far place i is from a centre at place j. An item is one place or
    several that stay together; ``fixed`` names its team, -1 that it is in none. With ``may_be_out``
    items are in no team where there is no room; else every item is in one."""

    away: Floats
    items: Sequence[Sequence[int]]
    weights: Sequence[int]
    teams: int
    smallest: int
    largest: int
    may_be_out: bool = False
    apart: Sequence[tuple[int, int]] = ()
    fixed: dict[int, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Found:
    """``team_of`` each item, -1 for none; ``centres`` are places, -1 for a team without anybody.
    ``cost`` is the sum of distances; ``broken`` is 0 when sizes and pins are kept."""

    team_of: list[int]
    centres: list[int]
    cost: float
    broken: float
    uncovered: int
    rounds: int
