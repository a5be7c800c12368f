"""Taking times and saying them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, fields, is_dataclass
from statistics import median, quantiles
from typing import Any

Statement = tuple[str, Any]


@dataclass
class Times:
    """Milliseconds, one a round; none where it was not measured."""

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
        if not self.each:
            return ""
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


def as_json(result: Any) -> Any:
    """What is kept of a part's result: the fields of its dataclasses and what they derive from
    them by a property. Of many rounds only median and quarters."""
    if isinstance(result, Times):
        return {"median": result.median, "quarters": list(result.quarters)} if result.each else None
    if is_dataclass(result):
        derived = [name for name, of in vars(type(result)).items() if isinstance(of, property)]
        names = [one.name for one in fields(result)] + derived
        return {name: as_json(getattr(result, name)) for name in names}
    if isinstance(result, list | tuple):
        return [as_json(one) for one in result]
    return result
