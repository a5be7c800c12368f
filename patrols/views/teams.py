"""Teams as they are: who belongs together, who leads, who is uncovered, what was before."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from enterprises.models import Enterprise
from liaison.accounts.access import open_to
from liaison.accounts.models import OVERSEERS, STAFF, Kind, User
from liaison.core.forms import refuse
from liaison.core.ledgers import LedgerFilter, cut_page, export
from liaison.core.refused import Refused
from liaison.core.sheets import CellValue, Column
from patrols.actions.publishing_teams import name_team
from patrols.models import Draft, Membership, PatrolTeam
from patrols.rights import divides
from patrols.team_forms import TeamForm
from patrols.team_map import teams_of

COLUMNS = (
    Column("team", gettext_lazy("Patrol team"), 14),
    Column("enterprise", gettext_lazy("Enterprise"), 34),
    Column("address", gettext_lazy("Address"), 34),
    Column("leads", gettext_lazy("Team leader"), 16),
    Column("began_on", pgettext_lazy("team", "Joined"), 12),
)


class TeamFilter(LedgerFilter):
    """Teams have an order and nothing to filter by."""

    orders = {"number": ("unit", "number", "id")}
    default_order = "number"


class NameFilter(LedgerFilter):
    orders = {"name": ("name", "id")}
    default_order = "name"


@open_to(*STAFF)
def team_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    today = timezone.localdate()
    asked = TeamFilter(request.GET)
    seen = PatrolTeam.objects.visible_to(user).on(today).select_related("unit", "leader")
    page = cut_page(request, seen, asked.columns)
    members = _members([team.pk for team in page.items], today)
    for team in page.items:
        team.members = members.get(team.pk, [])
        drawn = teams_of({one.enterprise: 1 for one in team.members})
        team.way = drawn[0].way if drawn else ""
        team.since = min((one.began_on for one in team.members), default=None)
    drafts = Draft.objects.visible_to(user)
    published = drafts.filter(state=Draft.State.PUBLISHED).select_related("published_by", "unit")
    context = {
        "page": page,
        "uncovered": _uncovered(user, today).count(),
        "covered": Membership.objects.visible_to(user).on(today).count(),
        "history": published.order_by("-begins_on", "-published_at")[:10],
        "to_come": published.filter(begins_on__gt=today).order_by("begins_on").first(),
        "divides": user.kind in OVERSEERS and user.unit_id is not None,
        "drafted": user.kind != Kind.BUREAU and drafts.open().exists(),
    }
    return render(request, "patrols/teams.html", context)


@open_to(*STAFF)
def team_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _detail(request, _find(request, pk))


def _detail(
    request: HttpRequest, team: PatrolTeam, form: TeamForm | None = None, status: int = 200
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    today = timezone.localdate()
    rows = team.memberships.select_related("enterprise", "by")
    context = {
        "team": team,
        "members": rows.on(today).order_by("enterprise__name"),
        "coming": rows.filter(began_on__gt=today, ended_on__isnull=True),
        "former": rows.filter(ended_on__lte=today).order_by("-ended_on", "-pk")[:50],
        "form": form,
        "divides": divides(user, team.unit_id) and team.ended_on is None,
    }
    return render(request, "patrols/team.html", context, status=status)


@open_to(*OVERSEERS)
def team_edit(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    team = _find(request, pk)
    initial = {"name": team.name, "leader": team.leader_id}
    form = TeamForm(request.POST or None, team=team, initial=initial)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        given = form.cleaned_data
        try:
            name_team(team, by=user, name=given["name"], leader=given["leader"])
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("team_detail", pk)
    return _detail(request, team, form, status)


@open_to(*STAFF)
def uncovered_list(request: HttpRequest) -> HttpResponse:
    """Enterprises in no team tonight."""
    user: User = request.user  # type: ignore[assignment]
    asked = NameFilter(request.GET)
    rows = _uncovered(user, timezone.localdate()).select_related("unit")
    page = cut_page(request, rows, asked.columns)
    return render(request, "patrols/uncovered.html", {"page": page})


@open_to(*STAFF)
def team_sheet(request: HttpRequest) -> HttpResponse:
    """The station's teams on paper, A4."""
    user: User = request.user  # type: ignore[assignment]
    today = timezone.localdate()
    teams: list[Any] = list(
        PatrolTeam.objects.visible_to(user)
        .filter(unit=user.unit)
        .on(today)
        .select_related("leader__enterprise")
    )
    members = _members([team.pk for team in teams], today)
    for team in teams:
        team.members = members.get(team.pk, [])
    context = {"teams": teams, "today": today, "uncovered": _uncovered(user, today).count()}
    return render(request, "patrols/teams_sheet.html", context)


@open_to(*STAFF)
def team_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    user: User = request.user  # type: ignore[assignment]
    rows = (
        Membership.objects.visible_to(user)
        .on(timezone.localdate())
        .select_related("team__leader", "enterprise")
        .order_by("team__unit", "team__number", "enterprise__name")
    )
    lines: Iterator[dict[str, CellValue]] = (
        {
            "team": str(one.team),
            "enterprise": one.enterprise.name,
            "address": one.enterprise.address,
            "leads": one.team.leader.name
            if one.team.leader and one.team.leader.enterprise_id == one.enterprise_id
            else "",
            "began_on": one.began_on,
        }
        for one in rows
    )
    return export(COLUMNS, lines, name="patrol-teams", title=_("Patrol teams"), kind=kind)


def _members(teams: list[int], evening: date) -> dict[int, list[Membership]]:
    found: dict[int, list[Membership]] = {}
    rows = Membership.objects.filter(team__in=teams).on(evening).select_related("enterprise")
    for one in rows.order_by("enterprise__name"):
        found.setdefault(one.team_id, []).append(one)
    return found


def _uncovered(user: User, evening: date) -> QuerySet[Enterprise]:
    inside = Membership.objects.filter(
        Q(ended_on__isnull=True) | Q(ended_on__gt=evening), began_on__lte=evening
    )
    return Enterprise.objects.visible_to(user).live().exclude(pk__in=inside.values("enterprise"))


def _find(request: HttpRequest, pk: int) -> PatrolTeam:
    user: User = request.user  # type: ignore[assignment]
    seen = PatrolTeam.objects.visible_to(user).select_related("unit", "leader__enterprise")
    return get_object_or_404(seen, pk=pk)
