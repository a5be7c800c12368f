"""What speaks for calling at an enterprise today."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from liaison.core.coordinates import Point
from liaison.core.due import start_of
from visits.planning.weights import CLOCK_SOON, DEADLINE_SOON, LATELY, WEIGHTS


@dataclass(frozen=True, slots=True)
class Line:
    """An open line that the officer handles. ``waits``: on somebody else's word, so that going
    there moves nothing."""

    number: str
    due_at: datetime
    hazard: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Promised:
    text: str
    due_on: date


@dataclass(frozen=True, slots=True)
class Site:
    """An enterprise that the officer looks after, with what bears on a call there.

    Days are China's; ``contact_on`` and ``visit_on`` say by when, ``contacted_on`` and
    ``entered_on`` when it was last.
    """

    key: int
    point: Point | None = None
    grade: str = "green"
    contact_on: date | None = None
    visit_on: date | None = None
    contacted_on: date | None = None
    entered_on: date | None = None
    lines: Sequence[Line] = ()
    promises: Sequence[Promised] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """A row of the table of weights that applies, with what its sentence names (see words.py)."""

    code: str
    points: int
    facts: dict[str, Any] = field(default_factory=dict)


def reasons_for(site: Site, day: date, now: datetime) -> list[Reason]:
    """Everything that speaks for (or against) calling on that day, the weightiest first."""
    found = [
        *_of_lines(site.lines, day, now),
        *_of_promises(site.promises, day),
        *_of_clock("visit", site.visit_on, day),
        *_of_clock("contact", site.contact_on, day),
        *_of_risk(site),
    ]
    if site.entered_on and day - timedelta(LATELY) < site.entered_on < day:
        found.append(_reason("seen_lately", on=site.entered_on.isoformat()))
    return sorted(found, key=lambda one: -one.points)


def points_of(reasons: Iterable[Reason]) -> int:
    """What they come to; nothing speaks for a call when it is not above zero."""
    return sum(one.points for one in reasons)


def is_done(site: Site, day: date, codes: Iterable[str]) -> bool:
    """Whether a call with these reasons has been made on that day: somebody was there, or reached
    them by telephone where that was all that was asked."""
    if site.entered_on == day:
        return True
    return site.contacted_on == day and all(WEIGHTS[one].by_call for one in codes)


def next_look(sites: Iterable[Site], day: date, now: datetime) -> datetime | None:
    """When on that day the next line falls late, so that the plan must be looked at again."""
    end = start_of(day + timedelta(1))
    falling = (
        line.due_at
        for site in sites
        for line in site.lines
        if not line.waits and now < line.due_at < end
    )
    first = min(falling, default=None)
    # At its deadline a line is still in time.
    return None if first is None else first + timedelta(seconds=1)


def _of_lines(lines: Sequence[Line], day: date, now: datetime) -> Iterable[Reason]:
    end = start_of(day + timedelta(1))
    soon = end + timedelta(DEADLINE_SOON)
    open_ = sorted((one for one in lines if not one.waits), key=lambda one: one.due_at)
    late = [one for one in open_ if one.due_at < now]
    today = [one for one in open_ if now <= one.due_at <= end]
    ahead = [one for one in open_ if end < one.due_at <= soon]
    for code, some in (("line_late", late), ("line_today", today), ("line_soon", ahead)):
        if some:
            first = some[0]
            days = (now - first.due_at).days if code == "line_late" else 0
            due_at = first.due_at.isoformat()
            yield _reason(code, len(some), days, number=first.number, due_at=due_at)
    hazards = sum(one.hazard for one in lines)
    if hazards:
        yield _reason("hazard", hazards)


def _of_promises(promises: Sequence[Promised], day: date) -> Iterable[Reason]:
    given = sorted(promises, key=lambda one: one.due_on)
    late = [one for one in given if one.due_on < day]
    today = [one for one in given if one.due_on == day]
    ahead = [one for one in given if day < one.due_on <= day + timedelta(DEADLINE_SOON)]
    for code, some in (
        ("promise_late", late),
        ("promise_today", today),
        ("promise_soon", ahead),
    ):
        if some:
            first = some[0]
            days = max(0, (day - first.due_on).days)
            due_on = first.due_on.isoformat()
            yield _reason(code, len(some), days, text=first.text, due_on=due_on)


def _of_clock(clock: str, due_on: date | None, day: date) -> Iterable[Reason]:
    if due_on is None or due_on > day + timedelta(CLOCK_SOON):
        return
    stands = "overdue" if due_on < day else "today" if due_on == day else "soon"
    days = max(0, (day - due_on).days)
    yield _reason(f"{clock}_{stands}", days=days, due_on=due_on.isoformat())


def _of_risk(site: Site) -> Iterable[Reason]:
    if site.grade in ("red", "yellow"):
        yield _reason(f"grade_{site.grade}")


def _reason(code: str, n: int = 1, days: int = 0, **facts: Any) -> Reason:
    """``n`` of this sort, the first ``days`` late. Facts are kept as they are: plain JSON."""
    weight = WEIGHTS[code]
    points = weight.points + weight.more * (n - 1) + weight.a_day * days
    if weight.most:
        points = min(points, weight.most)
    return Reason(code, points, {**facts, "n": n})
