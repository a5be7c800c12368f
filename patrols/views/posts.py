"""Temporary posts and the station's own patrol, in the browser."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, User
from liaison.core.forms import refuse
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused
from patrols.actions.posts import add_window, end_post, end_window, make_post
from patrols.models import StationPatrol, TemporaryPost
from patrols.route_forms import DAYS, PostForm, WindowForm


@open_to(*STAFF)
@require_safe
def post_list(request: HttpRequest) -> HttpResponse:
    """Posts that begin or go on, the next to end first."""
    user: User = request.user  # type: ignore[assignment]
    rows = TemporaryPost.objects.visible_to(user).manned(timezone.now())
    page = cut_page(request, rows.select_related("unit", "issue", "made_by"), ("until_at", "pk"))
    return render(request, "patrols/posts.html", {"page": page})


@open_to(*STATION_STAFF)
def post_new(request: HttpRequest) -> HttpResponse:
    """``?issue=`` has the number of the line of the bill that asks for it."""
    user: User = request.user  # type: ignore[assignment]
    form = PostForm(request.POST or None, user=user, asked=request.GET.get("issue", ""))
    names = ("place", "from_at", "until_at", "reason", "point", "issue")
    title = _("New temporary post")
    return _made(request, form, make_post, names, title, "patrol_post_list")


@open_to(*STATION_STAFF)
@require_POST
def post_end(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    rows = TemporaryPost.objects.visible_to(user).select_related("unit")
    post = get_object_or_404(rows, pk=pk)
    return _ended(request, end_post, post, "patrol_post_list")


@open_to(*STAFF)
@require_safe
def window_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    rows = StationPatrol.objects.visible_to(user).active().select_related("unit")
    page = cut_page(request, rows, ("name", "pk"))
    names = dict(DAYS)
    shown = [
        (
            one,
            _("every evening")
            if len(one.weekdays) == len(names)
            else "、".join(str(names[day]) for day in one.weekdays),
        )
        for one in page.items
    ]
    return render(request, "patrols/windows.html", {"page": page, "shown": shown})


@open_to(*STATION_STAFF)
def window_new(request: HttpRequest) -> HttpResponse:
    form = WindowForm(request.POST or None)
    names = ("name", "weekdays", "from_time", "to_time", "point", "radius")
    title = _("New station patrol")
    return _made(request, form, add_window, names, title, "patrol_window_list")


@open_to(*STATION_STAFF)
@require_POST
def window_end(request: HttpRequest, pk: int) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    rows = StationPatrol.objects.visible_to(user).select_related("unit")
    return _ended(request, end_window, get_object_or_404(rows, pk=pk), "patrol_window_list")


def _made(
    request: HttpRequest, form: Any, verb: Any, names: tuple[str, ...], title: str, back: str
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    status = 422 if form.is_bound else 200
    if form.is_valid():
        if user.unit is None:
            raise Http404
        try:
            verb(user.unit, by=user, **{name: form.cleaned_data[name] for name in names})
        except Refused as refused:
            status = refuse(form, refused)
        else:
            return redirect(back)
    context = {"form": form, "title": title, "back": reverse(back)}
    return render(request, "patrols/night_form.html", context, status=status)


def _ended(request: HttpRequest, verb: Any, row: Any, back: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    try:
        verb(row, by=user)
    except Refused as refused:
        messages.error(request, str(refused.message))
    return redirect(back)
