"""Which night a moment belongs to. A night is its evening's date, from noon to the next noon, so
that a patrol that runs across midnight stays one night."""

from datetime import date, datetime, time, timedelta

from liaison.core.workdays import CHINA

NOON = time(12)


def evening_of(moment: datetime) -> date:
    """The evening whose night this aware moment falls into; noon itself begins the next."""
    return (moment.astimezone(CHINA) - timedelta(hours=12)).date()


def night_of(evening: date) -> tuple[datetime, datetime]:
    """From when until before when the night of this evening lasts."""
    return (
        datetime.combine(evening, NOON, CHINA),
        datetime.combine(evening + timedelta(days=1), NOON, CHINA),
    )


def at(evening: date, clock: time) -> datetime:
    """The moment of the night at which the clock shows this: before noon it is the morning."""
    day = evening if clock >= NOON else evening + timedelta(days=1)
    return datetime.combine(day, clock, CHINA)
