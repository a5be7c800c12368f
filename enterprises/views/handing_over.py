"""When an officer leaves, for good or for a while: hand-over and covers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enterprises.actions import cancel_cover, cover, hand_over
from enterprises.forms import CoverForm, HandOverForm
from enterprises.models import Cover
from enterprises.views.assignment import overseer
from liaison.accounts.access import open_to
from liaison.accounts.models import OVERSEERS
from liaison.core.forms import refuse, show_refusal
from liaison.core.refused import Refused


@open_to(*OVERSEERS)
def hand_over_form(request: HttpRequest) -> HttpResponse:
    user, unit = overseer(request)
    form = HandOverForm(
        request.POST or None, unit=unit, initial={"outgoing": request.GET.get("outgoing")}
    )
    status = 422 if form.is_bound else 200
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            hand_over(given["outgoing"], given["incoming"], by=user, reason=given["reason"])
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("Handed over. Print the sheet for both to sign."))
            return redirect("hand_over_sheet", given["outgoing"].pk, given["incoming"].pk)
    return render(request, "enterprises/hand_over.html", {"form": form}, status=status)


@open_to(*OVERSEERS)
def cover_new(request: HttpRequest) -> HttpResponse:
    user, unit = overseer(request)
    form = CoverForm(request.POST or None, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            cover(by=user, **form.cleaned_data)
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, _("The cover is entered."))
            return redirect("assignment_desk")
    return render(
        request, "enterprises/cover.html", {"form": form}, status=422 if form.is_bound else 200
    )


@open_to(*OVERSEERS)
@require_POST
def cover_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    user, _unit = overseer(request)
    covers = Cover.objects.visible_to(user).select_related("officer__unit")
    try:
        cancel_cover(get_object_or_404(covers, pk=pk), by=user)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    return redirect("assignment_desk")
