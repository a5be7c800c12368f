"""Guards at the station: the ledger, one guard, and what an officer answers."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, User
from liaison.core.ledgers import cut_page, export, nulls_last
from liaison.core.refused import Refused
from liaison.core.sheets import CellValue, Column
from patrols.actions.compliance import answer_warning, answers
from patrols.guard_filters import STATES, GuardFilter
from patrols.guard_forms import AnswerForm
from patrols.models import ComplianceAnswer, DutyGuard, Guard
from patrols.querysets import GuardQuerySet
from patrols.rights import keeps
from patrols.views import guard_keeping as keeping
from patrols.views.guard_keeping import STAFF_FACE


@open_to(*STAFF)
def guard_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    asked = GuardFilter(request.GET, user=user)
    guards = asked.apply(Guard.objects.visible_to(user)).for_list()
    open_warnings = Guard.objects.visible_to(user).here(timezone.localdate()).unanswered()
    context = {
        "filter": asked,
        "page": cut_page(request, guards, asked.columns),
        "states": dict(STATES),
        "warnings": open_warnings.count() if user.is_station_staff else 0,
    }
    return render(request, "patrols/guards/list.html", context)


@open_to(*STAFF)
def guard_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    guard = get_object_or_404(Guard.objects.visible_to(user).for_list(), pk=pk)
    nights = DutyGuard.objects.filter(guard=guard).select_related("duty__night__team")
    context = {
        "guard": guard,
        "states": dict(STATES),
        "keeps": keeps(user, guard.unit_id) and guard.left_on is None,
        "answers": answers(user, guard) and guard.left_on is None,
        "history": _answers(guard),
        "nights": nights.filter(night_on__gte=timezone.localdate()).order_by("night_on")[:10],
        "past": nights.filter(night_on__lt=timezone.localdate()).count(),
    }
    return render(request, "patrols/guards/detail.html", context)


@open_to(*STATION_STAFF)
def guard_new(request: HttpRequest) -> HttpResponse:
    return keeping.guard_new(request, STAFF_FACE)


@open_to(*STATION_STAFF)
def guard_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return keeping.guard_edit(request, STAFF_FACE, pk)


@open_to(*STATION_STAFF)
def guard_leave(request: HttpRequest, pk: int) -> HttpResponse:
    return keeping.guard_leave(request, STAFF_FACE, pk)


@open_to(*STAFF)
def guard_warnings(request: HttpRequest) -> HttpResponse:
    """Whom an officer has still to answer for, and what was answered."""
    user: User = request.user  # type: ignore[assignment]
    seen = Guard.objects.visible_to(user)
    waiting = seen.here(timezone.localdate()).unanswered().for_list().next_duty()
    answered = ComplianceAnswer.objects.filter(guard__in=seen.values("pk"))
    context = {
        "page": cut_page(request, waiting, ("name", "id")),
        "history": answered.select_related("guard__enterprise", "by", "legal_basis")[:20],
        "may": user.is_station_staff,
    }
    return render(request, "patrols/guards/warnings.html", context)


@open_to(*STATION_STAFF)
def guard_answer(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    guard = keeping.find(request, pk)
    if not answers(user, guard) or guard.employer != "self_recruited":
        raise Http404
    initial = {
        "version": guard.version,
        "verdict": guard.outside,
        "legal_basis": guard.legal_basis_id,
    }
    form = AnswerForm(request.POST or None, initial=initial)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            freed = answer_warning(
                guard,
                said["verdict"],
                reason=said["reason"],
                legal_basis=said["legal_basis"],
                version=said["version"],
                by=user,
                off_duty=said["off_duty"],
            )
        except Refused as refused:
            status = keeping.refused_change(form, refused)
        else:
            keeping.say_saved(request, freed)
            return redirect("guard_detail", guard.pk)
    context = {"form": form, "guard": guard, "history": _answers(guard)}
    return render(request, "patrols/guards/answer.html", context, status=status)


@open_to(*STAFF)
def guard_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    if kind not in ("xlsx", "csv"):
        raise Http404
    user: User = request.user  # type: ignore[assignment]
    asked = GuardFilter(request.GET, user=user)
    guards = asked.apply(Guard.objects.visible_to(user)).for_list()
    columns = [
        Column("enterprise", pgettext("kind", "Enterprise"), 28),
        Column("name", _("Name"), 12),
        Column("employer", _("Employed by"), 20),
        Column("company", _("Guard company"), 24),
        Column("certificate", _("Guard certificate"), 20),
        Column("until", _("Certificate valid until"), 14),
        Column("state", _("Status"), 12),
        Column("outside", _("Patrols outside"), 20),
        Column("joined", _("Guard since"), 14),
        Column("left", _("Left on"), 14),
    ]
    rows = _rows(guards.order_by(*nulls_last(asked.columns)))
    return export(columns, rows, name="guards", title=_("Guards"), kind=kind)


def _rows(guards: GuardQuerySet) -> Iterator[dict[str, CellValue]]:
    states = dict(STATES)
    for one in guards.iterator(chunk_size=500):
        yield {
            "enterprise": one.enterprise.name,
            "name": one.name,
            "employer": one.get_employer_display(),
            "company": one.company,
            "certificate": one.certificate,
            "until": one.certificate_until,
            "state": str(states[one.certificate_state]),
            "outside": one.get_outside_display() if one.outside else "",
            "joined": one.joined_on,
            "left": one.left_on,
        }


def _answers(guard: Guard) -> list[ComplianceAnswer]:
    return list(guard.compliance_answers.select_related("by", "legal_basis")[:20])
