"""值班台: what must be done today, first."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from enterprises.models import Enterprise
from issues.models import Issue
from issues.querysets import duty_numbers
from liaison.accounts.access import SIGNED_IN, SYSTEM_ADMINISTRATORS, open_to
from liaison.accounts.models import OFFICERS, OVERSEERS, Kind, Unit, User
from liaison.core.due import start_of
from liaison.staff.navigation import entries
from visits.models import Visit

TIGHTEST = 8
# The sweep comes every minute. A step so long due that nobody has taken means that nothing rings,
# and whoever relies on being reminded must know.
RINGS_WITHIN = timedelta(minutes=15)


@dataclass(frozen=True)
class Duty:
    """One number of the strip, and the address of the rows behind it."""

    label: str
    number: int
    url: str
    hint: str = ""
    tone: str = ""


@open_to(SIGNED_IN)
def dashboard(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    if user.is_contact:
        return contact_home(request, user)
    now = timezone.now()
    today = timezone.localdate(now)
    enterprises = Enterprise.objects.visible_to(user)
    issues = Issue.objects.visible_to(user)
    own = user.kind in OFFICERS
    if own:
        # An officer's desk is about what the officer answers for; the ledgers show the rest.
        enterprises, issues = enterprises.mine(user, today), issues.handled_by(user)
    stations: list[Station] = []
    unrung: datetime | None
    people: Mapping[str, Any]
    bill: Mapping[str, Any]
    if user.kind == Kind.BUREAU:
        stations = across_stations(user, now)
        people = total(station.people for station in stations)
        bill = total(station.bill for station in stations)
        unrung = issues.to_escalate(now).aggregate(oldest=Min("next_escalation_at"))["oldest"]
    else:
        people = enterprises.live().aggregate(
            **enterprise_needs(today), unrung=Min("cadence__next_reminder_at")
        )
        lines = Issue.objects.visible_to(user)
        bill = lines.duty_counts(user, now, own=own, unrung=Min("next_escalation_at"))
        unrung = min(filter(None, (people["unrung"], bill["unrung"])), default=None)
    context = {
        # In place of the frame's own, which would count the late lines once more.
        "nav": entries(user, request.path, late=bill["late"]),
        "duties": duties(user, people, bill),
        "own": own,
        "open_lines": bill["open"],
        "tightest": issues.open().for_ledger().order_by("next_due_at", "pk")[:TIGHTEST],
        # A bureau looks at stations, not at who of theirs is to be called today.
        "coldest": []
        if stations
        else enterprises.contact_due(today)
        .for_ledger()
        .order_by("cadence__next_contact_due_on", "pk")[:TIGHTEST],
        "counts": {**people, "assigned": people["all"] - people["unassigned"]},
        "unpublished": unpublished_year(user, bill),
        "uncertain": bill["due_uncertain"],
        "silent_since": unrung if unrung and now - unrung > RINGS_WITHIN else None,
        "keeps_calendar": SYSTEM_ADMINISTRATORS.admits(user),
        "may_import": user.kind in OVERSEERS,
        "results": results_this_year(user, now),
        "stations": stations,
    }
    return render(request, "staff/dashboard.html", context)


def unpublished_year(user: User, bill: Mapping[str, int]) -> int | None:
    """The year that deadlines reach into without its holidays being known; asked of the rows only
    where there are any."""
    if not bill["due_uncertain"] or user.kind not in (*OVERSEERS, Kind.BUREAU):
        return None
    lines = Issue.objects.visible_to(user).uncertain()
    last: datetime | None = lines.aggregate(last=Max("resolve_due_at"))["last"]
    return timezone.localtime(last).year if last else None


def contact_home(request: HttpRequest, user: User) -> HttpResponse:
    """Who answers for us, and our open lines with their dates; the portal will grow from here."""
    return render(
        request,
        "staff/contact_home.html",
        {
            "enterprises": Enterprise.objects.visible_to(user).for_ledger().order_by("name"),
            "lines": Issue.objects.visible_to(user)
            .open()
            .for_ledger()
            .order_by("next_due_at", "pk")[:50],
        },
    )


def enterprise_needs(today: date) -> dict[str, Count]:
    """Aggregates over live enterprises: how many there are and what they need."""
    free = Q(pk__in=Enterprise.objects.all().unassigned().values("pk"))
    contact_over = Q(cadence__next_contact_due_on__lt=today)
    visit_over = Q(cadence__next_visit_due_on__lt=today)
    contact_today = Q(cadence__next_contact_due_on=today)
    visit_today = Q(cadence__next_visit_due_on=today)
    over = contact_over | visit_over
    return {
        "all": Count("pk"),
        "unassigned": Count("pk", free),
        "overdue": Count("pk", over),
        "due_today": Count("pk", (contact_today | visit_today) & ~over),
        "red": Count("pk", Q(grade="red")),
        "yellow": Count("pk", Q(grade="yellow")),
        "green": Count("pk", Q(grade="green")),
    }


@dataclass(frozen=True)
class Station:
    """One station as the bureau sees it."""

    code: str
    name: str
    people: Mapping[str, int]
    bill: Mapping[str, int]


def across_stations(user: User, now: datetime) -> list[Station]:
    """The stations below a bureau, the worst first; one without enterprises is not left out."""
    needs = enterprise_needs(timezone.localdate(now))
    people = by_unit(Enterprise.objects.visible_to(user).live(), needs)
    bill = by_unit(Issue.objects.visible_to(user).open(), duty_numbers(user, now))
    stations = [
        Station(unit.code, unit.name, people[unit.pk], bill[unit.pk])
        for unit in Unit.objects.visible_to(user).stations()
    ]
    return sorted(
        stations,
        key=lambda one: (
            -one.bill["late"],
            -one.people["unassigned"],
            -one.people["overdue"],
            one.name,
        ),
    )


def by_unit(rows: QuerySet[Any], numbers: Mapping[str, Count]) -> dict[int, Counter[str]]:
    """The numbers of each unit; a unit without rows has zeros."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    for row in rows.order_by().values("unit").annotate(**numbers):
        found[row.pop("unit")] = Counter(row)
    return found


