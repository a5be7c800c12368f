"""A time limit that a line brings along, in place of the one its kind and level are given."""

from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy

# 《行政许可法》 Art. 32 (4): what is missing is said at once or within five days, all of it, once;
# if nothing is said in that time, the application counts as accepted on the day it came.
SILENCE_DAYS = 5
# 《行政许可法》 Art. 42: ten days more, once, by leave of the head of the organ.
LICENCE_EXTENSION_DAYS = 10


class Counted(TextChoices):
    """What the number of a resolve limit counts."""

    DAYS = "days", pgettext_lazy("counted", "Days of the line's calendar")
    HOURS = "hours", pgettext_lazy("counted", "Hours by the clock")
    AT_ONCE = "at_once", pgettext_lazy("counted", "At once")


@dataclass(frozen=True)
class OwnLimit:
    """So much from acceptance: working days, with ``every_day`` calendar days; or hours; or at
    once, which is within the working day of acceptance.

    ``extension_days`` is how many one extension may add, and one is all there is; 0 for none. With
    ``silence_days`` the clock of a line that nobody accepts within so many working days began when
    it was raised. Raises ValueError for what cannot be counted.
    """

    amount: int
    counted: str = Counted.DAYS
    every_day: bool = False
    extension_days: int = 0
    silence_days: int | None = None

    def __post_init__(self) -> None:
        if self.counted not in Counted.values:
            raise ValueError(f"nothing is counted in {self.counted!r}")
        if (self.amount < 1) != (self.counted == Counted.AT_ONCE):
            raise ValueError("a limit is at least one, but for what is done at once")
        if self.every_day != (self.counted == Counted.HOURS) and self.counted != Counted.DAYS:
            raise ValueError("hours run every day, what is done at once is done on a working day")
        if self.extension_days and self.counted != Counted.DAYS:
            raise ValueError("only days are extended by days")
