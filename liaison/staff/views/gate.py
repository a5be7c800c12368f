"""What a phone finds that scans the card at a gate."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from enterprises.models import GateCode
from liaison.accounts.access import EVERYONE, open_to
from liaison.accounts.models import User


@open_to(EVERYONE)
@require_safe
@never_cache
def gate(request: HttpRequest, code: str) -> HttpResponse:
    """The station's own people come to the phone's form of a visit there. Whoever is not signed in
    reads what the card is, with a way to sign in that leads back here; anybody else just that.

    A passer-by learns whose station it is, which the card says too, and nothing of the enterprise.
    """
    found = GateCode.objects.select_related("enterprise__unit").filter(code=code).first()
    if found is None or not found.holds:
        # 410 Gone: there was one.
        return render(request, "staff/gate.html", {}, status=410 if found else 404)
    unit = found.enterprise.unit
    user = request.user
    if isinstance(user, User) and user.is_station_staff and user.unit_id == unit.pk:
        form = reverse("phone_screen", args=["visits/new/"])
        return redirect(f"{form}?enterprise={found.enterprise_id}")
    return render(request, "staff/gate.html", {"unit": unit})
