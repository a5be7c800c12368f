"""The months of the teams: made, looked at, published, taken along as files."""

import tempfile
from collections.abc import Sequence
from datetime import date
from typing import Any, cast

from django.contrib import messages
from django.db.models import Count, Min
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, User
from liaison.core.ledgers import XLSX, cut_page
from liaison.core.refused import Refused
from liaison.core.sheets import write_csv, write_xlsx
from patrols.actions.rostering import make_roster, make_rosters, publish_roster
from patrols.at_a_glance import with_guards
from patrols.models import Duty, DutyNight, Membership, PatrolTeam, Roster
from patrols.nights import evening_of
from patrols.rights import divides, keeps
from patrols.roster_dates import last_of, month_of, nights_of, read_month
from patrols.roster_files import calendar_of, columns_of, rows_of, totals_of
from patrols.roster_grid import Grid, around
from patrols.roster_month import Month, rules
from patrols.roster_words import conflict_words, needed_words, relax_words


def version_in(request: HttpRequest) -> int:
    """The version that the form was shown with; none that there is when it was tampered with."""
    text = request.POST.get("version", "")
    return int(text) if text.isdecimal() and len(text) < 10 else 0


@open_to(*STAFF)
def roster_list(request: HttpRequest) -> HttpResponse:
    """Every team's month: whether it is there, published, whole."""
    user: User = request.user  # type: ignore[assignment]
    evening = evening_of(timezone.now())
    month = read_month(request.GET.get("month", "")) or month_of(evening)
    teams = PatrolTeam.objects.visible_to(user).on(month).select_related("unit")
    page = cut_page(request, teams, ("unit__name", "number", "pk"), size=50)
    rosters = {
        one.team_id: one
        for one in Roster.objects.visible_to(user).filter(team__in=page.items, month=month)
    }
    covered = _covered([one.pk for one in rosters.values()])
    begun = dict(_begun([one.pk for one in page.items]))
    for team in page.items:
        team.roster = rosters.get(team.pk)
        # As the month itself counts them: divided off or ended in mid-month it owes no more.
        first = max(month, begun.get(team.pk, month))
        team.owed = sum(first <= night < (team.ended_on or date.max) for night in nights_of(month))
        team.covered = covered.get(team.roster.pk, 0) if team.roster else 0
        team.uncovered = team.owed - team.covered
    before, after = around(month)
    context = {
        "page": page,
        "month": month,
        "before": before,
        "after": after,
        "may_make": user.is_station_staff
        and last_of(month) >= evening
        and any(one.roster is None or one.roster.state == "draft" for one in page.items),
        "may_publish": user.unit is not None and divides(user, user.unit),
        "drafts": [one for one in rosters.values() if one.state == Roster.State.DRAFT],
    }
    return render(request, "patrols/rosters.html", context)


def _begun(teams: Sequence[int]) -> Any:
    """Since which night there is anybody in each team."""
    rows = Membership.objects.filter(team__in=teams).order_by().values("team")
    return rows.annotate(begun=Min("began_on")).values_list("team", "begun")


def _covered(rosters: Sequence[int]) -> dict[int, int]:
    """How many nights of each have enterprises and people enough."""
    now = rules()
    nights = (
        DutyNight.objects.filter(roster__in=rosters)
        .annotate(
            enterprises=Count("duties", distinct=True),
            people=Count("duties__guards", distinct=True),
        )
        .filter(enterprises__gte=now.fewest, people__gte=now.people)
        .order_by()
        .values_list("roster", flat=True)
    )
    found: dict[int, int] = {}
    for pk in nights:
        found[pk] = found.get(pk, 0) + 1
    return found


@open_to(*STATION_STAFF)
@require_POST
def roster_make(request: HttpRequest) -> HttpResponse:
    """For all teams of the station that have no published roster of the month, or for one."""
    user: User = request.user  # type: ignore[assignment]
    month = read_month(request.POST.get("month", ""))
    if month is None:
        messages.warning(request, _("Say which month."))
        return redirect("roster_list")
    teams = PatrolTeam.objects.visible_to(user).on(month).select_related("unit")
    held = Roster.objects.filter(month=month, state=Roster.State.PUBLISHED)
    wanted = list(teams.exclude(pk__in=held.values("team")).filter(memberships__isnull=False))
    wanted = list({team.pk: team for team in wanted}.values())
    try:
        made = make_rosters(wanted, month, by=user)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        _say_made(request, made)
    return _to_month(month)


def _say_made(request: HttpRequest, made: Sequence[Roster | Refused]) -> None:
    if not made:
        messages.warning(request, _("Nothing to make: every roster is published."))
        return
    whole = sum(isinstance(one, Roster) and not one.conflicts for one in made)
    if whole:
        said = ngettext("%(n)d roster made.", "%(n)d rosters made.", whole)
        messages.success(request, said % {"n": whole})
    if any(isinstance(one, Roster) and one.conflicts for one in made):
        messages.warning(request, _("Some teams have no possible roster: theirs says why."))
    for one in made:
        if isinstance(one, Refused):
            messages.warning(request, str(one.message))


