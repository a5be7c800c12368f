"""Routes in the browser: their checkpoints, order, gaps and plates."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, User
from liaison.core.forms import refuse
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused
from patrols.actions.routes import (
    add_checkpoint,
    make_route,
    order_route,
    remove_checkpoint,
    shift_checkpoint,
    stop_route,
)
from patrols.coverage import Covered, coverage_of
from patrols.models import Checkpoint, Guard, Route
from patrols.nights import evening_of
from patrols.rights import keeps
from patrols.route_forms import CheckpointForm, RouteForm, ShiftForm, VersionForm
from patrols.route_map import drawn
from patrols.routing.ordering import arrivals, length, ordered
from patrols.routing.times import bounds


@dataclass(frozen=True)
class Row:
    """A checkpoint in the list. ``focus`` is the button that was pressed last, so that it may be
    pressed again."""

    number: int
    of: Covered
    focus: str


@open_to(*STAFF)
@require_safe
def route_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    rows = (
        Route.objects.visible_to(user)
        .active()
        .select_related("team__unit")
        .annotate(there=Count("checkpoints", Q(checkpoints__removed_at__isnull=True)))
    )
    page = cut_page(request, rows, ("team__number", "name", "pk"))
    return render(request, "patrols/routes.html", {"page": page})


@open_to(*STATION_STAFF)
def route_new(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    form = RouteForm(request.POST or None, user=user)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        given = form.cleaned_data
        try:
            route = make_route(given["team"], by=user, name=given["name"], rounds=given["rounds"])
        except Refused as refused:
            status = refuse(form, refused)
        else:
            return redirect("patrol_route", route.pk)
    context = {"form": form, "title": _("New route"), "back": reverse("patrol_route_list")}
    return render(request, "patrols/night_form.html", context, status=status)


@open_to(*STAFF)
def route_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The way on a map, the checkpoints in their order beside the shortest one, when rounds may
    begin, what nobody covers tonight, and a form for one more checkpoint."""
    user: User = request.user  # type: ignore[assignment]
    route = find_route(user, pk)
    may = keeps(user, route.team.unit_id) and route.active
    form = CheckpointForm(request.POST or None, initial={"version": route.version})
    status = 422 if form.is_bound else 200
    if request.method == "POST" and not may:
        raise Http404
    if form.is_valid():
        given = form.cleaned_data
        try:
            add_checkpoint(
                route,
                by=user,
                name=given["name"],
                point=given["point"],
                outside=given["outside"],
                version=given["version"],
            )
        except Refused as refused:
            status = refuse(form, refused)
        else:
            return redirect("patrol_route", pk)
    context = {
        "route": route,
        "may": may,
        "form": form,
        "version": VersionForm(initial={"version": route.version}),
        **_walk(request, route),
        "unanswered": _unanswered(user, route),
    }
    return render(request, "patrols/route.html", context, status=status)


@open_to(*STATION_STAFF)
@require_POST
def route_order(request: HttpRequest, pk: int) -> HttpResponse:
    """A short round, beginning where the route begins."""
    return _change(request, pk, order_route, _("The checkpoints are in a short order now."))


@open_to(*STATION_STAFF)
@require_POST
def route_stop(request: HttpRequest, pk: int) -> HttpResponse:
    return _change(request, pk, stop_route, _("The route is not walked any more."))


@open_to(*STATION_STAFF)
@require_POST
def checkpoint_shift(request: HttpRequest, pk: int) -> HttpResponse:
    """One place up or down; the page then waits at the same button."""
    user: User = request.user  # type: ignore[assignment]
    checkpoint = find_checkpoint(user, pk)
    form, way = ShiftForm(request.POST), ""
    if form.is_valid():
        given = form.cleaned_data
        try:
            shift_checkpoint(checkpoint, by=user, version=given["version"], later=given["later"])
        except Refused as refused:
            messages.error(request, str(refused.message))
        else:
            way = f"?moved={pk}{'-later' if given['later'] else '-earlier'}"
    return redirect(reverse("patrol_route", args=[checkpoint.route_id]) + way)


@open_to(*STATION_STAFF)
@require_POST
def checkpoint_remove(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    checkpoint = find_checkpoint(user, pk)
    form = VersionForm(request.POST)
    if form.is_valid():
        try:
            remove_checkpoint(checkpoint, by=user, version=form.cleaned_data["version"])
        except Refused as refused:
            messages.error(request, str(refused.message))
    return redirect("patrol_route", checkpoint.route_id)


def _change(request: HttpRequest, pk: int, verb: Any, said: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    route = find_route(user, pk)
    form = VersionForm(request.POST)
    if form.is_valid():
        try:
            verb(route, by=user, version=form.cleaned_data["version"])
        except Refused as refused:
            messages.error(request, str(refused.message))
        else:
            messages.success(request, said)
    return redirect("patrol_route", pk)


def _walk(request: HttpRequest, route: Route) -> dict[str, Any]:
    """What the page shows of the way and of the night."""
    there = list(route.checkpoints.there())
    evening = evening_of(timezone.now())
    covered = coverage_of(route.team.unit_id, there, evening)
    found: dict[str, Any] = {"there": there, "evening": evening, "covered": covered}
    if not there:
        return found
    points = [one.point for one in there]
    order = ordered(points)
    moved = request.GET.get("moved", "")
    metres, shortest = length(points), length([points[k] for k in order])
    return found | {
        "rows": [
            Row(n, one, _focus(moved, one.checkpoint, n, len(there)))
            for n, one in enumerate(covered.rows, 1)
        ],
        "metres": metres,
        "shortest": shortest,
        "order": [k + 1 for k in order] if shortest < metres else [],
        "map": drawn(covered),
        "begins": bounds(
            evening,
            route.rounds,
            first=settings.PATROL_FIRST,
            last=settings.PATROL_LAST,
            lasts=timedelta(seconds=arrivals(points)[-1]),
        ),
    }


def _focus(moved: str, one: Checkpoint, number: int, of: int) -> str:
    """At either end the button that still does something."""
    if moved == f"{one.pk}-later":
        return "later" if number < of else "earlier"
    if moved == f"{one.pk}-earlier":
        return "earlier" if number > 1 else "later"
    return ""


def _unanswered(user: User, route: Route) -> int:
    """Guards of the team whom their enterprises recruited for themselves and for whom no officer
    has answered, where the route leads outside the premises (Art. 15)."""
    if not route.active or not route.checkpoints.there().filter(outside=True).exists():
        return 0
    today = timezone.localdate()
    members = route.team.memberships.on(today).values("enterprise")
    guards = Guard.objects.visible_to(user).here(today).unanswered()
    return guards.filter(enterprise__in=members).count()


def find_route(user: User, pk: int) -> Route:
    return get_object_or_404(Route.objects.visible_to(user).select_related("team__unit"), pk=pk)


def find_checkpoint(user: User, pk: int) -> Checkpoint:
    rows = Checkpoint.objects.visible_to(user).filter(removed_at__isnull=True)
    return get_object_or_404(rows.select_related("route__team__unit"), pk=pk)
