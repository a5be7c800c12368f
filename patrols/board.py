"""What the duty desk watches through a night: each team, its rounds, who is where."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liaison.accounts.models import Unit, User
from patrols.actions.ringing import as_round
from patrols.crews import crews
from patrols.models import (
    Absence,
    CheckIn,
    Checkpoint,
    DutyNight,
    Membership,
    PatrolAlert,
    PatrolIncident,
    PatrolRun,
    Response,
    RunStop,
)
from patrols.progress import TROUBLES, Progress, Standing, progress

# How a round stands, in words and in the tone of its tag.
WORDS: dict[Standing, tuple[Promise, str]] = {
    Standing.SILENT: (pgettext_lazy("round", "Nothing heard"), "seal"),
    Standing.LATE: (pgettext_lazy("round", "Late"), "seal"),
    Standing.MISSED: (pgettext_lazy("round", "Not walked"), "seal"),
    Standing.SHORT: (pgettext_lazy("round", "Ended, checkpoints missed"), "amber"),
    Standing.OUT: (pgettext_lazy("round", "Out"), "blue"),
    Standing.AHEAD: (pgettext_lazy("round", "To come"), ""),
    Standing.DONE: (pgettext_lazy("round", "Walked"), "jade"),
}
# The numbers above the board: (what an address calls it, which rounds, its words, its tone).
SHOWN: tuple[tuple[str, frozenset[Standing], Promise, str], ...] = (
    (
        "trouble",
        frozenset({Standing.SILENT, Standing.LATE}),
        _("Ring them now"),
        "hot",
    ),
    ("out", frozenset({Standing.OUT, Standing.SILENT}), _("Out now"), ""),
    ("ahead", frozenset({Standing.AHEAD, Standing.LATE}), _("To come"), ""),
    ("missed", frozenset({Standing.MISSED, Standing.SHORT}), _("Missed tonight"), "warm"),
    ("done", frozenset({Standing.DONE}), _("Walked"), "good"),
)


@dataclass(frozen=True)
class Last:
    """The last check-in of a round: when, at which checkpoint, whose."""

    at: datetime
    checkpoint: str
    guard: str


@dataclass(frozen=True)
class Line:
    """One round. ``last`` is the last check-in, ``next_due`` when the next checkpoint is due."""

    run: PatrolRun
    now: Progress
    last: Last | None
    next_name: str
    overdue: Sequence[str]

    @property
    def words(self) -> Promise:
        return WORDS[self.now.standing][0]

    @property
    def tone(self) -> str:
        return WORDS[self.now.standing][1]

    @property
    def troubled(self) -> bool:
        return self.now.standing in TROUBLES


@dataclass(frozen=True)
class Out:
    """A team's night: ``night.duties`` are who is on, ``absent`` for whom nobody has come in.
    ``has_way``: there is a route to walk, so that without lines its rounds are yet to be drawn."""

    night: DutyNight
    lines: Sequence[Line]
    absent: Sequence[Absence] = ()
    has_way: bool = True


@dataclass(frozen=True)
class Number:
    key: str
    label: Promise
    number: int
    tone: str


@dataclass
class Board:
    evening: date
    outs: list[Out]
    incidents: list[PatrolIncident]
    standings: Counter[Standing] = field(default_factory=Counter)

    @property
    def numbers(self) -> list[Number]:
        found = []
        for key, which, label, tone in SHOWN:
            number = sum(self.standings[one] for one in which)
            found.append(Number(key, label, number, tone if number else ""))
        return found

    def only(self, key: str) -> "list[Out]":
        """The teams with such rounds, and these alone; all for what is no such key."""
        wanted = next((which for name, which, *_rest in SHOWN if name == key), None)
        if wanted is None:
            return self.outs
        kept = (
            replace(one, lines=[line for line in one.lines if line.now.standing in wanted])
            for one in self.outs
        )
        return [one for one in kept if one.lines]


def board_of(user: User, unit: Unit, evening: date, now: datetime) -> Board:
    """The station's night as this person may see it at ``now``; eight statements, however many
    teams there are."""
    way = Checkpoint.objects.filter(
        route__team=OuterRef("team"), route__active=True, removed_at__isnull=True
    )
    nights = list(
        DutyNight.objects.visible_to(user)
        .annotate(has_way=Exists(way))
        .filter(team__unit=unit, night_on=evening, roster__state="published")
        .select_related("team__leader", "roster")
        .prefetch_related(crews())
        .order_by("team__number", "pk")
    )
    lines = _lines(nights, now)
    absent = _absent(nights, evening)
    outs = [
        Out(one, lines.get(one.pk, ()), absent.get(one.team_id, ()), one.has_way) for one in nights
    ]
    standings = Counter(line.now.standing for one in outs for line in one.lines)
    return Board(evening, outs, _incidents(user, unit, evening), standings)


def _lines(nights: Sequence[DutyNight], now: datetime) -> dict[int, list[Line]]:
    stops = RunStop.objects.select_related("checkpoint").order_by("position")
    last = CheckIn.objects.filter(run=OuterRef("pk")).order_by("-at", "-pk")
    runs = (
        PatrolRun.objects.filter(night__in=nights)
        .select_related("route", "started_by")
        .annotate(
            last_at=Subquery(last.values("at")[:1]),
            last_place=Subquery(last.values("checkpoint__name")[:1]),
            last_guard=Subquery(last.values("guard__name")[:1]),
        )
        .prefetch_related(Prefetch("stops", stops))
    )
    found = defaultdict(list)
    for run in runs:
        found[run.night_id].append(_line(run, list(run.stops.all()), now))
    return found


def _line(run: Any, stops: list[RunStop], now: datetime) -> Line:
    minutes = settings.PATROL_ALERT_MINUTES
    stands = progress(
        as_round(run, stops), ended=run.ended_at is not None, now=now, minutes=minutes
    )
    names = {one.checkpoint_id: one.checkpoint.name for one in stops}
    ahead = names[stands.next.checkpoint] if stands.next else ""
    last = Last(run.last_at, run.last_place, run.last_guard) if run.last_at else None
    return Line(run, stands, last, ahead, [names[one.checkpoint] for one in stands.overdue])


def _absent(nights: Sequence[DutyNight], evening: date) -> dict[int, list[Absence]]:
    """Who cannot come and is not replaced, by team."""
    there = Membership.objects.all().on(evening).filter(enterprise=OuterRef("enterprise"))
    rows = (
        Absence.objects.filter(night_on=evening, substitute__isnull=True)
        .filter(substitute_guard__isnull=True)
        .annotate(team=Subquery(there.values("team")[:1]))
        .filter(team__in=[one.team_id for one in nights])
    )
    found: dict[int, list[Absence]] = defaultdict(list)
    for one in rows.select_related("enterprise", "guard").order_by("pk"):
        found[one.team].append(one)
    return found


def _incidents(user: User, unit: Unit, evening: date) -> list[PatrolIncident]:
    """Calls for help first, then the latest."""
    record = Response.objects.filter(incident=OuterRef("pk"))
    rows = (
        PatrolIncident.objects.visible_to(user)
        .filter(night__team__unit=unit, night__night_on=evening)
        .select_related("night__team", "guard__enterprise", "issue")
        .annotate(record=Exists(record))
    )
    return list(rows.order_by("-sos", "-received_at", "-pk")[:50])


@dataclass(frozen=True)
class StationNight:
    """A station's night in a row, for whoever looks across stations."""

    unit: Unit
    numbers: Counter[str]