@open_to(*STATION_STAFF)
@require_POST
def roster_publish_all(request: HttpRequest) -> HttpResponse:
    """Each draft of the month by itself: one that cannot be published holds no other up."""
    user: User = request.user  # type: ignore[assignment]
    month = read_month(request.POST.get("month", ""))
    if month is None:
        messages.warning(request, _("Say which month."))
        return redirect("roster_list")
    drafts = Roster.objects.visible_to(user).filter(month=month, state=Roster.State.DRAFT)
    done = 0
    for roster in drafts.select_related("team__unit"):
        try:
            publish_roster(roster, by=user, version=roster.version)
        except Refused as refused:
            messages.warning(request, f"{roster.team}: {refused.message}")
        else:
            done += 1
    if done:
        said = ngettext("%(n)d roster published.", "%(n)d rosters published.", done)
        messages.success(request, said % {"n": done})
    return _to_month(month)


@open_to(*STAFF)
def roster_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    roster = _find(request, pk)
    grid = _grid(roster)
    mine = keeps(user, roster.team.unit_id)
    context = {
        "roster": roster,
        "grid": grid,
        "conflicts": [conflict_words(one) for one in roster.conflicts],
        "relax": relax_words(roster.conflicts) if roster.conflicts else "",
        "needed": needed_words(roster.conflicts),
        "may_make": mine and last_of(roster.month) >= grid.month.evening,
        "may_publish": divides(user, roster.team.unit_id) and roster.state == Roster.State.DRAFT,
        "gap": round(roster.gap * 100, 1),
    }
    return render(request, "patrols/roster.html", context)


@open_to(*STATION_STAFF)
@require_POST
def roster_remake(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    roster = _find(request, pk)
    try:
        made = make_roster(roster.team, roster.month, by=user, version=version_in(request))
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        if made.conflicts:
            messages.warning(request, _("That cannot be; what stood is kept. See why below."))
        else:
            messages.success(request, _("The roster is made."))
    return redirect("roster_detail", pk)


@open_to(*STATION_STAFF)
@require_POST
def roster_publish(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    try:
        publish_roster(_find(request, pk), by=user, version=version_in(request))
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        messages.success(request, _("Published: the enterprises have been told."))
    return redirect("roster_detail", pk)


@open_to(*STAFF)
def roster_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The month on paper, A4 landscape, to be signed and hung up."""
    roster = _find(request, pk)
    return render(request, "patrols/roster_sheet.html", {"roster": roster, "grid": _grid(roster)})


@open_to(*STAFF)
def roster_export(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The same as ``csv`` or ``xlsx``."""
    if kind not in ("csv", "xlsx"):
        raise Http404
    roster = _find(request, pk)
    grid = _grid(roster)
    rows = rows_of(grid, [date_format(line.night_on, "l") for line in grid.lines])
    name = f"roster-{roster.team.number}-{roster.month:%Y-%m}.{kind}"
    if kind == "csv":
        answer = HttpResponse(
            b"".join(write_csv(columns_of(grid), rows)), content_type="text/csv; charset=utf-8"
        )
        answer["Content-Disposition"] = f'attachment; filename="{name}"'
        return answer
    # The response closes it; once closed the temporary file is gone.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    title = title_of(roster)
    write_xlsx(columns_of(grid), rows, title, cast("Any", file), totals=totals_of(grid))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@open_to(*STAFF)
def roster_ics(request: HttpRequest, pk: int) -> HttpResponse:
    roster = _find(request, pk)
    duties = Duty.objects.filter(night__roster=roster)
    return ics(with_guards(duties), title_of(roster), f"roster-{roster.pk}.ics")


def ics(duties: Any, name: str, filename: str) -> HttpResponse:
    answer = HttpResponse(calendar_of(duties, name), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{filename}"'
    return answer


def title_of(roster: Roster) -> str:
    return _("%(unit)s, %(team)s: patrol roster of %(month)s") % {
        "unit": roster.team.unit,
        "team": roster.team,
        "month": f"{roster.month:%Y-%m}",
    }


def _find(request: HttpRequest, pk: int) -> Roster:
    user: User = request.user  # type: ignore[assignment]
    seen = Roster.objects.visible_to(user).select_related("team__unit", "made_by", "published_by")
    return get_object_or_404(seen, pk=pk)


def _grid(roster: Roster) -> Grid:
    return Grid(Month(roster.team, roster.month))


def _to_month(month: Any) -> HttpResponse:
    return redirect(f"{reverse('roster_list')}?month={month:%Y-%m}")
