"""A bureau's desk, and the page of every unit below it: answered from what was counted ahead, so
that it costs the same however many stations there are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from issues.models import Issue
from liaison.accounts.access import SYSTEM_ADMINISTRATORS, open_to
from liaison.accounts.models import Kind, Unit, User
from liaison.staff import duties
from liaison.staff.navigation import entries
from liaison.staff.silence import silent_since
from liaison.summaries.reading import Counted, counted_at, counted_of

# A tree has some twenty units below one; more are a click away.
ROWS = 50


@dataclass(frozen=True)
class Figure:
    """A number of the table, and the rows behind it."""

    label: str
    number: int
    url: str
    css: str = ""


@dataclass(frozen=True)
class Row:
    """One unit as the one above it sees it; without figures while nobody has counted it."""

    name: str
    url: str
    figures: Sequence[Figure] = ()


@open_to(Kind.BUREAU)
def unit_page(request: HttpRequest, unit: str) -> HttpResponse:
    """The desk of a unit below one's own; another is not there."""
    user: User = request.user  # type: ignore[assignment]
    seen = Unit.objects.visible_to(user).counted()
    return unit_desk(request, user, get_object_or_404(seen, code=unit))


def unit_desk(request: HttpRequest, user: User, unit: Unit) -> HttpResponse:
    now = timezone.now()
    below = list(unit.children.counted())
    found = counted_of([unit.pk, user.unit_id or 0, *(one.pk for one in below)])
    whole, own = found.get(unit.pk), found.get(user.unit_id or 0)
    context: dict[str, Any] = {
        "unit": unit,
        "above": unit.above().visible_to(user),
        # In place of the frame's own, which would ask for it once more.
        "nav": entries(user, request.path, late=own["issues"]["late"] if own else 0),
        "silent_since": silent_since(unrung(user, unit), now),
        "keeps_calendar": SYSTEM_ADMINISTRATORS.admits(user),
        "below": len(below),
        **table(below, found, whole="all" in request.GET),
    }
    if whole is not None:
        context |= numbers_of(whole, "" if unit.pk == user.unit_id else f"&unit={unit.code}")
        context["counted_at"] = counted_at(whole.true_at, now)
        context["stale"] = whole.is_stale(now)
    return render(request, "staff/unit.html", context)


def unrung(user: User, unit: Unit) -> datetime | None:
    """When the oldest step of the lines below fell due that nobody has taken."""
    lines = Issue.objects.visible_to(user).below(unit).to_escalate(timezone.now())
    due = lines.order_by("next_escalation_at").values_list("next_escalation_at", flat=True)
    return due.first()


def numbers_of(whole: Counted, also: str) -> dict[str, Any]:
    """Strip, results and shares of the unit, as of the moment they were counted for."""
    people, bill = whole["enterprises"], whole["issues"]
    first = timezone.localdate(whole.true_at).replace(month=1, day=1)
    return {
        "duties": [
            *duties.of_the_bill(bill, also),
            duties.overdue_for_contact(people, also),
            duties.without_an_officer(people, also),
        ],
        "results": duties.results(bill, whole["visits"]["this_year"], first, also),
        "counts": {**people, "assigned": people["live"] - people["unassigned"]},
        "grades": duties.grades(people, also),
        "uncertain": bill["due_uncertain"],
        "uncertain_url": f"{reverse('issue_list')}?state=due_uncertain{also}",
        "unpublished": unpublished_year(bill),
    }


def unpublished_year(bill: Counter[str]) -> int | None:
    """The last year that deadlines reach into without its holidays being known."""
    years = [int(name[-4:]) for name, n in bill.items() if n and name.startswith("uncertain_")]
    return max(years, default=None)


def table(below: Sequence[Unit], found: dict[int, Counted], *, whole: bool) -> dict[str, Any]:
    """The units directly below, the worst first and one that nobody has counted last; cut unless
    the ``whole`` is asked for."""
    units = sorted(below, key=lambda unit: badness(unit, found.get(unit.pk)))
    shown = units if whole else units[:ROWS]
    return {
        "rows": [row(unit, found.get(unit.pk)) for unit in shown],
        "hidden": len(units) - len(shown),
    }


def badness(unit: Unit, numbers: Counted | None) -> tuple[Any, ...]:
    if numbers is None:
        return (1, unit.name)
    people = numbers["enterprises"]
    late = numbers["issues"]["late"]
    return (0, -late, -people["unassigned"], -people["overdue"], unit.name)


def row(unit: Unit, numbers: Counted | None) -> Row:
    url = reverse("unit_page", args=(unit.code,))
    if numbers is None:
        return Row(unit.name, url)
    people, bill = numbers["enterprises"], numbers["issues"]
    free = people["unassigned"]
    listed = f"{reverse('enterprise_list')}?unit={unit.code}"
    lines = f"{reverse('issue_list')}?unit={unit.code}"
    return Row(
        unit.name,
        url,
        [
            Figure(label, number, url, "hot-text" if number and must_be_none else "")
            for label, number, url, must_be_none in (
                (_("Enterprises"), people["live"], f"{listed}&live=1", False),
                (_("Without an officer"), free, f"{listed}&officer=unassigned", True),
                (_("Overdue for contact"), people["overdue"], f"{listed}&overdue=1", False),
                (_("Open lines"), bill["open"], f"{lines}&state=open", False),
                (_("Overdue lines"), bill["late"], f"{lines}&state=late", True),
            )
        ],
    )
