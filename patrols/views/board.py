"""The live board: the desk's eyes on the night. It asks again by itself, every few seconds."""

from hashlib import sha256

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from liaison.accounts.access import open_to
from liaison.accounts.idle import unattended
from liaison.accounts.models import STAFF, Unit, User
from liaison.core.ledgers import cut_page
from patrols.board import board_of, stations
from patrols.nights import evening_of
from patrols.station_asked import station_asked


@open_to(*STAFF)
@require_safe
def tonight(request: HttpRequest) -> HttpResponse:
    """The station's board; for a bureau that has not chosen one, its stations in a row each."""
    unit = station_asked(request)
    if unit is None:
        return _stations(request)
    drawn, version = _drawn(request, unit)
    context = {"board": drawn, "version": version, "unit": unit, "asked": _asked(request, unit)}
    return render(request, "patrols/board.html", context)


@open_to(*STAFF)
@require_safe
@never_cache
@unattended
def now(request: HttpRequest) -> HttpResponse:
    """The board alone, for the page that has it already: 204 while nothing on it has changed, so
    that nobody's place on the page is lost."""
    unit = station_asked(request)
    if unit is None:
        if "unit" in request.GET:
            raise Http404
        return redirect("patrol_tonight")
    drawn, version = _drawn(request, unit)
    if request.GET.get("version") == version:
        return HttpResponse(status=204)
    return HttpResponse(drawn, headers={"X-Board-Version": version})


def _drawn(request: HttpRequest, unit: Unit) -> tuple[str, str]:
    user: User = request.user  # type: ignore[assignment]
    moment = timezone.now()
    board = board_of(user, unit, evening_of(moment), moment)
    show = request.GET.get("show", "")
    context = {
        "board": board,
        "outs": board.only(show),
        "show": show,
        "unit": unit,
        "of_unit": _asked(request, unit),
        "keeps": user.is_station_staff,
    }
    drawn = render_to_string("patrols/_board.html", context, request)
    return drawn, sha256(drawn.encode()).hexdigest()[:16]


def _asked(request: HttpRequest, unit: Unit) -> str:
    """What the board's addresses carry on: the station, where it is not one's own."""
    return f"unit={unit.code}" if "unit" in request.GET else ""


def _stations(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    evening = evening_of(timezone.now())
    units = Unit.objects.visible_to(user).stations()
    page = cut_page(request, units, ("name", "pk"))
    context = {"page": page, "rows": stations(page.items, evening), "evening": evening}
    return render(request, "patrols/board_stations.html", context)
