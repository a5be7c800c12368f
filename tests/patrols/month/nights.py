"""What happens in the month: who forgets what, who is late, whose phone has no network or a wrong
clock. Drawn by chance from one seed, so that the same month comes again."""

import heapq
import itertools
import random
import re
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tests.factories.evidence import picture_bytes
from tests.patrols.month.phones import LINK, Did, Person, Phone, Server

CHINA = ZoneInfo("Asia/Shanghai")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BEGINS = date(2026, 3, 1)
KILLS_A_NIGHT = 2
SWEEPS_EVERY = 20
# Of a hundred rounds: that nobody walks, that begin late.
NEVER, LATE = 10, 30
# Of a hundred checkpoints: that are not passed; that two guards check in at, of those that are.
MISSED, BOTH = 14, 20
ON_DUTY = re.compile(r'name="guard" value="(\d+)"')
PIN = re.compile(r'<b class="num">(\d{6})</b>')


@dataclass
class Round:
    """A round as the guards' phones show it."""

    night: int
    pk: int
    planned: datetime
    stops: list[tuple[int, float, float]]


@dataclass
class Month:
    """The script's own record of all that was done, and when the sweeps came."""

    station: Any
    server: Server
    chance: random.Random = field(default_factory=lambda: random.Random(2026))
    did: list[Did] = field(default_factory=list)
    rounds: list[Round] = field(default_factory=list)
    sweeps: list[datetime] = field(default_factory=list)
    swapped: dict[int, tuple[int, int]] = field(default_factory=dict)
    phones: list[Phone] = field(default_factory=list)
    kills_due: int = 0

    def kill_now(self):
        due = self.kills_due > 0
        self.kills_due -= due
        return due

    def sweep(self, now):
        self.sweeps.append(now)
        killed = self.kill_now()
        while (answer := self.server.ask(now, "POST", "/-/sweep", killed=killed)) is None:
            killed = False
        assert answer.status == 200


def at(n, clock):
    """That time of the n-th night: before noon it is the morning after."""
    day = BEGINS + timedelta(days=n if clock >= time(12) else n + 1)
    return datetime.combine(day, clock, CHINA)


