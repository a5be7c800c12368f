"""One night: who is out, who comes instead, and the changes by hand."""

from collections.abc import Sequence
from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enterprises.models import Enterprise
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, User
from liaison.core.forms import refuse
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused
from patrols.actions.absences import offers, report_absence, take_substitute
from patrols.actions.nights import change_night, lock_night
from patrols.crews import crews
from patrols.models import Absence, DutyNight, Membership
from patrols.nights import evening_of
from patrols.querysets import AbsenceQuerySet
from patrols.rights import keeps
from patrols.roster_dates import ONE, month_of
from patrols.roster_forms import AbsenceForm, NightForm
from patrols.roster_month import Month, rules
from patrols.roster_words import reason_words
from patrols.rostering.checking import of_night
from patrols.views.rosters import version_in


@open_to(*STAFF)
def tonight(request: HttpRequest) -> HttpResponse:
    """The roster of a night: which teams are on duty, which enterprises, who, and whom to ring;
    ``?on=`` another night. What happens in it is on the board (``views/rounds.py``)."""
    user: User = request.user  # type: ignore[assignment]
    now = evening_of(timezone.now())
    evening = _day(request.GET.get("on", "")) or now
    nights = DutyNight.objects.visible_to(user).tonight(evening)
    nights = nights.select_related("team__unit", "roster").prefetch_related(crews())
    page = cut_page(request, nights, ("team__unit__name", "team__number", "pk"))
    missing = _missing(page.items, evening)
    least = rules()
    for night in page.items:
        duties = list(night.duties.all())
        night.people = sum(len(one.guards.all()) for one in duties)
        night.short = len(duties) < least.fewest or night.people < least.people
        night.missing = missing.get(night.team_id, [])
    context = {
        "page": page,
        "evening": evening,
        "before": evening - ONE,
        "after": evening + ONE,
        "is_tonight": evening == now,
    }
    return render(request, "patrols/tonight.html", context)


@open_to(*STAFF)
def night_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _find(request, pk))


@open_to(*STATION_STAFF)
def night_change(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    night = _find(request, pk)
    month = Month(night.team, month_of(night.night_on))
    form = NightForm(request.POST or None, night=night, month=month)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        given = form.cleaned_data
        try:
            said = change_night(
                night, form.sends(), by=user, version=given["version"], lock=given["lock"]
            )
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("The night is changed."))
            for words in said:
                messages.warning(request, words)
            return redirect("night_detail", pk)
    context = {"night": night, "form": form}
    return render(request, "patrols/night_change.html", context, status=status)


@open_to(*STATION_STAFF)
@require_POST
def night_lock(request: HttpRequest, pk: int) -> HttpResponse:
    """``do`` is lock or unlock."""
    user: User = request.user  # type: ignore[assignment]
    locked = request.POST.get("do") == "lock"
    try:
        lock_night(_find(request, pk), by=user, version=version_in(request), locked=locked)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        said = _("Locked: a new run leaves it so.") if locked else _("Unlocked.")
        messages.success(request, said)
    return redirect("night_detail", pk)


@open_to(*STATION_STAFF)
@require_POST
def night_absent(request: HttpRequest, pk: int, duty: int) -> HttpResponse:
    """An enterprise has telephoned: somebody cannot come."""
    user: User = request.user  # type: ignore[assignment]
    night = _find(request, pk)
    missing = get_object_or_404(night.duties.all(), pk=duty)
    form = AbsenceForm(request.POST, duty=missing)
    status = 422
    if form.is_valid():
        given = form.cleaned_data
        guard = None if given["who"] == "all" else form.guards[int(given["who"])]
        try:
            report_absence(missing, by=user, guard=guard, reason=given["reason"])
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("Noted. The next best stand below."))
            return redirect("night_detail", pk)
    return _page(request, _find(request, pk), duty, form, status)


@open_to(*STATION_STAFF)
@require_POST
def night_substitute(request: HttpRequest, pk: int, absence: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    night = _find(request, pk)
    gone = get_object_or_404(_absences(night), pk=absence)
    text = request.POST.get("enterprise", "")
    seen = Enterprise.objects.visible_to(user)
    wanted = get_object_or_404(seen, pk=int(text) if text.isdecimal() and len(text) < 18 else 0)
    try:
        take_substitute(gone, wanted, by=user)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        said = _("%(who)s comes instead and has been told.") % {"who": wanted.name}
        messages.success(request, said)
    return redirect("night_detail", pk)


def _page(
    request: HttpRequest,
    night: DutyNight,
    wrong: int = 0,
    form: AbsenceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    month = Month(night.team, month_of(night.night_on))
    to_come = night.night_on >= month.evening
    mine = keeps(user, night.team.unit_id) and to_come
    published = night.roster.state == "published"
    duties = list(night.duties.all())
    for duty in duties:
        duty.form = form if duty.pk == wrong else AbsenceForm(None, duty=duty)  # type: ignore[attr-defined]
    absences = list(_absences(night).select_related("enterprise", "guard", "substitute", "by"))
    for one in absences:
        open_still = mine and one.substitute_id is None
        one.offers = offers(one, night, month) if open_still else []  # type: ignore[attr-defined]
    broken = of_night(month.as_it_is(), month.crews, night.night_on)
    context = {
        "night": night,
        "duties": duties,
        "absences": absences,
        "broken": reason_words(broken, month.names()),
        "may": mine,
        "may_report": mine and published,
        "special": night.night_on in month.special,
    }
    return render(request, "patrols/night.html", context, status=status)


def _missing(nights: Sequence[DutyNight], evening: date) -> dict[int, list[Absence]]:
    """By team, who cannot come on that night and for whom nobody has been found."""
    members = Membership.objects.on(evening).filter(team__in=[one.team_id for one in nights])
    team_of = dict(members.values_list("enterprise", "team"))
    found: dict[int, list[Absence]] = {}
    open_still = Absence.objects.filter(
        night_on=evening, enterprise__in=team_of, substitute__isnull=True
    )
    for one in open_still.select_related("enterprise", "guard").order_by("pk"):
        found.setdefault(team_of[one.enterprise_id], []).append(one)
    return found


def _absences(night: DutyNight) -> AbsenceQuerySet:
    members = night.team.memberships.all().on(night.night_on).values("enterprise")
    return Absence.objects.filter(night_on=night.night_on, enterprise__in=members)


def _find(request: HttpRequest, pk: int) -> DutyNight:
    user: User = request.user  # type: ignore[assignment]
    seen = DutyNight.objects.visible_to(user).select_related("team__unit", "roster")
    return get_object_or_404(seen.prefetch_related(crews()), pk=pk)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
