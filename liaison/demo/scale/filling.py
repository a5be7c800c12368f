"""Filling a database with stations, and adding to what is there."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from multiprocessing import get_context

from django.db import connection, connections, transaction
from django.utils import timezone

from liaison.accounts.models import Unit, User
from liaison.audit.models import Entry
from liaison.demo.scale import tree
from liaison.demo.scale.bill import keep_bill
from liaison.demo.scale.enterprises import LISTED_DAYS, list_enterprises
from liaison.demo.scale.keys import MOST_STATIONS
from liaison.demo.scale.people import overseer_row, staff_of
from liaison.demo.scale.rounds import make_rounds
from liaison.demo.scale.rules import Rules
from liaison.demo.scale.station import Station
from liaison.demo.scale.telling import record, tell
from liaison.demo.scale.ways import plans
from liaison.demo.scale.writing import Batch, leave_room

# Stations of one transaction: fewer statements, and yet little is lost when it is interrupted.
AT_ONCE = 10
# Groups that a writer takes at a time, and how many of those there are.
A_SHARE = 5
WRITERS = 2
# What marks a station as made here; its changes say from which seed and for which day.
SEEDED = "station.seeded"
OURS = r"^sc([pct]?\d+)(-[a-z]+\d*)?$"


class Refill(Exception):  # noqa: N818 - named for what it is about
    """The database holds what this fill would not have made; the message says what."""


@dataclass(frozen=True)
class Made:
    """``stations`` there are now; ``rows`` that were added, by table."""

    stations: int
    rows: Counter[str]


def fill(
    stations: int,
    seed: int = 1,
    on: date | None = None,
    progress: Callable[[int], None] = lambda _done: None,
) -> Made:
    """See to it that the database has so many stations, as they are when the day ``on`` begins.

    The same seed and day make the same rows, keys included, in one go or in several. Each group of
    stations is a transaction: a run that was interrupted is finished by the next. Raises `Refill`
    for a database that holds anybody else, or stations of another seed or day.
    """
    if not 1 <= stations <= MOST_STATIONS:
        raise Refill(f"from 1 to {MOST_STATIONS} stations")
    on = on or timezone.localdate()
    there = _there(seed, on)
    rules = Rules(on)
    rows: Counter[str] = Counter()
    with transaction.atomic():
        rows += _bureaus(stations, rules)
    missing = [n for n in range(1, stations + 1) if n not in there]
    done = len(there)
    for share, written in _written(_groups(missing), seed, rules):
        rows += written
        if done == len(there):
            _take_stock()
        done += len(share)
        progress(done)
    if rows:
        leave_room()
        # The map of what all can see, too: without it no index is read alone.
        _take_stock(visible=True)
    return Made(max(stations, *there, 0), rows)


def _there(seed: int, on: date) -> set[int]:
    """The stations that an earlier run with this seed and day has made."""
    foreign = [
        *Unit.objects.exclude(code__iregex=OURS).values_list("code", flat=True)[:1],
        *User.objects.exclude(username__iregex=OURS).values_list("username", flat=True)[:1],
    ]
    if foreign:
        raise Refill(f"the database is in use: it has {foreign[0]}, which was not made here")
    made = Entry.objects.filter(action=SEEDED).values_list("subject_id", "changes")
    wanted = {"seed": seed, "on": on.isoformat()}
    found = set()
    for number, said in made:
        if said != wanted:
            raise Refill(
                f"the database was filled with --seed {said['seed']} --on {said['on']}: "
                "go on with these, or take an empty one"
            )
        found.add(int(number))
    if Unit.objects.filter(kind=Unit.Kind.STATION).count() != len(found):
        raise Refill("the database has stations that were not made here")
    return found


def _take_stock(*, visible: bool = False) -> None:
    """Have the planner know of the rows: also how foreign keys are checked was planned for empty
    tables, and stays so within a connection until then."""
    vacuum = visible and connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if vacuum else "ANALYZE")


def _groups(stations: list[int]) -> list[list[int]]:
    return [stations[start : start + AT_ONCE] for start in range(0, len(stations), AT_ONCE)]


def _written(
    groups: list[list[int]], seed: int, rules: Rules
) -> Iterator[tuple[list[int], Counter[str]]]:
    """Write the groups, and say of each that its rows are there.

    PostgreSQL takes several writers: making rows and keeping indexes are half the work each. What
    stands in a transaction of the caller's nobody else can add to.
    """
    alone = connection.vendor != "postgresql" or connection.in_atomic_block
    # The first one alone: the planner is to know the tables before all the others come.
    for group in groups if alone else groups[:1]:
        yield group, _stations(group, seed, rules)
    if alone or not groups[1:]:
        return
    # A connection is no use on both sides of a fork.
    connections.close_all()
    with ProcessPoolExecutor(WRITERS, mp_context=get_context("fork")) as writers:
        given = [groups[at : at + A_SHARE] for at in range(1, len(groups), A_SHARE)]
        for share, written in zip(
            given, writers.map(partial(_share, seed=seed, on=rules.on), given), strict=True
        ):
            yield [number for group in share for number in group], written


def _share(groups: list[list[int]], *, seed: int, on: date) -> Counter[str]:
    """What one writer does before it says how far it is."""
    rules = Rules(on)
    return sum((_stations(group, seed, rules) for group in groups), Counter())


def _bureaus(stations: int, rules: Rules) -> Counter[str]:
    """Those that are missing above the stations, each with its user."""
    there = set(Unit.objects.filter(kind=Unit.Kind.BUREAU).values_list("pk", flat=True))
    batch = Batch()
    for place in tree.bureaus(stations):
        if place.pk not in there:
            batch.put(Unit, place.row(Unit.Kind.BUREAU.value))
            batch.put(User, overseer_row(place, rules.ago(LISTED_DAYS[1])))
    return batch.write()


@transaction.atomic
def _stations(numbers: list[int], seed: int, rules: Rules) -> Counter[str]:
    batch = Batch()
    for number in numbers:
        batch.begin(number)
        _station(number, seed, rules, batch)
    return batch.write()


def _station(number: int, seed: int, rules: Rules, batch: Batch) -> None:
    """All rows of one station, in a chance order that depends on nothing but seed and number."""
    place = tree.station(number)
    batch.put(Unit, place.row(Unit.Kind.STATION.value))
    chance = random.Random(f"{seed}:{number}")  # noqa: S311 - made-up data, no secret
    joined = rules.ago(LISTED_DAYS[1])
    auxiliaries, chiefs = chance.randint(1, 3), chance.randint(1, 2)
    staff = staff_of(place, joined, auxiliaries, chiefs, batch)
    station = Station(number, place, staff, chance, rules, batch)
    firms = list_enterprises(station)
    found = make_rounds(station, firms)
    lines = keep_bill(station, plans(station, firms, found))
    tell(station, lines)
    record(station, lines)
    batch.add(
        Entry, at=rules.now, unit_id=place.pk, actor_id=None, actor_name="system", action=SEEDED,
        subject_type=Unit._meta.label_lower, subject_id=str(number), subject_label=place.name,
        changes={"seed": seed, "on": rules.on.isoformat()},
    )  # fmt: skip
