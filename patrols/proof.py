"""The month's proof: what each team, enterprise and guard did, missed, swapped, and how soon help
was there; every number with the nights behind it."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from enterprises.models import Enterprise
from liaison.accounts.models import Unit, User
from liaison.core.sheets import CellValue, Column
from patrols.models import Guard, PatrolTeam, Response
from patrols.nights import evening_of, night_of
from patrols.paces import Step, paces
from patrols.response_forms import written
from patrols.roster_dates import last_of
from patrols.tallies import Tallies, by_enterprise, by_guard, by_team

ONE = timedelta(days=1)


@dataclass(frozen=True)
class Kind:
    """Whom the proof is of. ``numbers`` in the order of the columns, each with its heading and the
    state of the nights behind it (``None``: these are not nights)."""

    key: str
    label: Promise
    heading: Promise
    tally: Callable[[Unit, date, date], Tallies]
    numbers: Sequence[tuple[str, Promise, str | None]]
    # The field of a Response, empty where responses are not of these.
    of_response: str = ""


NIGHTS = ("nights", pgettext_lazy("proof", "Nights"), "")
MISSED = ("missed", pgettext_lazy("proof", "Missed"), "missed")
DONE = ("done", pgettext_lazy("proof", "Done"), "done")
UNPLANNED = ("unplanned", gettext_lazy("No round planned"), "unplanned")
CHECK_INS = ("check_ins", gettext_lazy("Check-ins"), None)
FLAGGED = ("flagged", pgettext_lazy("check-ins", "Flagged"), None)
INCIDENTS = ("incidents", gettext_lazy("Incidents"), None)

KINDS = {
    "enterprise": Kind(
        "enterprise",
        gettext_lazy("By enterprise"),
        pgettext_lazy("kind", "Enterprise"),
        by_enterprise,
        (
            NIGHTS,
            DONE,
            MISSED,
            UNPLANNED,
            ("given", pgettext_lazy("proof", "Swapped away"), None),
            ("taken", pgettext_lazy("proof", "Taken over"), None),
            ("absent", pgettext_lazy("proof", "Absent"), None),
            ("stood_in", pgettext_lazy("proof", "Stood in"), None),
        ),
        "enterprise_id",
    ),
    "guard": Kind(
        "guard",
        gettext_lazy("By guard"),
        gettext_lazy("Guard"),
        by_guard,
        (
            NIGHTS,
            DONE,
            MISSED,
            UNPLANNED,
            ("own", gettext_lazy("With own phone"), None),
            CHECK_INS,
            FLAGGED,
            INCIDENTS,
        ),
    ),
    "team": Kind(
        "team",
        gettext_lazy("By team"),
        gettext_lazy("Patrol team"),
        by_team,
        (
            NIGHTS,
            ("rounds", gettext_lazy("Rounds"), None),
            ("walked", pgettext_lazy("rounds", "Walked"), None),
            ("short", pgettext_lazy("rounds", "With gaps"), None),
            ("missed", pgettext_lazy("rounds", "Not walked"), None),
            ("checkpoints", gettext_lazy("Checkpoints"), None),
            ("passed", pgettext_lazy("checkpoints", "Passed"), None),
            FLAGGED,
            INCIDENTS,
            ("replaced", gettext_lazy("Substitutes"), None),
        ),
        "team_id",
    ),
}


@dataclass(frozen=True)
class Row:
    subject: Any
    counts: Counter[str]
    steps: Sequence[Step]


def period(month: date, now: datetime) -> tuple[date, date]:
    """The month's nights that are over: the first and last evening; the last is before the first
    where none is."""
    return month, min(last_of(month), evening_of(now) - ONE)


def counted(kind: Kind, unit: Unit, month: date, now: datetime) -> Tallies:
    return kind.tally(unit, *period(month, now))


def subjects(kind: Kind, user: User, keys: Sequence[int]) -> tuple[QuerySet[Any], tuple[str, ...]]:
    """Of whom there is something to prove, and the columns of their order."""
    if kind.key == "enterprise":
        return Enterprise.objects.visible_to(user).filter(pk__in=keys), ("name", "pk")
    if kind.key == "guard":
        guards = Guard.objects.visible_to(user).filter(pk__in=keys).select_related("enterprise")
        return guards, ("enterprise__name", "name", "pk")
    return PatrolTeam.objects.visible_to(user).filter(pk__in=keys), ("number", "pk")


def responses(
    kind: Kind, user: User, unit: Unit, month: date, now: datetime
) -> dict[int, list[Response]]:
    """The period's responses by subject: drills and incidents alike."""
    if not kind.of_response:
        return {}
    first, last = period(month, now)
    rows = (
        Response.objects.visible_to(user)
        .holding()
        .filter(unit=unit, called_at__gte=night_of(first)[0], called_at__lt=night_of(last)[1])
    )
    found = defaultdict(list)
    for one in rows:
        found[getattr(one, kind.of_response)].append(one)
    return found


def rows(listed: Sequence[Any], tallies: Tallies, calls: dict[int, list[Response]]) -> list[Row]:
    minutes = settings.PATROL_RESPONSE_MINUTES
    return [
        Row(
            one,
            tallies.get(one.pk, Counter()),
            paces((call.took for call in calls.get(one.pk, ())), minutes),
        )
        for one in listed
    ]


def columns(kind: Kind) -> list[Column]:
    found = [Column("subject", str(kind.heading), 28)]
    if kind.key == "guard":
        found.append(Column("enterprise", pgettext("kind", "Enterprise"), 28))
    found += [Column(name, str(label), 10) for name, label, _state in kind.numbers]
    if kind.of_response:
        found.append(Column("calls", _("Calls and drills"), 10))
        found += [
            Column(f"step{n}", _("within %(n)d min") % {"n": most}, 14, _("Response"))
            for n, most in enumerate(settings.PATROL_RESPONSE_MINUTES)
        ]
    return found


def cells(kind: Kind, listed: Sequence[Row]) -> Iterator[dict[str, CellValue]]:
    for row in listed:
        cell: dict[str, CellValue] = {"subject": str(row.subject)}
        if kind.key == "guard":
            cell["enterprise"] = row.subject.enterprise.name
        cell |= {name: row.counts[name] for name, _label, _state in kind.numbers}
        if kind.of_response:
            cell["calls"] = row.steps[0].times if row.steps else 0
            cell |= {f"step{n}": said(step) for n, step in enumerate(row.steps)}
        yield cell


def said(step: Step) -> str:
    """2/3 · 1:20: how often in time of how many calls, and the mean of those that came."""
    kept = f"{step.kept}/{step.times}"
    return f"{kept} · {written(step.mean)}" if step.mean is not None else kept
