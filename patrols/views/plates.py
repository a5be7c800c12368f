"""The plates of a route's checkpoints: printed, and replaced."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from enterprises.views.cards import qr_of
from liaison.accounts.access import open_to
from liaison.accounts.models import STATION_STAFF, User
from liaison.core.addresses import absolute
from liaison.core.forms import refuse
from liaison.core.refused import Refused
from patrols.actions.routes import renew_code
from patrols.models import Checkpoint, CheckpointCode
from patrols.route_forms import RenewForm
from patrols.views.routes import find_checkpoint, find_route

ON_A4 = 4


@dataclass(frozen=True)
class Plate:
    checkpoint: Checkpoint
    typed: str
    qr: SafeString


@open_to(*STATION_STAFF)
@require_safe
def route_plates(request: HttpRequest, pk: int) -> HttpResponse:
    """The plates with their codes, four on a sheet of A4."""
    user: User = request.user  # type: ignore[assignment]
    route = find_route(user, pk)
    codes = CheckpointCode.objects.all().holding().filter(checkpoint__route=route)
    codes = codes.filter(checkpoint__removed_at__isnull=True).select_related("checkpoint")
    plates = [
        Plate(
            one.checkpoint,
            one.typed,
            qr_of(absolute(request, reverse("night_plate", args=[one.token]))),
        )
        for one in codes.order_by("checkpoint__position", "pk")
    ]
    sheets = [plates[at : at + ON_A4] for at in range(0, len(plates), ON_A4)]
    context = {"route": route, "sheets": sheets, "unit": route.team.unit}
    return render(request, "patrols/plates.html", context)


@open_to(*STATION_STAFF)
def plate_renew(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    checkpoint = find_checkpoint(user, pk)
    held = checkpoint.codes.all().holding().first()
    form = RenewForm(request.POST or None, initial={"replaces": held and held.pk})
    status = 422 if form.is_bound else 200
    if form.is_valid():
        given = form.cleaned_data
        replaces = checkpoint.codes.filter(pk=given["replaces"]).first()
        try:
            if replaces is None:
                raise Refused("no_plate", _("This checkpoint has no plate."))
            renew_code(checkpoint, by=user, reason=given["reason"], replaces=replaces)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            messages.success(request, _("Print the new plate and hang it up in place of the old."))
            return redirect("patrol_route_plates", checkpoint.route_id)
    context = {
        "form": form,
        "title": _("Replace the plate of %(name)s") % {"name": checkpoint.name},
        "back": reverse("patrol_route", args=[checkpoint.route_id]),
    }
    return render(request, "patrols/night_form.html", context, status=status)
