"""Taking times and saying them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

Statement = tuple[str, Any]


@dataclass
class Times:
    """Milliseconds, one a round."""

    each: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return round(median(self.each), 2)

    @property
    def quarters(self) -> tuple[float, float]:
        low, _, high = quantiles(self.each, n=4, method="inclusive")
        return round(low, 2), round(high, 2)

    @property
    def spread(self) -> str:
        low, high = self.quarters
        return f"{self.median:.1f} ({low:.1f}-{high:.1f})"


def taken(work: Callable[[], object]) -> float:
    """How many milliseconds the work takes."""
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


class Watch:
    """What is sent to the database, and how long that takes until the first row."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.seconds = 0.0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        self.statements.append((sql, params))
        started = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.seconds += time.perf_counter() - started