def total(parts: Iterable[Mapping[str, int]]) -> Counter[str]:
    whole: Counter[str] = Counter()
    for part in parts:
        whole.update(part)
    return whole


def duties(user: User, people: Mapping[str, int], bill: Mapping[str, int]) -> list[Duty]:
    """The strip, hottest first. Each number equals the rows its link shows."""
    mine = "&mine=1" if user.kind in OFFICERS else ""
    ledger, list_ = reverse("issue_list"), reverse("enterprise_list")
    strip = [
        Duty(
            _("Overdue lines"),
            bill["late"],
            f"{ledger}?state=late{mine}",
            _("past their deadline"),
            "hot" if bill["late"] else "good",
        ),
        Duty(
            _("Due today"),
            bill["due_today"],
            f"{ledger}?state=due_today{mine}",
            _("before midnight"),
            "warm" if bill["due_today"] else "",
        ),
        Duty(
            _("To accept"),
            bill["awaiting_acceptance"],
            f"{ledger}?stage=raised{mine}",
            _("answer within 24 h"),
            "warm" if bill["awaiting_acceptance"] else "",
        ),
        Duty(
            _("Waiting for my approval"),
            bill["awaiting_approval"],
            f"{ledger}?state=awaiting_my_approval",
            _("close-out or extension"),
            "warm" if bill["awaiting_approval"] else "",
        ),
        Duty(
            _("Overdue for contact"),
            people["overdue"],
            f"{list_}?overdue=1{mine}",
            ngettext("%(n)d more due today", "%(n)d more due today", people["due_today"])
            % {"n": people["due_today"]},
            "hot" if people["overdue"] else "good",
        ),
    ]
    if user.kind not in OFFICERS:
        strip.append(
            Duty(
                _("Without an officer"),
                people["unassigned"],
                f"{list_}?officer=unassigned",
                _("every enterprise has one"),
                "hot" if people["unassigned"] else "good",
            )
        )
    return strip


@dataclass(frozen=True)
class Result:
    """What came of it, and the rows that say so."""

    label: str
    number: str
    url: str


# What the scheme reports of itself, and the kinds of line that each counts.
RESULTS: tuple[tuple[Promise, tuple[str, ...]], ...] = (
    (gettext_lazy("Case leads closed"), ("case_lead",)),
    (gettext_lazy("Hazards struck off"), ("hazard",)),
    (gettext_lazy("Disputes settled"), ("dispute",)),
    (gettext_lazy("Requests answered"), ("service", "approval", "patrol_request", "other")),
)


def results_this_year(user: User, now: datetime) -> list[Result]:
    """Since 1 January: lines closed out by kind, loss recovered, visits and calls."""
    first = timezone.localdate(now).replace(month=1, day=1)
    begin = start_of(first)
    closed = Issue.objects.visible_to(user).filter(stage="closed", closed_at__gte=begin)
    sums = closed.aggregate(
        loss=Sum("loss_recovered"),
        **{"_".join(kinds): Count("pk", Q(kind__code__in=kinds)) for _label, kinds in RESULTS},
    )
    visits = Visit.objects.visible_to(user).since(begin).count()
    ledger = f"{reverse('issue_list')}?closed_since={first}"
    results = [
        Result(
            str(label),
            str(sums["_".join(kinds)]),
            ledger + "".join(f"&kind={kind}" for kind in kinds),
        )
        for label, kinds in RESULTS
    ]
    results.append(
        Result(_("Loss recovered (yuan)"), f"{sums['loss'] or 0:,.0f}", f"{ledger}&loss=1")
    )
    results.append(
        Result(_("Visits and calls"), str(visits), f"{reverse('visit_list')}?since={first}")
    )
    return results
