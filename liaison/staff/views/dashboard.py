"""值班台: what must be done today, first."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import CharField, Count, Max, Min, QuerySet, Value
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from documents.models import Order
from enterprises.models import Enterprise
from enterprises.querysets import answered_at
from enterprises.summary import needs
from issues.models import HeldRequest, Issue
from issues.summary import closed_this_year
from liaison.accounts.access import SIGNED_IN, SYSTEM_ADMINISTRATORS, open_to
from liaison.accounts.models import OFFICERS, OVERSEERS, Kind, User
from liaison.core.due import start_of
from liaison.staff import duties
from liaison.staff.navigation import entries
from liaison.staff.silence import silent_since
from liaison.staff.views.units import unit_desk
from patrols.at_a_glance import tonight_of, tonight_rows
from visits.models import Visit, VisitWord

TIGHTEST = 8


@open_to(SIGNED_IN)
def dashboard(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    if user.is_contact:
        return redirect("portal_home")
    if user.kind == Kind.BUREAU and user.unit is not None:
        return unit_desk(request, user, user.unit)
    return station_desk(request, user)


def station_desk(request: HttpRequest, user: User) -> HttpResponse:
    now = timezone.now()
    today = timezone.localdate(now)
    enterprises = Enterprise.objects.visible_to(user)
    lines = issues = Issue.objects.visible_to(user)
    own = user.kind in OFFICERS
    if own:
        # An officer's desk is about what the officer answers for; the ledgers show the rest.
        enterprises, issues = enterprises.mine(user, today), Issue.objects.all().own_of(user)
    people = enterprises.live().aggregate(
        **needs(today, answered_at(user.unit) if user.unit else None),
        unrung=Min("cadence__next_reminder_at"),
    )
    bill = lines.duty_counts(user, now, own=own, unrung=Min("next_escalation_at"))
    unrung = min(filter(None, (people["unrung"], bill["unrung"])), default=None)
    counts = counted_at_once(user, now, own=own)
    context = {
        # In place of the frame's own, which would count the late lines once more.
        "nav": entries(user, request.path, late=bill["late"]),
        "duties": strip(user, people, bill, counts),
        "own": own,
        "open_lines": bill["open"],
        "tightest": issues.open().for_rows().order_by("next_due_at", "pk")[:TIGHTEST],
        "coldest": enterprises.contact_due(today)
        .for_rows()
        .order_by("cadence__next_contact_due_on", "pk")[:TIGHTEST],
        "counts": {**people, "assigned": people["live"] - people["unassigned"]},
        "grades": duties.grades(people, "&mine=1" if own else ""),
        "unpublished": unpublished_year(user, bill),
        "uncertain": bill["due_uncertain"],
        "silent_since": silent_since(unrung, now),
        "keeps_calendar": SYSTEM_ADMINISTRATORS.admits(user),
        "may_import": user.kind in OVERSEERS,
        "patrols": tonight_of(counts),
        "results": results_this_year(user, now, counts["visits"]),
    }
    return render(request, "staff/dashboard.html", context)


def strip(
    user: User, people: Mapping[str, int], bill: Mapping[str, int], counts: Mapping[str, int]
) -> list[duties.Duty]:
    """Hottest first. Each number equals the rows its link shows."""
    own = user.kind in OFFICERS
    also = "&mine=1" if own else ""
    found = [
        *duties.of_the_bill(bill, also),
        duties.awaiting_approval(bill),
        duties.overdue_for_contact(people, also),
    ]
    if not own:
        found.append(duties.without_an_officer(people, also))
        if counts["held"]:
            # Seldom any: then it is the first to be looked at.
            found.insert(0, duties.held_requests(counts["held"], counts["held_late"]))
    return [*found, *heard(user, counts), *duties.late_orders(counts["orders_late"], also)]


def heard(user: User, counts: Mapping[str, int]) -> list[duties.Duty]:
    """For desk and chiefs, who hear the enterprises: callbacks, and visits that were disputed
    while there are any."""
    if user.kind not in OVERSEERS:
        return []
    found = [duties.callbacks(counts["unheard"], counts["callback_late"])]
    if counts["disputed"]:
        found.append(duties.disputed_visits(counts["disputed"]))
    return found


def counted_at_once(user: User, now: datetime, *, own: bool) -> Counter[str]:
    """What a desk shows besides open lines and enterprises, in one query: a row for each number."""
    today = timezone.localdate(now)
    lines, words = Issue.objects.visible_to(user), VisitWord.objects.visible_to(user)
    held = HeldRequest.objects.visible_to(user).pending()
    orders = Order.objects.all().own_of(user) if own else Order.objects.visible_to(user)
    asked: dict[str, QuerySet[Any]] = {
        "unheard": lines.unheard(),
        "callback_late": lines.callback_late(today),
        "disputed": words.unanswered(),
        "held": held,
        "held_late": held.filter(due_at__lt=now),
        "orders_late": orders.late(today),
        **tonight_rows(user, now),
        "visits": Visit.objects.visible_to(user).since(start_of(today.replace(month=1, day=1))),
    }
    one, *others = (
        rows.order_by()
        .annotate(topic=Value(topic, CharField()))
        .values("topic")
        .annotate(n=Count("pk"))
        .values_list("topic", "n")
        for topic, rows in asked.items()
    )
    return Counter(dict(one.union(*others, all=True)))


def unpublished_year(user: User, bill: Mapping[str, int]) -> int | None:
    """The year that deadlines reach into without its holidays being known; asked of the rows only
    where there are any."""
    if not bill["due_uncertain"] or user.kind not in OVERSEERS:
        return None
    lines = Issue.objects.visible_to(user).uncertain()
    last: datetime | None = lines.aggregate(last=Max("resolve_due_at"))["last"]
    return timezone.localtime(last).year if last else None


def results_this_year(user: User, now: datetime, visits: int) -> list[duties.Result]:
    """Since 1 January: lines closed out by kind, loss recovered, visits and calls."""
    first = timezone.localdate(now).replace(month=1, day=1)
    bill: Counter[str] = Counter()
    for numbers in closed_this_year(Issue.objects.visible_to(user), now).values():
        bill.update(numbers)
    return duties.results(bill, visits, first, "")
