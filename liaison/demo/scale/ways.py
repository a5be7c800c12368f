"""What becomes of each line of a bill: when it was raised, and every move after that."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from liaison.demo import words
from liaison.demo.scale.enterprises import Firm
from liaison.demo.scale.rounds import Turned
from liaison.demo.scale.station import Station

LINES = (300, 366)  # of a station
OPEN = 0.4
BACK = 290  # days that ended lines reach back
# The moves of a line, each with a range of hours after the one before; in days' time where the
# hours are a part of what the limit gives (`Part`).
Span = tuple[float, float]


@dataclass(frozen=True)
class Part:
    """A range of the time that the limit gives, taken as days of the calendar."""

    least: float
    most: float


Way = tuple[tuple[str, Span | Part], ...]
TAKEN: Way = (("accept", (0.3, 20)), ("start", (0.5, 16)))
DONE: Way = (("propose", Part(0.2, 0.7)), ("close", (2, 30)))
# How lines have ended, by weight. One in some tens was proposed after its time.
ENDED: dict[Way, int] = {
    (*TAKEN, *DONE): 40,
    (*TAKEN, ("note", (2, 20)), *DONE): 60,
    (*TAKEN, ("note", (2, 20)), ("note", (2, 20)), *DONE): 40,
    (*TAKEN, ("propose", Part(1.5, 1.9)), ("close", (2, 30))): 6,
    (*TAKEN, ("wait", (3, 9)), ("resume", (26, 60)), *DONE): 12,
    (
        *TAKEN,
        *DONE[:1],
        ("send_back", (2, 12)),
        ("note", (2, 9)),
        ("propose", (10, 30)),
        DONE[1],
    ): 8,
    (*TAKEN, ("ask", (2, 12)), ("grant", (1, 5)), *DONE): 6,
    (*TAKEN, *DONE, ("reopen", (24, 90)), ("propose", (12, 60)), DONE[1]): 4,
    (("decline", (2, 20)),): 8,
    (*TAKEN, ("withdraw", (6, 40))): 12,
}
# How those stand that are open and in time, by weight. The last move was made at any time before
# so much of the limit had gone by that the deadline is a day away or more.
UNDER_WAY: dict[Way, int] = {
    TAKEN[:1]: 24,
    TAKEN: 14,
    (*TAKEN, ("note", (1, 9))): 24,
    (*TAKEN, ("note", (1, 9)), ("note", (1, 9))): 10,
    (*TAKEN, ("transfer", (0.5, 4)), ("note", (1, 9))): 5,
    (*TAKEN, ("wait", (1, 9))): 18,
    (*TAKEN, ("ask", (1, 9))): 3,
    (*TAKEN, ("ask", (1, 5)), ("grant", (1, 5))): 4,
    (*TAKEN, ("propose", (1, 12))): 12,
    (*TAKEN, ("note", (1, 5)), ("propose", (1, 9))): 8,
    (*TAKEN, ("propose", (1, 6)), ("send_back", (1, 5))): 4,
}
# Shares of the open lines. Who raised a line in the last hours has no answer yet.
RAISED, LATE, UNANSWERED = 0.06, 0.04, 0.008
# Hours before the day begins: answers to these are due on its afternoon.
LATELY = (0.2, 8)
# Hours since it was raised, of one that nobody has answered for so long.
FORGOTTEN = (25, 60)
Moves = list[tuple[str, datetime]]


@dataclass(slots=True)
class Plan:
    """A line to be; ``moves`` in their order, each by the name of what `Line` does."""

    firm: Firm
    trouble: words.Trouble
    raised_at: datetime
    moves: Moves
    turned: Turned | None = None


def plans(station: Station, firms: list[Firm], found: Iterable[Turned]) -> list[Plan]:
    """In the order in which the lines were raised; only where somebody answers."""
    chance = station.chance
    looked_after = [firm for firm in firms if firm.officer is not None]
    made = [_found(station, one) for one in found]
    count = chance.randint(*LINES)
    for n in range(count):
        trouble = chance.choice(words.TROUBLES)
        plan = _open if n < count * OPEN else _ended
        raised_at, moves = plan(station, trouble)
        made.append(Plan(chance.choice(looked_after), trouble, raised_at, moves))
    return sorted(made, key=lambda one: one.raised_at)


def _ended(station: Station, trouble: words.Trouble) -> tuple[datetime, Moves]:
    chance = station.chance
    (way,) = chance.choices(_ENDED_WAYS, _ENDED_WEIGHTS)
    lags = _lags(chance, way, _days(station, trouble))
    # Weeks of holidays lengthen what counts working days; nothing here depends on it.
    age = sum(lags) / 24 + chance.uniform(0.5, BACK - 40)
    return _timed(station, station.rules.ago(age), way, lags)


def _open(station: Station, trouble: words.Trouble) -> tuple[datetime, Moves]:
    chance = station.chance
    at = chance.random()
    if at < RAISED:
        return station.rules.ago(chance.uniform(*LATELY) / 24), []
    if at < RAISED + UNANSWERED:
        return station.rules.ago(chance.uniform(*FORGOTTEN) / 24), []
    if at < RAISED + UNANSWERED + LATE:
        return _late(station, trouble)
    (way,) = chance.choices(_OPEN_WAYS, _OPEN_WEIGHTS)
    return _in_time(station, way, _days(station, trouble))


def _in_time(station: Station, way: Way, days: int) -> tuple[datetime, Moves]:
    """Working days are days at least: taken on less than so many ago, it is not late."""
    chance = station.chance
    lags = _lags(chance, way, days)
    answered, since = lags[0], sum(lags[1:])
    longest = (days - 1) * 24.0
    if since > longest:
        lags[1:] = [lag * longest / since for lag in lags[1:]]
        since = longest
    return _timed(
        station,
        station.rules.ago((answered + chance.uniform(since, longest)) / 24 + 0.01),
        way,
        lags,
    )


def _late(station: Station, trouble: words.Trouble) -> tuple[datetime, Moves]:
    """Taken on so long ago that its time ran out within the last days."""
    chance, rules = station.chance, station.rules
    days = _days(station, trouble)
    way = (*TAKEN, ("note", (6, 20)))
    lags = _lags(chance, way, days)
    age = days + chance.uniform(0.1, 3)
    while rules.resolve_by(rules.ago(age), days, trouble.kind)[0] > rules.ago(0.05):
        age += 0.5
    return _timed(station, rules.ago(age + lags[0] / 24 + 0.02), way, lags)


def _found(station: Station, turned: Turned) -> Plan:
    """What a visit turned up lately is under way; what an inspection did is long done."""
    level = "complex" if turned.visit else "simple"
    trouble = next(one for one in words.TROUBLES if (one.kind, one.level) == ("hazard", level))
    way: Way = (("accept", (0.5, 2)), ("start", (1, 5)))
    if turned.inspection:
        way = (*way, *DONE)
    lags = _lags(station.chance, way, _days(station, trouble))
    _, moves = _timed(station, turned.at, way, lags)
    return Plan(turned.firm, trouble, turned.at, moves, turned)


def _timed(
    station: Station, raised_at: datetime, way: Way, lags: list[float]
) -> tuple[datetime, Moves]:
    moment = raised_at = station.whole_minute(raised_at)
    moves = []
    for (name, _span), hours in zip(way, lags, strict=True):
        moment = station.whole_minute(moment + timedelta(hours=hours))
        moves.append((name, moment))
    return raised_at, moves


def _lags(chance: random.Random, way: Way, days: int) -> list[float]:
    """Hours from move to move."""
    return [
        chance.uniform(span.least, span.most) * days * 24
        if isinstance(span, Part)
        else chance.uniform(*span)
        for _name, span in way
    ]


def _days(station: Station, trouble: words.Trouble) -> int:
    return station.rules.limit(trouble.kind, trouble.level).resolve_days


_ENDED_WAYS, _ENDED_WEIGHTS = [*ENDED], [*ENDED.values()]
_OPEN_WAYS, _OPEN_WEIGHTS = [*UNDER_WAY], [*UNDER_WAY.values()]
