"""值班台: what must be done today, first."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enterprises.models import Enterprise
from enterprises.querysets import EnterpriseQuerySet
from issues.models import Issue
from liaison.accounts.access import SIGNED_IN, open_to
from liaison.accounts.models import OFFICERS, OVERSEERS, User
from visits.models import Visit

TIGHTEST = 8


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
    if user.kind in OFFICERS:
        # An officer's desk is about what the officer answers for; the ledgers show the rest.
        enterprises, issues = enterprises.mine(user, today), issues.handled_by(user)
    people = enterprise_counts(enterprises, today)
    bill = issues.duty_counts(user, now)
    context = {
        "duties": duties(user, people, bill),
        "open_lines": bill["open"],
        "tightest": issues.open().for_ledger().order_by("next_due_at", "pk")[:TIGHTEST],
        "coldest": enterprises.contact_due(today)
        .for_ledger()
        .order_by("cadence__next_contact_due_on", "pk")[:TIGHTEST],
        "grades": grades(people),
        "counts": people,
        "results": results_this_year(user, now),
    }
    return render(request, "staff/dashboard.html", context)


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


def enterprise_counts(enterprises: EnterpriseQuerySet, today: date) -> dict[str, int]:
    """Live enterprises by what they need, in one query."""
    free = Q(pk__in=Enterprise.objects.all().unassigned().values("pk"))
    contact_over = Q(cadence__next_contact_due_on__lt=today)
    visit_over = Q(cadence__next_visit_due_on__lt=today)
    contact_today = Q(cadence__next_contact_due_on=today)
    visit_today = Q(cadence__next_visit_due_on=today)
    over = contact_over | visit_over
    counts: dict[str, int] = enterprises.live().aggregate(
        all=Count("pk"),
        unassigned=Count("pk", free),
        overdue=Count("pk", over),
        due_today=Count("pk", (contact_today | visit_today) & ~over),
        red=Count("pk", Q(grade="red")),
        yellow=Count("pk", Q(grade="yellow")),
        green=Count("pk", Q(grade="green")),
    )
    return counts


def duties(user: User, people: dict[str, int], bill: dict[str, int]) -> list[Duty]:
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
            _("close-out proposed"),
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
    if user.kind in OVERSEERS:
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


def grades(people: dict[str, int]) -> list[dict[str, object]]:
    """The three colours as lengths on a bar 100 wide."""
    total = max(people["all"], 1)
    start, bars = 0.0, []
    for grade, css in (("red", "r"), ("yellow", "y"), ("green", "g")):
        width = 100 * people[grade] / total
        bars.append({"css": css, "x": round(start, 2), "width": round(width, 2)})
        start += width
    return bars


def results_this_year(user: User, now: datetime) -> dict[str, int]:
    """What came of it since 1 January: lines closed out by kind, and visits."""
    begin = timezone.localtime(now).replace(
        month=1, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    closed = Issue.objects.visible_to(user).aggregate(
        **{
            code: Count("pk", Q(kind__code=code, stage="closed", closed_at__gte=begin))
            for code in ("case_lead", "hazard", "dispute", "service")
        }
    )
    return {**closed, "visits": Visit.objects.visible_to(user).since(begin).count()}
