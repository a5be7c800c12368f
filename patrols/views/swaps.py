"""Swaps that wait for the station, and what enterprises wish, as the station keeps them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enterprises.models import Enterprise
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, User
from liaison.core.forms import refuse
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused
from patrols.actions.nights import remove_wish, set_wish
from patrols.actions.swapping import move_swap
from patrols.models import SwapRequest, Wish
from patrols.nights import evening_of
from patrols.querysets import WishQuerySet
from patrols.rights import keeps
from patrols.roster_forms import WishForm
from patrols.swap_moves import MOVES


@open_to(*STAFF)
def swap_list(request: HttpRequest) -> HttpResponse:
    """What is open first comes, the soonest night before the others; ``?all=1`` the ended too."""
    user: User = request.user  # type: ignore[assignment]
    rows = SwapRequest.objects.visible_to(user)
    every = request.GET.get("all") == "1"
    if not every:
        rows = rows.open().filter(gives_on__gte=evening_of(timezone.now()))
    rows = rows.select_related("team__unit", "asking", "asked", "decided_by")
    order = ("-gives_on", "-pk") if every else ("gives_on", "pk")
    page = cut_page(request, rows, order)
    for swap in page.items:
        mine = keeps(user, swap.team.unit_id)
        swap.moves = [
            name for name, move in MOVES.items()
            if mine and swap.state in move.before and name in ("accept", "approve", "reject")
        ]  # fmt: skip
    return render(request, "patrols/swaps.html", {"page": page, "every": every})


@open_to(*STATION_STAFF)
@require_POST
def swap_move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    seen = SwapRequest.objects.visible_to(user).select_related("team__unit", "asking", "asked")
    swap = get_object_or_404(seen, pk=pk)
    moved(request, swap, verb)
    return redirect("swap_list")


def moved(request: HttpRequest, swap: SwapRequest, verb: str) -> None:
    """Make the move and say how it went."""
    user: User = request.user  # type: ignore[assignment]
    if verb not in MOVES:
        raise Http404
    try:
        now = move_swap(swap, verb, by=user, answer=request.POST.get("answer", ""))
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        messages.success(request, _("Noted: %(state)s.") % {"state": now.get_state_display()})


@open_to(*STATION_STAFF)
def wish_list(request: HttpRequest) -> HttpResponse:
    """What is wished of the nights to come, and a form for an enterprise that telephones."""
    user: User = request.user  # type: ignore[assignment]
    form = WishForm(request.POST or None, enterprises=_in_teams(user))
    status = wished(request, form)
    if status is None:
        return redirect("wish_list")
    rows = coming(user)
    page = cut_page(request, rows, ("night_on", "enterprise__name", "pk"))
    return render(request, "patrols/wishes.html", {"page": page, "form": form}, status=status)


@open_to(*STATION_STAFF)
@require_POST
def wish_remove(request: HttpRequest, pk: int) -> HttpResponse:
    removed(request, pk)
    return redirect("wish_list")


def wished(request: HttpRequest, form: WishForm) -> int | None:
    """Set what the form says; None when it is done, else the status to show the form with."""
    user: User = request.user  # type: ignore[assignment]
    if not form.is_bound:
        return 200
    if not form.is_valid():
        return 422
    given = form.cleaned_data
    try:
        for night in form.nights():
            set_wish(
                given["enterprise"], night, kind=given["kind"], by=user, reason=given["reason"]
            )
    except Refused as refused:
        return refuse(form, refused)
    messages.success(request, _("Noted: the next roster heeds it."))
    return None


def removed(request: HttpRequest, pk: int) -> None:
    user: User = request.user  # type: ignore[assignment]
    wish = get_object_or_404(coming(user), pk=pk)
    try:
        remove_wish(wish, by=user)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        messages.success(request, _("Taken back."))


def coming(user: User) -> WishQuerySet:
    """Of the nights to come."""
    rows = Wish.objects.visible_to(user).filter(night_on__gte=evening_of(timezone.now()))
    return rows.select_related("enterprise__unit")


def _in_teams(user: User) -> list[Enterprise]:
    seen = Enterprise.objects.visible_to(user).filter(patrol_memberships__ended_on__isnull=True)
    return list(seen.filter(patrol_memberships__isnull=False).distinct().order_by("name", "pk"))
