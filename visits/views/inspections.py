"""Inspections in the browser, apart from visits."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from issues.models import Issue
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, User
from liaison.core.forms import show_refusal
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused
from visits.actions import log_inspection
from visits.forms import Findings, InspectionForm, complaints, found
from visits.models import Inspection
from visits.views.visits import chosen_enterprise


@open_to(*STAFF)
def inspection_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    inspections = Inspection.objects.visible_to(user).for_ledger(user)
    page = cut_page(request, inspections, ("-happened_at", "-id"))
    return render(request, "visits/inspections.html", {"page": page})


@open_to(*STATION_STAFF)
def inspection_new(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    enterprise = chosen_enterprise(request, user)
    form = InspectionForm(request.POST or None, user=user, enterprise=enterprise)
    findings = Findings(request.POST or None, request.FILES or None, prefix="findings")
    lines = found(findings, by=user) if request.method == "POST" else []
    if request.method == "POST" and form.is_valid() and not complaints(findings):
        given = dict(form.cleaned_data)
        try:
            inspection = log_inspection(
                given.pop("enterprise"),
                by=user,
                officers=list(given.pop("officers")),
                findings=lines,
                **given,
            )
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The inspection is written down."))
            return redirect("inspection_detail", inspection.pk)
    context = {"form": form, "findings": findings, "enterprise": enterprise}
    status = 422 if request.method == "POST" else 200
    return render(request, "visits/inspection_new.html", context, status=status)


@open_to(*STAFF)
def inspection_detail(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    inspection = get_object_or_404(Inspection.objects.visible_to(user).for_ledger(user), pk=pk)
    lines = Issue.objects.visible_to(user).filter(finding__inspection=inspection).for_rows()
    context = {"inspection": inspection, "lines": lines}
    return render(request, "visits/inspection.html", context)
