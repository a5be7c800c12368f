"""Closing an enterprise down; entries that look alike, and merging one into another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from enterprises.actions import change_stage
from enterprises.models import Enterprise, Stage
from enterprises.views.assignment import overseer
from liaison.accounts.access import open_to
from liaison.accounts.models import OVERSEERS
from liaison.core.forms import refuse
from liaison.core.refused import Refused
from liaison.endings.actions import merge
from liaison.endings.alike import pairs_at
from liaison.endings.forms import CloseForm, IntoForm, MergeForm
from liaison.endings.preview import Preview, preview_of
from liaison.endings.standing import standing_of


@open_to(*OVERSEERS)
def enterprise_close(request: HttpRequest, pk: int) -> HttpResponse:
    """What is open there and what becomes of it; then the closing."""
    user, unit = overseer(request)
    entries = Enterprise.objects.filter(unit=unit).select_related("unit", "merged_into")
    enterprise = get_object_or_404(entries, pk=pk)
    form = CloseForm(request.POST or None, initial={"version": enterprise.version})
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        try:
            change_stage(enterprise, Stage.CLOSED, by=user, **form.cleaned_data)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("“%(name)s” is closed down.") % {"name": enterprise.name})
            return redirect("enterprise_detail", pk)
    context = {"enterprise": enterprise, "form": form, "open_there": standing_of(enterprise)}
    return render(request, "endings/close.html", context, status=status)


@open_to(*OVERSEERS)
def duplicates(request: HttpRequest) -> HttpResponse:
    _user, unit = overseer(request)
    return render(request, "endings/duplicates.html", {"pairs": pairs_at(unit)})


@open_to(*OVERSEERS)
def enterprise_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Which entry stays, what would happen, and at last the merging."""
    _user, unit = overseer(request)
    entries = Enterprise.objects.filter(unit=unit).select_related("unit", "merged_into")
    absorbed = get_object_or_404(entries, pk=pk)
    chosen = IntoForm(request.GET if "into" in request.GET else None, absorbed=absorbed)
    if not chosen.is_valid():
        context = {"absorbed": absorbed, "chosen": chosen}
        return render(request, "endings/choose.html", context)
    survivor = get_object_or_404(entries, pk=chosen.cleaned_data["into"].pk)
    if request.method == "POST":
        return _carry_out(request, absorbed, survivor)
    preview = preview_of(absorbed, survivor)
    return _show(request, preview, MergeForm(initial={"agreed": preview.agreed}))


def _carry_out(request: HttpRequest, absorbed: Enterprise, survivor: Enterprise) -> HttpResponse:
    user, _unit = overseer(request)
    form = MergeForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            merge(absorbed, survivor, by=user, **form.cleaned_data)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            said = _("Merged. “%(name)s” has everything now.") % {"name": survivor.name}
            messages.success(request, said)
            return redirect("enterprise_detail", survivor.pk)
    preview = preview_of(absorbed, survivor)
    # The reason stays typed; agreed to is what is shown now.
    form.data = request.POST.dict() | {"agreed": preview.agreed}
    return _show(request, preview, form, status)


def _show(
    request: HttpRequest, preview: Preview, form: MergeForm, status: int = 200
) -> HttpResponse:
    context = {"preview": preview, "form": form}
    return render(request, "endings/preview.html", context, status=status)
