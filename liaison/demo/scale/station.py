"""One station while its rows are being made."""

import random
from dataclasses import dataclass, field
from datetime import datetime

from liaison.demo.scale.people import Person, Staff
from liaison.demo.scale.rules import Rules
from liaison.demo.scale.tree import Place
from liaison.demo.scale.writing import Batch


@dataclass
class Station:
    """``acting`` is who stands in for an officer today, by the officer's key."""

    number: int
    place: Place
    staff: Staff
    chance: random.Random
    rules: Rules
    batch: Batch
    acting: dict[int, Person] = field(default_factory=dict)

    @property
    def longitude(self) -> float:
        return 115.0 + self.number % 60 * 0.12

    @property
    def latitude(self) -> float:
        return 34.6 + self.number // 60 % 60 * 0.06

    @staticmethod
    def whole_minute(moment: datetime) -> datetime:
        return moment.replace(second=0, microsecond=0)

    def told(self, person: Person) -> Person:
        """The officer, or who acts for him."""
        return self.acting.get(person.pk, person)
