"""移交单: the sheet two officers sign when everything goes from one to the other."""

from datetime import timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from enterprises.models import Assignment
from issues.models import Issue
from liaison.accounts.access import open_to
from liaison.accounts.models import OVERSEERS, User

# A sheet is printed soon after; older hand-overs are in each enterprise's history.
SHOWS = timedelta(days=30)


@open_to(*OVERSEERS)
def sheet(request: HttpRequest, outgoing: int, incoming: int) -> HttpResponse:
    """What went from one officer to the other lately: enterprises, open lines, due visits."""
    user: User = request.user  # type: ignore[assignment]
    people = User.objects.visible_to(user)
    officers = [get_object_or_404(people, pk=pk) for pk in (outgoing, incoming)]
    ended = Assignment.objects.filter(
        officer=outgoing, role=Assignment.Role.RESPONSIBLE, ended_at__gte=timezone.now() - SHOWS
    )
    places = list(
        Assignment.objects.visible_to(user)
        .open()
        .responsible()
        .filter(officer=incoming, enterprise__in=ended.values("enterprise"))
        .select_related("enterprise__cadence", "by")
        .order_by("enterprise__name", "pk")
    )
    if not places:
        raise Http404
    lines = (
        Issue.objects.visible_to(user)
        .open()
        .filter(handler=incoming, enterprise__in=[place.enterprise_id for place in places])
        .for_ledger()
        .order_by("next_due_at", "pk")
    )
    return render(
        request,
        "staff/hand_over_sheet.html",
        {
            "outgoing": officers[0],
            "incoming": officers[1],
            "places": places,
            "lines": lines,
            "reason": places[0].reason,
            "by": places[0].by,
            "on": places[0].started_at,
        },
    )
