"""Who works at a station and above it. Nobody of them can sign in by a password."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from liaison.accounts.models import Kind, User
from liaison.demo.scale.keys import FIRST_BUREAU_PERSON
from liaison.demo.scale.tree import Place
from liaison.demo.scale.writing import Batch

# No hasher takes it. The same for all: a random one would make other rows every time.
NO_PASSWORD = UNUSABLE_PASSWORD_PREFIX + "seeded" * 6
NUMERALS = "甲乙丙丁戊己庚辛"


@dataclass(frozen=True, slots=True)
class Person:
    pk: int
    name: str


@dataclass(frozen=True, slots=True)
class Staff:
    """The people of a station: police before auxiliary among the officers; ``above`` is of the
    county's bureau."""

    police: tuple[Person, ...]
    auxiliary: tuple[Person, ...]
    chiefs: tuple[Person, ...]
    desk: Person
    above: Person

    @property
    def officers(self) -> tuple[Person, ...]:
        return self.police + self.auxiliary


def staff_of(place: Place, joined: datetime, auxiliaries: int, chiefs: int, batch: Batch) -> Staff:
    """Eight officers, one or two chiefs and a desk, which keeps the accounts."""

    def engage(kind: Kind, title: str, username: str, count: int) -> tuple[Person, ...]:
        found = []
        for n in range(count):
            pk = batch.key(User)
            name = f"{title}{NUMERALS[n]}"
            batch.put(
                User, row_of(pk, f"{place.code}-{username}{n + 1}", name, kind, place, joined)
            )
            found.append(Person(pk, name))
        return tuple(found)

    county = place.parent
    if county is None:
        raise ValueError("a station belongs to a county")
    return Staff(
        police=engage(Kind.POLICE_OFFICER, "警官", "officer", 8 - auxiliaries),
        auxiliary=engage(Kind.AUXILIARY_OFFICER, "辅警", "auxiliary", auxiliaries),
        chiefs=engage(Kind.CHIEF, "所长", "chief", chiefs),
        desk=engage(Kind.DESK, "内勤", "desk", 1)[0],
        above=overseer(county),
    )


def overseer(bureau: Place) -> Person:
    return Person(FIRST_BUREAU_PERSON + bureau.pk, f"{bureau.name}用户")


def overseer_row(bureau: Place, joined: datetime) -> dict[str, Any]:
    """The one user of a bureau."""
    person = overseer(bureau)
    return row_of(person.pk, f"{bureau.code}-bureau", person.name, Kind.BUREAU, bureau, joined)


def row_of(
    pk: int, username: str, name: str, kind: Kind, unit: Place, joined: datetime, phone: str = ""
) -> dict[str, Any]:
    system = kind in (Kind.DESK, Kind.BUREAU)
    return {
        "id": pk,
        "username": username.lower(),
        "password": NO_PASSWORD,
        "last_login": None,
        "date_joined": joined,
        "name": name,
        "phone": phone or f"138{pk:08d}",
        "unit_id": unit.pk,
        "kind": kind.value,
        "admin_duty": User.AdminDuty.SYSTEM.value if system else "",
        "email": "",
        "police_number": f"{pk:07d}" if kind in (Kind.POLICE_OFFICER, Kind.CHIEF) else "",
    }
