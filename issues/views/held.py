"""待核请求: what the desk looks at before it goes on the bill, or does not."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from issues.actions import reject_held, release_held
from issues.models import HeldFile, HeldRequest
from liaison.accounts.access import open_to
from liaison.accounts.models import STATION_STAFF, User
from liaison.core.forms import refuse
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused
from liaison.evidence.serving import serve


class RejectForm(forms.Form):
    """Why a request is not put on the bill; the enterprise reads it."""

    reason = forms.CharField(
        label=gettext_lazy("Reason, for the enterprise to read"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@open_to(*STATION_STAFF)
def held_list(request: HttpRequest) -> HttpResponse:
    """What waits by when it is due; asked for all, also what has been decided."""
    user: User = request.user  # type: ignore[assignment]
    everything = request.GET.get("state") == "all"
    rows = HeldRequest.objects.visible_to(user).for_rows()
    if everything:
        page = cut_page(request, rows, ("-due_at", "-id"))
    else:
        page = cut_page(request, rows.pending(), ("due_at", "id"))
    return render(request, "issues/held_list.html", {"page": page, "everything": everything})


@open_to(*STATION_STAFF)
def held_detail(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, _find(request, pk), RejectForm())


@open_to(*STATION_STAFF)
@require_POST
def held_release(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    held = _find(request, pk)
    try:
        issue = release_held(held, by=user)
    except Refused as refused:
        messages.error(request, str(refused.message))
        return redirect("held_detail", pk)
    messages.success(request, _("On the bill as %(number)s.") % {"number": issue.number})
    return redirect("held_detail", pk)


@open_to(*STATION_STAFF)
@require_POST
def held_reject(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    held = _find(request, pk)
    form = RejectForm(request.POST)
    if not form.is_valid():
        return _page(request, held, form, status=422)
    try:
        reject_held(held, by=user, reason=form.cleaned_data["reason"])
    except Refused as refused:
        status = refuse(form, refused)
        return _page(request, _find(request, pk), form, status=status)
    messages.success(request, _("Not taken on; the enterprise reads why."))
    return redirect("held_list")


@open_to(*STATION_STAFF)
def held_file(request: HttpRequest, pk: int, file: Any) -> HttpResponseBase:
    """A file of this request, to whoever may see the request."""
    found = get_object_or_404(
        HeldFile.objects.select_related("evidence"), held=_find(request, pk), evidence=file
    )
    return serve(request, found.evidence, name=f"held-{pk}-{found.pk}")


def _find(request: HttpRequest, pk: int) -> HeldRequest:
    user: User = request.user  # type: ignore[assignment]
    return get_object_or_404(HeldRequest.objects.visible_to(user).for_rows(), pk=pk)


def _page(
    request: HttpRequest, held: HeldRequest, form: RejectForm, status: int = 200
) -> HttpResponse:
    context = {
        "held": held,
        "form": form,
        "files": held.files.select_related("evidence"),
        "now": timezone.now(),
    }
    return render(request, "issues/held_detail.html", context, status=status)
