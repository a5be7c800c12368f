"""The enterprise's own guards."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liaison.accounts.access import open_to
from liaison.accounts.models import Kind, User
from liaison.core.ledgers import cut_page
from patrols.guard_filters import STATES
from patrols.models import Guard
from patrols.views import guard_keeping as keeping
from patrols.views.guard_keeping import PORTAL_FACE


@open_to(Kind.CONTACT)
def guard_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    guards = Guard.objects.visible_to(user).here(timezone.localdate()).for_list()
    context = {
        "page": cut_page(request, guards, ("certificate_until", "id")),
        "states": dict(STATES),
    }
    return render(request, "patrols/guards/portal_list.html", context)


@open_to(Kind.CONTACT)
def guard_new(request: HttpRequest) -> HttpResponse:
    return keeping.guard_new(request, PORTAL_FACE)


@open_to(Kind.CONTACT)
def guard_edit(request: HttpRequest, pk: int) -> HttpResponse:
    return keeping.guard_edit(request, PORTAL_FACE, pk)


@open_to(Kind.CONTACT)
def guard_leave(request: HttpRequest, pk: int) -> HttpResponse:
    return keeping.guard_leave(request, PORTAL_FACE, pk)