def stations(units: Iterable[Unit], evening: date) -> list[StationNight]:
    """Of each: teams, rounds, started, ended, told (rounds of which somebody had to be told),
    incidents. By what has been alerted, which asks no clock."""
    listed = list(units)
    of_unit = Q(night__team__unit__in=listed, night__night_on=evening)
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for row in (
        DutyNight.objects.filter(team__unit__in=listed, night_on=evening, roster__state="published")
        .values("team__unit")
        .annotate(teams=Count("pk"))
        .order_by()
    ):
        found[row["team__unit"]]["teams"] = row["teams"]
    counted: list[tuple[Any, dict[str, Any]]] = [
        (
            PatrolRun,
            {
                "rounds": Count("pk"),
                "started": Count("pk", Q(started_at__isnull=False)),
                "ended": Count("pk", Q(ended_at__isnull=False)),
            },
        ),
        (PatrolAlert, {"told": Count("run", distinct=True)}),
        (PatrolIncident, {"incidents": Count("pk"), "sos": Count("pk", Q(sos=True))}),
    ]
    for model, counts in counted:
        rows = model._default_manager.filter(of_unit).order_by().values("night__team__unit")
        for row in rows.annotate(**counts):
            found[row["night__team__unit"]].update({name: row[name] for name in counts})
    return [StationNight(one, found[one.pk]) for one in listed]
