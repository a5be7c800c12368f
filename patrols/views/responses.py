"""How soon help was there: the records of calls and drills, in the browser."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enterprises.models import Enterprise
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, User
from liaison.core.forms import refuse
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused
from patrols.actions.responding import correct_response, record_response
from patrols.models import PatrolIncident, Response
from patrols.response_forms import ResponseForm, as_initial, steps_of


@open_to(*STAFF)
@require_safe
def response_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    rows = Response.objects.visible_to(user).holding()
    for name in ("enterprise", "team"):
        text = request.GET.get(name, "")
        if text.isascii() and text.isdecimal() and len(text) < 18:
            rows = rows.filter(**{name: int(text)})
    rows = rows.select_related("enterprise", "team", "by", "incident")
    page = cut_page(request, rows, ("-called_at", "-pk"))
    for one in page.items:
        one.steps = steps_of(one)
    return render(
        request,
        "patrols/responses.html",
        {"page": page, "minutes": settings.PATROL_RESPONSE_MINUTES},
    )


@open_to(*STATION_STAFF)
def response_new(request: HttpRequest) -> HttpResponse:
    """A drill, or a call that no guard reported."""
    user: User = request.user  # type: ignore[assignment]
    initial = {"called_at": timezone.now(), "enterprise": request.GET.get("enterprise")}
    form = ResponseForm(request.POST or None, user=user, asks_where=True, initial=initial)
    return _recorded(request, form, _("Record a drill"))


@open_to(*STATION_STAFF)
def response_of(request: HttpRequest, pk: int) -> HttpResponse:
    """Of an incident of the night."""
    user: User = request.user  # type: ignore[assignment]
    incidents = PatrolIncident.objects.visible_to(user).select_related(
        "guard__enterprise__unit", "night__team"
    )
    incident = get_object_or_404(incidents, pk=pk)
    form = ResponseForm(
        request.POST or None,
        user=user,
        asks_where=False,
        initial={"called_at": incident.happened_at},
    )
    title = _("When help was there: %(what)s") % {"what": str(incident)[:40]}
    return _recorded(request, form, title, enterprise=incident.guard.enterprise, incident=incident)


@open_to(*STATION_STAFF)
def response_correct(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    rows = Response.objects.visible_to(user).select_related(
        "enterprise__unit", "incident__night__team"
    )
    response = get_object_or_404(rows, pk=pk)
    form = ResponseForm(
        request.POST or None, user=user, asks_where=False, initial=as_initial(response)
    )
    title = _("Correct: %(where)s") % {"where": response.enterprise.name}
    return _recorded(request, form, title, corrects=response)


def _recorded(
    request: HttpRequest,
    form: ResponseForm,
    title: str,
    *,
    enterprise: Enterprise | None = None,
    incident: PatrolIncident | None = None,
    corrects: Response | None = None,
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    status = 422 if form.is_bound else 200
    if form.is_valid():
        given: dict[str, Any] = {
            "by": user,
            "called_at": form.cleaned_data["called_at"],
            "took": form.took,
            "note": form.cleaned_data["note"],
        }
        try:
            if corrects is not None:
                correct_response(corrects, **given)
            else:
                where = enterprise or form.cleaned_data["enterprise"]
                record_response(where, incident=incident, **given)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("Recorded."))
            return redirect("patrol_response_list")
    context = {"form": form, "title": title, "back": reverse("patrol_response_list")}
    return render(request, "patrols/night_form.html", context, status=status)
