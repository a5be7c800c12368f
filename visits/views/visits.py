"""Visits in the browser: the list, the form that takes a minute, one visit."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST

from enterprises.models import Enterprise
from issues.models import Issue
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, User
from liaison.audit.record import record
from liaison.core.forms import refuse
from liaison.core.ledgers import cut_page, export, nulls_last
from liaison.core.refused import Refused
from liaison.core.sheets import CellValue, Column
from liaison.evidence.serving import serve
from visits.actions import entry_soon_again, keep_promise, log_visit, look_where
from visits.actions.word import may_answer
from visits.forms import Findings, Promises, VisitFilter, VisitForm, complaints, found, promised
from visits.models import Channel, CheckIn, Front, OfficerRole, Promise, Visit, VisitFile
from visits.nearness import gone_on, left_out_words, near
from visits.querysets import VisitQuerySet


@open_to(*STAFF)
def visit_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    asked = VisitFilter(request.GET, user=user)
    visits = asked.apply(Visit.objects.visible_to(user)).for_rows(user)
    page = cut_page(request, visits, asked.columns)
    return render(request, "visits/list.html", {"filter": asked, "page": page})


@open_to(*STAFF)
def visit_export(request: HttpRequest, kind: str) -> HttpResponseBase:
    if kind not in ("csv", "xlsx"):
        raise Http404
    user: User = request.user  # type: ignore[assignment]
    asked = VisitFilter(request.GET, user=user)
    visits = asked.apply(Visit.objects.visible_to(user)).select_related("enterprise", "officer")
    if user.unit is not None:
        record("visits.exported", user.unit, by=user, unit=user.unit, changes={"kind": kind})
    columns = [
        Column("on", _("When"), 18),
        Column("enterprise", pgettext("kind", "Enterprise"), 30),
        Column("officer", _("Officer"), 12),
        Column("channel", _("How"), 8),
        Column("met", _("Who was met"), 16),
        Column("summary", _("What was seen and said"), 60),
    ]
    rows = _rows(visits.order_by(*nulls_last(asked.columns)))
    return export(columns, rows, name="visits", title=_("Visits"), kind=kind)


def _rows(visits: VisitQuerySet) -> Iterator[dict[str, CellValue]]:
    for visit in visits.iterator(chunk_size=500):
        yield {
            "on": f"{timezone.localtime(visit.happened_at):%Y-%m-%d %H:%M}",
            "enterprise": visit.enterprise.name,
            "officer": str(visit.officer),
            "channel": visit.get_channel_display(),
            "met": visit.met,
            "summary": visit.summary,
        }


@open_to(*STATION_STAFF)
def visit_new(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    enterprise = chosen_enterprise(request, user)
    form = VisitForm(request.POST or None, request.FILES or None, user=user, enterprise=enterprise)
    findings = Findings(request.POST or None, request.FILES or None, prefix="findings")
    promises = Promises(request.POST or None, prefix="promises")
    status = 200
    if request.method == "POST":
        status = 422
        lines = found(findings, by=user)
        files = form.keep_own(user)
        if form.is_valid() and promises.is_valid() and not complaints(findings):
            given = form.told()
            again = given["channel"] == Channel.ON_SITE and entry_soon_again(
                given["enterprise"], given["happened_at"]
            )
            try:
                visit = log_visit(
                    given.pop("enterprise"),
                    by=user,
                    findings=lines,
                    promises=promised(promises),
                    files=files,
                    **given,
                )
            except Refused as refused:
                status = refuse(form, refused)
            else:
                messages.success(request, _("The visit is written down."))
                if again:
                    messages.warning(
                        request, _("Entered twice within 7 days: no more than needed.")
                    )
                return redirect("visit_detail", visit.pk)
    context = {
        "form": form,
        "findings": findings,
        "promises": promises,
        "enterprise": enterprise,
        "soon": entry_soon_again(enterprise, timezone.now()) if enterprise else None,
        "about": about(enterprise, user) if enterprise else None,
    }
    return render(request, "visits/new.html", context, status=status)


def about(enterprise: Enterprise, user: User) -> dict[str, Any]:
    """What one wants to know before going in: last seen, what was promised, what is open."""
    return {
        "enterprise": Enterprise.objects.visible_to(user).for_ledger().get(pk=enterprise.pk),
        "promises": Promise.objects.visible_to(user)
        .open()
        .filter(visit__enterprise=enterprise)
        .order_by("due_on", "pk"),
        "lines": Issue.objects.visible_to(user)
        .open()
        .filter(enterprise=enterprise)
        .for_ledger()
        .order_by("next_due_at", "pk"),
    }


def chosen_enterprise(request: HttpRequest, user: User) -> Enterprise | None:
    """The enterprise that the form or the address names, if the person may see it."""
    given = request.POST.get("enterprise") or request.GET.get("enterprise", "")
    if not given.isdecimal() or len(given) > 18:
        return None
    return Enterprise.objects.visible_to(user).filter(pk=given).select_related("unit").first()


@open_to(*STAFF)
def visit_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    visit = get_object_or_404(
        Visit.objects.visible_to(user).select_related(
            "enterprise", "officer", "contact", "unit", "word__answered_by", "word__officer"
        ),
        pk=pk,
    )
    place = visit.positions.first()
    arrival = CheckIn.objects.visible_to(user).before(visit).first()
    arrived = arrival.positions.first() if arrival else None
    word = getattr(visit, "word", None)
    if word is not None:
        word.visit = visit
    context = {
        "visit": visit,
        "word": word,
        "may_answer": word is not None and word.is_unanswered and may_answer(user, word),
        "place": place,
        "near": near(place),
        "point": look_where(visit, place, by=user),
        "left_out": left_out_words(place) if visit.officer_id == user.pk else "",
        "goes_on": gone_on(place),
        "arrival": arrival,
        "near_on_arrival": near(arrived),
        "roles": [OfficerRole(code).label for code in visit.roles],
        "fronts": [Front(code).label for code in visit.fronts],
        "lines": Issue.objects.visible_to(user).filter(finding__visit=visit).for_rows(),
        "promises": visit.promises.order_by("due_on", "pk"),
        "files": visit.files.select_related("evidence"),
        "may_write": user.is_station_staff,
    }
    return render(request, "visits/detail.html", context)


@open_to(*STAFF)
def visit_file(request: HttpRequest, pk: int, evidence: UUID) -> HttpResponseBase:
    """A photo or voice note of this visit, to whoever may see the visit."""
    user: User = request.user  # type: ignore[assignment]
    seen = VisitFile.objects.visible_to(user).select_related("evidence")
    found = get_object_or_404(seen, visit=pk, evidence=evidence)
    return serve(request, found.evidence, name=f"visit-{pk}-{found.pk}")


@open_to(*STATION_STAFF)
@require_POST
def promise_keep(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    promise = get_object_or_404(
        Promise.objects.visible_to(user).select_related("visit__enterprise", "visit__unit"), pk=pk
    )
    try:
        keep_promise(promise, by=user)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    return redirect("visit_detail", promise.visit_id)
