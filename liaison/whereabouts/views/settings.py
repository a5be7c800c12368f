"""Whether one's position is kept, and whether one is at work."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.accounts.access import open_to
from liaison.accounts.models import STATION_STAFF, User
from liaison.core.refused import Refused
from liaison.whereabouts.forms import DeedForm
from liaison.whereabouts.models import PositionConsent, Shift


@open_to(*STATION_STAFF)
def position_settings(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    status = 200
    if request.method == "POST":
        form = DeedForm(request.POST)
        if form.is_valid():
            try:
                form.do(user)
            except Refused as refused:
                messages.warning(request, str(refused.message))
            else:
                messages.success(request, _("Saved."))
            return redirect("position_settings")
        status = 422
    shift = Shift.objects.visible_to(user).unended().first()
    context = {
        "consent": PositionConsent.objects.current(user),
        "shift": shift if shift is not None and shift.is_on(timezone.now()) else None,
        "keep_days": settings.POSITION_KEEP_DAYS,
        "shift_hours": settings.SHIFT_HOURS,
    }
    return render(request, "whereabouts/settings.html", context, status=status)
