"""The doors for a night's guards, and what they reported."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Prefetch
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from enterprises.views.cards import qr_of
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, User
from liaison.core.addresses import absolute
from liaison.core.refused import Refused
from liaison.evidence.serving import serve
from patrols.actions.doors import make_link, make_pin, pin_of, valid_during
from patrols.models import (
    DutyGuard,
    DutyNight,
    NightPhoto,
    NightPin,
    PatrolIncident,
)
from patrols.response_forms import steps_of


@open_to(*STATION_STAFF)
@never_cache
def doors(request: HttpRequest, pk: int) -> HttpResponse:
    """The night's PIN and, for each guard on duty, a link that is shown once, on the answer."""
    user: User = request.user  # type: ignore[assignment]
    nights = DutyNight.objects.visible_to(user).filter(roster__state="published")
    night = get_object_or_404(nights.select_related("team__unit", "pin"), pk=pk)
    on_duty = list(
        DutyGuard.objects.filter(duty__night=night)
        .select_related("guard__enterprise")
        .order_by("guard__enterprise__name", "guard__name", "pk")
    )
    address, whose, status = "", None, 200
    if request.method == "POST":
        asked = request.POST.get("guard", "")
        chosen = next((one.guard for one in on_duty if str(one.guard_id) == asked), None)
        try:
            if chosen is not None:
                _link, token = make_link(night, chosen, by=user)
                address, whose = absolute(request, reverse("night", args=[token])), chosen
            elif request.POST.get("what") == "pin":
                make_pin(night, by=user)
                night = nights.select_related("team__unit", "pin").get(pk=pk)
            else:
                status = 422
        except Refused as refused:
            messages.error(request, str(refused.message))
            status = 422
    pin: NightPin | None = getattr(night, "pin", None)
    context = {
        "night": night,
        "on_duty": on_duty,
        "pin": pin_of(pin) if pin else "",
        "pin_at": absolute(request, reverse("night_pin")),
        "address": address,
        "whose": whose,
        "qr": qr_of(address) if address else "",
        "valid": valid_during(night),
    }
    return render(request, "patrols/doors.html", context, status=status)


@open_to(*STAFF)
@require_safe
def incident(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    rows = PatrolIncident.objects.visible_to(user).select_related(
        "night__team__unit", "guard__enterprise", "run__route", "issue"
    )
    photos = NightPhoto.objects.select_related("evidence").order_by("at", "pk")
    found = get_object_or_404(rows.prefetch_related(Prefetch("photos", photos)), pk=pk)
    record = found.responses.all().holding().first()
    context = {"incident": found, "record": record, "steps": steps_of(record) if record else ()}
    return render(request, "patrols/incident.html", context)


@open_to(*STAFF)
@require_safe
def photo(request: HttpRequest, pk: int, photo: UUID) -> FileResponse:
    user: User = request.user  # type: ignore[assignment]
    seen = PatrolIncident.objects.visible_to(user)
    found = NightPhoto.objects.filter(incident__in=seen, incident=pk, evidence=photo)
    row = found.select_related("evidence").first()
    if row is None:
        raise Http404
    return serve(request, row.evidence, name=f"patrol-{pk}")
