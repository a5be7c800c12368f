"""The calendar feed under its secret link, and the page on which the link is made or ended."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from liaison.accounts.access import EVERYONE, open_to
from liaison.accounts.feed_links import link_of, make_feed_link, note_read, revoke_feed_link
from liaison.accounts.models import STATION_STAFF, FeedLink, User
from liaison.core.addresses import absolute
from liaison.core.refused import Refused
from liaison.core.replica import read_for
from liaison.staff.ahead import has_a_week
from liaison.staff.feed import calendar_of


@open_to(EVERYONE)
@require_safe
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """Whoever has the link reads it; a link that has ended and one that never was are the same."""
    link = link_of(token)
    if link is None or not has_a_week(link.person):
        raise Http404
    read_for(link.person.pk)
    body = calendar_of(link.person, absolute=lambda path: absolute(request, path))
    note_read(link)
    answer = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="liaison.ics"'
    # Phones ask all day: kept, asked about each time, and sent again only when it has changed.
    answer["Cache-Control"] = "private, no-cache"
    patch_vary_headers(answer, ["Cookie"])  # the language
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex"
    return answer


@open_to(*STATION_STAFF)
@require_GET
@never_cache
def feed_link(request: HttpRequest) -> HttpResponse:
    return _page(request)


@open_to(*STATION_STAFF)
@require_POST
@never_cache
def feed_make(request: HttpRequest) -> HttpResponse:
    """Shown once, on the answer itself: the link is kept nowhere and cannot be shown again."""
    user: User = request.user  # type: ignore[assignment]
    token = make_feed_link(by=user)
    return _page(request, absolute(request, reverse("feed", args=[token])))


@open_to(*STATION_STAFF)
@require_POST
def feed_revoke(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    try:
        revoke_feed_link(by=user)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        messages.success(request, _("The link is revoked: whoever reads it finds nothing."))
    return redirect("feed_link")


def _page(request: HttpRequest, address: str = "") -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    context = {
        "link": FeedLink.objects.filter(person=user).first(),
        "address": address,
        # Opens the phone's own calendar.
        "subscribe": f"webcal://{address.partition('://')[2]}" if address else "",
        "has_a_week": has_a_week(user),
    }
    return render(request, "staff/week_calendar.html", context)
