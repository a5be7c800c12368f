"""Entries that look alike, and merging one into another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from enterprises.models import Enterprise
from enterprises.views.assignment import overseer
from liaison.accounts.access import open_to
from liaison.accounts.models import OVERSEERS
from liaison.core.forms import refuse
from liaison.core.refused import Refused
from liaison.merging.actions import merge
from liaison.merging.alike import pairs_at
from liaison.merging.forms import IntoForm, MergeForm
from liaison.merging.preview import Preview, preview_of


@open_to(*OVERSEERS)
def duplicates(request: HttpRequest) -> HttpResponse:
    _user, unit = overseer(request)
    return render(request, "merging/duplicates.html", {"pairs": pairs_at(unit)})


@open_to(*OVERSEERS)
def enterprise_merge(request: HttpRequest, pk: int) -> HttpResponse:
    """Which entry stays, what would happen, and at last the merging."""
    _user, unit = overseer(request)
    entries = Enterprise.objects.filter(unit=unit).select_related("unit", "merged_into")
    absorbed = get_object_or_404(entries, pk=pk)
    chosen = IntoForm(request.GET if "into" in request.GET else None, absorbed=absorbed)
    if not chosen.is_valid():
        context = {"absorbed": absorbed, "chosen": chosen}
        return render(request, "merging/choose.html", context)
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
    return render(request, "merging/preview.html", context, status=status)
