"""移交单: the sheet two officers sign when everything goes from one to the other."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from enterprises.models import Assignment
from issues.models import Event, Issue
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
    since = timezone.now() - SHOWS
    ended = Assignment.objects.filter(
        officer=outgoing, role=Assignment.Role.RESPONSIBLE, ended_at__gte=since
    )
    places = list(
        Assignment.objects.visible_to(user)
        .open()
        .responsible()
        .filter(officer=incoming, enterprise__in=ended.values("enterprise"))
        .select_related("enterprise__cadence", "by")
        .order_by("enterprise__name", "pk")
    )
    # Lines go along also where another officer answers for the enterprise.
    went = Event.objects.filter(
        issue=OuterRef("pk"),
        move="transfer",
        at__gte=since,
        values__before_id=outgoing,
        values__handler_id=incoming,
    )
    followed = Issue.objects.all().open().filter(Exists(went), unit=user.unit, handler=incoming)
    lines = list(
        followed.filter(pk__in=Issue.objects.visible_to(user).values("pk"))
        .for_ledger()
        .order_by("next_due_at", "pk")
    )
    if not places and not lines:
        raise Http404
    told = places[0] if places else None
    return render(
        request,
        "staff/hand_over_sheet.html",
        {
            "outgoing": officers[0],
            "incoming": officers[1],
            "places": places,
            "lines": lines,
            "hidden": followed.count() - len(lines),
            "reason": told.reason if told else "",
            "by": told.by if told else None,
            "on": told.started_at if told else None,
        },
    )
