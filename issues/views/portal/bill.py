"""The enterprise's bill, as its contacts read it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext_lazy

from issues.models import HeldRequest, Issue
from issues.querysets import IssueQuerySet
from liaison.accounts.access import open_to
from liaison.accounts.models import Kind, User
from liaison.core.ledgers import cut_page

STATES = {
    "open": pgettext_lazy("bill of the enterprise", "Open"),
    "ended": pgettext_lazy("bill of the enterprise", "Ended"),
    "all": pgettext_lazy("bill of the enterprise", "All"),
}
# Requests with the desk stand above the lines; there are never many.
HELD_SHOWN = 20


@open_to(Kind.CONTACT)
def bill(request: HttpRequest) -> HttpResponse:
    """What is open by its deadline, what has ended with the last first."""
    user: User = request.user  # type: ignore[assignment]
    state = request.GET.get("state", "open")
    state = state if state in STATES else "open"
    held = HeldRequest.objects.visible_to(user).for_rows()
    if state == "open":
        held = held.pending().order_by("due_at", "pk")
    else:
        held = held.filter(outcome=HeldRequest.Outcome.REJECTED).order_by("-asked_at", "-pk")
    lines, columns = _of(Issue.objects.visible_to(user), state)
    context = {
        "several": user.contact_for.filter(left_on__isnull=True).count() > 1,
        "page": cut_page(request, lines.for_rows(), columns),
        "state": state,
        "tabs_of_bill": [
            {"code": code, "label": label, "current": code == state}
            for code, label in STATES.items()
        ],
        "held": list(held[:HELD_SHOWN]),
    }
    return render(request, "issues/portal/bill.html", context)


def _of(lines: IssueQuerySet, state: str) -> tuple[IssueQuerySet, tuple[str, ...]]:
    match state:
        case "open":
            return lines.open(), ("next_due_at", "id")
        case "ended":
            return lines.filter(next_due_at__isnull=True), ("-closed_at", "-id")
    return lines, ("-raised_at", "-id")
