"""One team's month as the database has it, and the problem that this makes for the solver.

Read in a fixed number of queries, however many enterprises and nights there are.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cached_property

from django.conf import settings
from django.db.models import Prefetch, Q
from django.utils import timezone

from enterprises.models import Enterprise, Stage
from liaison.calendars.work_time import work_calendar
from liaison.core.workdays import is_working_day
from patrols.certificates import KEEPS_INSIDE
from patrols.models import Absence, Duty, DutyGuard, DutyNight, Guard, Membership, PatrolTeam, Wish
from patrols.nights import evening_of
from patrols.roster_dates import last_of, month_before, nights_of
from patrols.rostering.problem import Crew, Member, Person, Problem, Rules, Wished

FOR_EVER = date.max


def rules() -> Rules:
    """What holds at this installation."""
    return Rules(
        fewest=settings.PATROL_FEWEST,
        most=settings.PATROL_MOST,
        people=settings.PATROL_PEOPLE,
        rest=settings.PATROL_REST,
    )


class Month:
    """``nights`` are those of the month on which the team is one; ``rows`` what stands in the
    database from the month before to as many nights after as a guard rests."""

    def __init__(self, team: PatrolTeam, month: date, *, evening: date | None = None) -> None:
        self.team, self.month = team, month
        self.evening = evening or evening_of(timezone.now())
        self.rules = rules()
        self.first, self.last = month, last_of(month)
        self.rows = self._rows()
        self.crews = {night: crew_of(row) for night, row in self.rows.items()}
        self.memberships = list(
            Membership.objects.filter(team=team, began_on__lte=self.last)
            .filter(Q(ended_on__isnull=True) | Q(ended_on__gt=self.first))
            .exclude(enterprise__stage=Stage.CLOSED)
            .select_related("enterprise")
            .order_by("began_on", "pk")
        )
        # A team that is divided off in mid-month owes no night before its first.
        begun = min((one.began_on for one in self.memberships), default=self.first)
        ended = team.ended_on or FOR_EVER
        self.nights = [one for one in nights_of(month) if begun <= one < ended]
        self.enterprises: dict[int, Enterprise] = {
            one.enterprise_id: one.enterprise for one in self.memberships
        }
        guards = Guard.objects.of(self.enterprises).order_by("pk")
        self.guards: dict[int, Guard] = {one.pk: one for one in guards}
        within = {"enterprise__in": self.enterprises, "night_on__range": (self.first, self.last)}
        self.wished = list(Wish.objects.filter(**within))
        self.absences = list(Absence.objects.filter(**within).select_related("substitute", "guard"))

    def _rows(self) -> dict[date, DutyNight]:
        guards = Prefetch("guards", DutyGuard.objects.select_related("guard").order_by("guard_id"))
        duties = Duty.objects.select_related("enterprise").prefetch_related(guards)
        rows = DutyNight.objects.filter(
            team=self.team,
            night_on__range=(month_before(self.month), self.last + self._rest),
        ).prefetch_related(Prefetch("duties", duties.order_by("enterprise__name", "pk")))
        return {row.night_on: row for row in rows}

    def on(self, night: date) -> set[int]:
        """The enterprises that belong to the team on that night."""
        return {
            one.enterprise_id
            for one in self.memberships
            if one.began_on <= night and (one.ended_on is None or night < one.ended_on)
        }

    @property
    def _rest(self) -> timedelta:
        return timedelta(days=self.rules.rest)

    @cached_property
    def special(self) -> frozenset[date]:
        """Weekends and public holidays, make-up workdays taken off, by the evening's date."""
        self.calendar = work_calendar()
        return frozenset(one for one in self.nights if not is_working_day(one, self.calendar))

    @cached_property
    def to_come(self) -> list[date]:
        """The nights that can still be changed: tonight's and later ones."""
        return [one for one in self.nights if one >= self.evening]

    def to_make(self, *, seed: int, within: float, keep: bool) -> Problem:
        """The nights to come, what has gone by counted as served. With ``keep`` as few of those
        that stand as possible change."""
        come = set(self.to_come)
        standing = {one: crew for one, crew in self.crews.items() if one in come}
        return self._problem(
            self.to_come,
            before={one: crew for one, crew in self.crews.items() if one < self._begin},
            locked={one: standing[one] for one in standing if self.rows[one].locked},
            now=standing if keep else {},
            seed=seed,
            within=within,
        )

    def as_it_is(self) -> Problem:
        """The whole month as it stands, for counting it again; nothing is locked against hands."""
        return self._problem(
            self.nights,
            before={one: crew for one, crew in self.crews.items() if one < self.first},
            locked={},
            now={},
            seed=0,
            within=1.0,
        )

    @property
    def _begin(self) -> date:
        return self.to_come[0] if self.to_come else self.last + timedelta(days=1)

    def _problem(
        self,
        nights: list[date],
        *,
        before: Mapping[date, Crew],
        locked: Mapping[date, Crew],
        now: Mapping[date, Crew],
        seed: int,
        within: float,
    ) -> Problem:
        members = self._members(before)
        return Problem(
            nights=tuple(nights),
            members=members,
            rules=self.rules,
            special=self.special & frozenset(nights),
            wishes=self._wishes(),
            away=frozenset(self._away(nights)),
            before=before,
            locked=locked,
            now=now,
            seed=seed,
            within=within,
        )

    def _members(self, before: Mapping[date, Crew]) -> tuple[Member, ...]:
        served = Counter(key for crew in before.values() for key in crew.sends)
        since: dict[int, date] = {}
        until: dict[int, date] = {}
        for one in self.memberships:
            key = one.enterprise_id
            since[key] = min(since.get(key, FOR_EVER), one.began_on)
            until[key] = max(until.get(key, date.min), one.ended_on or FOR_EVER)
        # Who has come since is not to make up for what the others did without them.
        old = [served[key] for key in since if since[key] <= month_before(self.month)]
        usual = round(sum(old) / len(old)) if old else 0
        people: dict[int, list[Person]] = {key: [] for key in since}
        for guard in self.guards.values():
            key = guard.enterprise_id
            if guard.certificate and guard.certificate_until and guard.outside not in KEEPS_INSIDE:
                begin = max(guard.joined_on, since[key])
                end = min(guard.certificate_until, guard.left_on or FOR_EVER, until[key])
                people[key].append(Person(guard.pk, begin, end))
        return tuple(
            Member(
                key,
                tuple(people[key]),
                served[key] if since[key] <= month_before(self.month) else usual,
            )
            for key in sorted(since)
        )

    def _wishes(self) -> dict[tuple[int, date], Wished]:
        wishes = {(one.enterprise_id, one.night_on): Wished(one.kind) for one in self.wished}
        for one in self.absences:
            if one.guard_id is None:
                wishes[one.enterprise_id, one.night_on] = Wished.BLOCKED
        return wishes

    def _away(self, nights: list[date]) -> Iterator[tuple[int, date]]:
        """Absent on that night, or tired from or for a night that is none of this problem's: in
        another team, which the enterprise has left or joins, or in the month after."""
        for one in self.absences:
            if one.guard_id is not None:
                yield one.guard_id, one.night_on
        own = set(nights)
        elsewhere = DutyGuard.objects.filter(
            guard__in=self.guards,
            night_on__range=(self.first - self._rest, self.last + self._rest),
        ).exclude(duty__night__team=self.team, night_on__lte=self.last)
        for guard, out in elsewhere.values_list("guard", "night_on"):
            for days in range(-self.rules.rest, self.rules.rest + 1):
                night = out + timedelta(days=days)
                if night in own:
                    yield guard, night

    def names(self) -> dict[tuple[str, int], str]:
        """Of enterprises and guards, by ("member" or "guard", key)."""
        known = {("member", key): one.name for key, one in self.enterprises.items()}
        return known | {("guard", key): one.name for key, one in self.guards.items()}


def crew_of(night: DutyNight) -> Crew:
    """From rows that were read along."""
    return Crew(
        {
            duty.enterprise_id: tuple(one.guard_id for one in duty.guards.all())
            for duty in night.duties.all()
        }
    )
