"""What nights came to, counted from what was recorded: by team, by enterprise, by guard.

A round is *walked* when every checkpoint of it was passed, *short* when some were not, *missed*
when nobody set out. A duty is *done* when one of its guards checked in or set out that night:
patrols go by two or more with one phone, so that a guard's night is done when a guard of the same
duty was seen; whose own phone it was stands beside it. A night for which no round was planned is
neither done nor missed.

Only published rosters count. Everything is counted by the database, in a handful of statements
however many rows there are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from liaison.accounts.models import Unit
from patrols.models import (
    Absence,
    CheckIn,
    Duty,
    DutyGuard,
    DutyNight,
    Membership,
    PatrolAlert,
    PatrolIncident,
    PatrolRun,
    RunStop,
    SwapRequest,
)

Tallies = dict[int, Counter[str]]

# What a duty or a guard's night came to, as conditions on rows of the two functions below; each row
# fulfils one.
OUTCOMES = {
    "done": Q(was_seen=True),
    "missed": Q(was_seen=False, had_rounds=True),
    "unplanned": Q(was_seen=False, had_rounds=False),
}
CHECK_INS = {"check_ins": Count("pk"), "flagged": Count("pk", ~Q(flags=[]))}


def outcome_of(duty: Any) -> str:
    """Which of ``OUTCOMES`` a row of the two functions below fulfils."""
    return "done" if duty.was_seen else "missed" if duty.had_rounds else "unplanned"


def nights_between(unit: Unit, first: date, last: date) -> QuerySet[DutyNight]:
    """The station's nights from the first evening to the last, of published rosters."""
    return DutyNight.objects.filter(
        team__unit=unit, night_on__range=(first, last), roster__state="published"
    )


def duties_between(unit: Unit, first: date, last: date) -> QuerySet[Duty]:
    """The duties of these nights, each with ``had_rounds`` and ``was_seen``."""
    rows = Duty.objects.filter(
        night__team__unit=unit,
        night__night_on__range=(first, last),
        night__roster__state="published",
    )
    return rows.annotate(
        had_rounds=Exists(PatrolRun.objects.filter(night=OuterRef("night"))), was_seen=_seen("pk")
    )


def guards_between(unit: Unit, first: date, last: date) -> QuerySet[DutyGuard]:
    """Who was named for these nights, each with ``had_rounds``, ``was_seen`` and
    ``own_phone``: seen by the guard's own."""
    rows = DutyGuard.objects.filter(
        duty__night__team__unit=unit,
        night_on__range=(first, last),
        duty__night__roster__state="published",
    )
    mine = Q(night=OuterRef("duty__night"), guard=OuterRef("guard"))
    set_out = Q(night=OuterRef("duty__night"), started_by=OuterRef("guard"))
    return rows.annotate(
        had_rounds=Exists(PatrolRun.objects.filter(night=OuterRef("duty__night"))),
        was_seen=_seen("duty"),
        own_phone=Exists(CheckIn.objects.filter(mine)) | Exists(PatrolRun.objects.filter(set_out)),
    )


def by_team(unit: Unit, first: date, last: date) -> Tallies:
    """nights, rounds, walked, short, missed, checkpoints, passed, check_ins, flagged, incidents,
    sos, alerted, duties, duties_done, duties_missed, absences, replaced."""
    found: Tallies = defaultdict(Counter)
    nights = nights_between(unit, first, last)
    within = {"night__in": nights}
    _add(found, nights.values("team"), "team", nights=Count("pk"))
    unseen = Exists(RunStop.objects.filter(run=OuterRef("pk"), seen_at__isnull=True))
    out = Q(started_at__isnull=False)
    _add(
        found,
        PatrolRun.objects.filter(**within).annotate(unseen=unseen).values("night__team"),
        "night__team",
        rounds=Count("pk"),
        walked=Count("pk", out & Q(unseen=False)),
        short=Count("pk", out & Q(unseen=True)),
        missed=Count("pk", ~out),
    )
    _add(
        found,
        RunStop.objects.filter(run__night__in=nights).values("run__night__team"),
        "run__night__team",
        checkpoints=Count("pk"),
        passed=Count("pk", Q(seen_at__isnull=False)),
    )
    _add(
        found,
        CheckIn.objects.filter(**within).values("night__team"),
        "night__team",
        **CHECK_INS,
    )
    _add(
        found,
        PatrolIncident.objects.filter(**within).values("night__team"),
        "night__team",
        incidents=Count("pk"),
        sos=Count("pk", Q(sos=True)),
    )
    _add(
        found,
        PatrolAlert.objects.filter(**within, step=0).values("night__team"),
        "night__team",
        alerted=Count("pk"),
    )
    _add(
        found,
        duties_between(unit, first, last).values("night__team"),
        "night__team",
        duties=Count("pk"),
        duties_done=Count("pk", OUTCOMES["done"]),
        duties_missed=Count("pk", OUTCOMES["missed"]),
    )
    _absent(found, unit, first, last)
    return dict(found)


