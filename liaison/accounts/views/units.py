"""Units as one types their name."""

from django.http import HttpRequest, HttpResponse

from liaison.accounts.access import SYSTEM_ADMINISTRATORS, open_to
from liaison.accounts.models import Unit, User
from liaison.accounts.unit_choice import as_options, like


@open_to(SYSTEM_ADMINISTRATORS)
def unit_options(request: HttpRequest) -> HttpResponse:
    """Those from one's own down that are called like ``unit``, as options of a list."""
    user: User = request.user  # type: ignore[assignment]
    words = request.GET.get("unit", "").strip().replace("\x00", "")
    return HttpResponse(as_options(like(Unit.objects.visible_to(user), words)))