class Night:
    """One night, from the afternoon to the next morning."""

    def __init__(self, month, n):
        self.month, self.n, self.chance = month, n, month.chance
        self.queue, self.order = [], itertools.count()
        self.desk = Person(month.server, month.station.desk)
        self.doors = f"/patrols/nights/{month.station.nights[n]}/doors/"

    def plan(self, moment, does, *arguments):
        heapq.heappush(self.queue, (moment, next(self.order), does, arguments))

    def pass_by(self):
        if self.n % 5 == 2:
            self.plan(at(self.n, time(14)), self.swap)
        self.plan(at(self.n, time(20, 5)), self.month.sweep)
        self.plan(at(self.n, time(20, 10)), self.open_doors)
        self.plan_sweeps()
        for _kill in range(KILLS_A_NIGHT):
            moment = at(self.n, time(22)) + self.chance.randint(0, 420) * MINUTE
            self.plan(moment, self.let_die)
        while self.queue:
            moment, _order, does, arguments = heapq.heappop(self.queue)
            does(moment, *arguments)

    def let_die(self, _now):
        self.month.kills_due += 1

    def plan_sweeps(self):
        moment, ends = at(self.n, time(21)), at(self.n, time(7))
        while moment < ends:
            self.plan(moment + timedelta(seconds=self.chance.randint(0, 50)), self.month.sweep)
            # Now and then the scheduler stands still for up to two hours.
            moment += MINUTE * (SWEEPS_EVERY if self.chance.random() < 0.95 else 120)
        # In the morning only phones that were without a network bring anything new.
        for clock in (time(9), time(11, 30)):
            self.plan(at(self.n, clock), self.month.sweep)

    def swap(self, now):
        """One enterprise cannot, another takes its night for one of its own; the desk agrees."""
        station, n = self.month.station, self.n
        gives, takes = 2 * n % 8, 2 * (n + 2) % 8
        asks, asked = (Person(self.month.server, station.contacts[one]) for one in (gives, takes))
        duty = station.duties[n, gives]
        day = BEGINS + timedelta(days=n + 2)
        instead = f"{station.enterprises[takes].pk}:{day}"
        assert asks.post(now, f"/portal/duties/{duty}/swap/", instead=instead).status == 302
        page = asked.get(now + MINUTE, "/portal/duties/").text
        path = re.search(r"/portal/duties/swaps/\d+/accept/", page)[0]
        asked.post(now + MINUTE, path)
        page = self.desk.get(now + 2 * MINUTE, "/patrols/rosters/swaps/").text
        self.desk.post(now + 2 * MINUTE, re.search(r"/patrols/rosters/swaps/\d+/approve/", page)[0])
        self.month.swapped[n], self.month.swapped[n + 2] = (gives, takes), (takes, gives)

    def open_doors(self, now):
        """One guard has a link from the desk, the other types the night's PIN at the own phone."""
        page = self.desk.get(now, self.doors).text
        first, *others = (int(one) for one in ON_DUTY.findall(page))
        link = LINK.search(self.desk.post(now, self.doors, guard=first).text)[1]
        phones = [self.phone(first, link)]
        pin = PIN.search(self.desk.post(now, self.doors, what="pin").text)[1]
        nobody = Person(self.month.server, None)
        for guard in others:
            number = self.month.station.phone_numbers[guard]
            opened = nobody.post(now, "/n/", phone=number, pin=pin)
            phones.append(self.phone(guard, LINK.search(opened.location)[1]))
        data = phones[0].data(now)
        for one in phones[1:]:
            assert one.data(now)["runs"] == data["runs"]
        for run in data["runs"]:
            stops = [(one["id"], one["longitude"], one["latitude"]) for one in run["stops"]]
            planned = datetime.fromisoformat(run["planned_start"])
            told = Round(self.n, run["id"], planned, stops)
            self.month.rounds.append(told)
            self.walk(told, phones)
        if self.chance.random() < 0.3:
            self.incident(phones)
        for one in phones:
            # Before the link ends at noon every phone has had a network again.
            self.plan(at(self.n, time(11)), self.send, one)

    def phone(self, guard, token):
        off = timedelta(seconds=self.chance.randint(-40, 40))
        if self.chance.random() < 0.3:
            # Unlucky: set by hand, or to another zone.
            off = self.chance.choice((-1, 1)) * self.chance.randint(5, 600) * MINUTE
        away = None
        if self.chance.random() < 0.5:
            begins = at(self.n, time(22)) + self.chance.randint(0, 300) * MINUTE
            away = (begins, begins + self.chance.randint(20, 360) * MINUTE)
        made = Phone(
            self.month.server, token, self.n, guard, off, away, self.chance, self.month.did
        )
        if away:
            self.plan(away[1], self.send, made)
        self.month.phones.append(made)
        return made

    def walk(self, run, phones):
        """What becomes of a round: never, late or on time; each checkpoint passed or not."""
        drawn = self.chance.randint(1, 100)
        if drawn <= NEVER:
            return
        late = self.chance.randint(12, 55) if drawn <= NEVER + LATE else self.chance.randint(-3, 8)
        begun = run.planned + late * MINUTE
        leads = self.chance.choice(phones)
        if self.chance.random() < 0.9:
            self.plan(begun, self.do, leads, "start", {"run": run.pk})
        for k, (place, lon, lat) in enumerate(run.stops):
            if self.chance.randint(1, 100) <= MISSED:
                continue
            when = begun + (4 + 6 * k) * MINUTE + timedelta(seconds=self.chance.randint(0, 200))
            who = phones if self.chance.randint(1, 100) <= BOTH else [self.chance.choice(phones)]
            for nth, one in enumerate(who):
                body = {"run": run.pk, "checkpoint": place}
                if self.chance.random() < 0.5:
                    body = {"run": run.pk, "code": self.month.station.codes[place]}
                if self.chance.random() < 0.5:
                    body |= {"longitude": lon, "latitude": lat, "accuracy": 12.0}
                self.plan(when + timedelta(seconds=20 * nth), self.do, one, "check_in", body)
        if self.chance.random() < 0.85:
            self.plan(begun + 25 * MINUTE, self.do, leads, "end", {"run": run.pk})

    def incident(self, phones):
        when = at(self.n, time(23)) + self.chance.randint(0, 240) * MINUTE
        self.plan(when, self.meet, self.chance.choice(phones))

    def meet(self, now, phone):
        sos = self.chance.random() < 0.3
        body = {"sos": True} if sos else {"kind": "hazard", "text": f"示例灯坏 {self.n}"}
        away = phone.away and phone.away[0] <= now < phone.away[1]
        if not sos and not away:
            body["photos"] = [phone.photo(now, picture_bytes())]
        self.do(now, phone, "incident", body)

    def do(self, now, phone, what, body):
        phone.did(now, what, **body)
        self.send(now, phone)

    def send(self, now, phone):
        away = phone.away and phone.away[0] <= now < phone.away[1]
        phone.send(now, killed=bool(phone.waiting) and not away and self.month.kill_now())