def by_enterprise(unit: Unit, first: date, last: date) -> Tallies:
    """nights, done, missed, unplanned, given, taken, absent, stood_in."""
    found: Tallies = defaultdict(Counter)
    _add(
        found,
        duties_between(unit, first, last).values("enterprise"),
        "enterprise",
        nights=Count("pk"),
        **{name: Count("pk", where) for name, where in OUTCOMES.items()},
    )
    swaps = SwapRequest.objects.filter(team__unit=unit, state=SwapRequest.State.APPROVED)
    there = (first, last)
    for giving, taking, night in (
        ("asking", "asked", "gives_on"),
        ("asked", "asking", "takes_on"),
    ):
        of_period = swaps.filter(**{f"{night}__range": there})
        _add(found, of_period.values(giving), giving, given=Count("pk"))
        _add(found, of_period.values(taking), taking, taken=Count("pk"))
    absences = Absence.objects.filter(enterprise__unit=unit, night_on__range=there)
    _add(found, absences.values("enterprise"), "enterprise", absent=Count("pk"))
    others = absences.filter(substitute__isnull=False).exclude(substitute=F("enterprise"))
    _add(found, others.values("substitute"), "substitute", stood_in=Count("pk"))
    return dict(found)


def by_guard(unit: Unit, first: date, last: date) -> Tallies:
    """nights, done, missed, unplanned, own, check_ins, flagged, incidents."""
    found: Tallies = defaultdict(Counter)
    _add(
        found,
        guards_between(unit, first, last).values("guard"),
        "guard",
        nights=Count("pk"),
        **{name: Count("pk", where) for name, where in OUTCOMES.items()},
        own=Count("pk", Q(own_phone=True)),
    )
    within = {"night__in": nights_between(unit, first, last)}
    _add(
        found,
        CheckIn.objects.filter(**within).values("guard"),
        "guard",
        **CHECK_INS,
    )
    _add(
        found,
        PatrolIncident.objects.filter(**within).values("guard"),
        "guard",
        incidents=Count("pk"),
    )
    return dict(found)


def total(of: Iterable[Counter[str]]) -> Counter[str]:
    """All of them together."""
    whole: Counter[str] = Counter()
    for one in of:
        whole.update(one)
    return whole


def _seen(duty: str) -> Any:
    """Whether a guard of the duty that ``duty`` names checked in or set out in its night."""
    of_duty = DutyGuard.objects.filter(duty=OuterRef(OuterRef(duty))).values("guard")
    night = "night" if duty == "pk" else "duty__night"
    return Exists(CheckIn.objects.filter(night=OuterRef(night), guard__in=of_duty)) | Exists(
        PatrolRun.objects.filter(night=OuterRef(night), started_by__in=of_duty)
    )


def _add(found: Tallies, rows: Any, key: str, **counts: Any) -> None:
    """Count the rows by their key, which ``values`` has named, and add that to what is known."""
    for row in rows.order_by().annotate(**counts):
        found[row[key]].update({name: row[name] for name in counts if row[name]})


def _absent(found: Tallies, unit: Unit, first: date, last: date) -> None:
    """Absences name the enterprise and the night; the team is the one it belonged to then."""
    of_night = Membership.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=OuterRef("night_on")),
        enterprise=OuterRef("enterprise"),
        began_on__lte=OuterRef("night_on"),
    )
    rows = Absence.objects.filter(enterprise__unit=unit, night_on__range=(first, last))
    _add(
        found,
        rows.annotate(team=Subquery(of_night.values("team")[:1]))
        .filter(team__isnull=False)
        .values("team"),
        "team",
        absences=Count("pk"),
        replaced=Count("pk", Q(substitute__isnull=False)),
    )
