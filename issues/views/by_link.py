"""One line for whoever has its link: how it stands and till when, with nothing about anybody.

The key in the address is all that lets one in, and no session or cookie counts. That is why a form
here needs no token against forgery: whoever could forge its sending has the key. It could not carry
one either: a page that keeps its address from others (no-referrer) has browsers send no origin.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from issues.actions.links import (
    confirm_by_link,
    dispute_by_link,
    link_of,
    may_say,
    note_opened,
    rate_by_link,
    was_a_link,
)
from issues.after_forms import ConfirmForm, DisputeForm, RatingForm, VersionedForm
from issues.models import AccessLink, Event, Issue
from issues.workflow import Clock, Stage
from liaison.accounts.access import EVERYONE, open_to
from liaison.accounts.addresses import address_of
from liaison.accounts.throttle import must_not_be_guessing, note_guess
from liaison.core.forms import show_refusal
from liaison.core.refused import Refused

# What an event is called to whoever is told no names and no words; others are not listed.
DEEDS = {
    "raise": pgettext_lazy("step", "Raised"),
    "accept": pgettext_lazy("step", "Accepted"),
    "start": pgettext_lazy("step", "Work has begun"),
    "wait": pgettext_lazy("step", "Waiting for something that others bring"),
    "resume": pgettext_lazy("step", "Work goes on"),
    "propose": pgettext_lazy("step", "Close-out proposed"),
    "return": pgettext_lazy("step", "Not solved yet: back to work"),
    "close": pgettext_lazy("step", "Closed out"),
    "reopen": pgettext_lazy("step", "Reopened"),
    "decline": pgettext_lazy("step", "Declined"),
    "withdraw": pgettext_lazy("step", "Withdrawn"),
    "grant_extension": pgettext_lazy("step", "Extended"),
    "change_limit": pgettext_lazy("step", "Time limit changed"),
    "silence": pgettext_lazy("step", "Accepted by law"),
    "recompute": pgettext_lazy("step", "Deadline moved with the calendar"),
    "rate": pgettext_lazy("step", "Rated"),
}
FORMS: dict[str, type[VersionedForm]] = {
    "confirm": ConfirmForm,
    "dispute": DisputeForm,
    "rate": RatingForm,
}
VERBS: dict[str, Callable[..., Any]] = {
    "confirm": confirm_by_link,
    "dispute": dispute_by_link,
    "rate": rate_by_link,
}
THANKS = {
    "confirm": gettext_lazy("Thank you. The line is closed out."),
    "dispute": gettext_lazy("Thank you. The station goes on working on it."),
    "rate": gettext_lazy("Thank you for telling us."),
}


@dataclass(frozen=True)
class Deed:
    what: str
    at: datetime


@csrf_exempt
@open_to(EVERYONE)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def by_link(request: HttpRequest, key: str) -> HttpResponse:
    """A link that ended, that was used up and that never was are the same: there is no such page.

    429 while from this address too many are asked for that never were.
    """
    try:
        must_not_be_guessing(request)
    except Refused as refused:
        return _guarded(render(request, "issues/portal/guessing.html", status=429), refused)
    link = link_of(key)
    if link is None:
        if not was_a_link(key):
            note_guess(request)
        raise Http404
    if request.method == "POST":
        return _guarded(_say(request, link))
    note_opened(link, str(address_of(request) or ""))
    return _guarded(_page(request, link))


def _say(request: HttpRequest, link: AccessLink) -> HttpResponse:
    what = request.POST.get("what", "")
    if what not in FORMS:
        return _page(request, link, status=422)
    form = FORMS[what](request.POST, issue=link.issue, prefix=what)
    if not form.is_valid():
        return _page(request, link, form, status=422)
    address = str(address_of(request) or "")
    try:
        VERBS[what](link, address=address, **form.cleaned_data)
    except Refused as refused:
        show_refusal(form, refused)
        link.issue = _again(link.issue)
        form.now_at(link.issue.version)
        return _page(request, link, form, status=409 if refused.conflict else 422)
    link.issue = _again(link.issue)
    # Answered at once: after a rating the address may lead nowhere any more.
    return _page(request, link, said=str(THANKS[what]))


def _page(
    request: HttpRequest,
    link: AccessLink,
    typed: VersionedForm | None = None,
    *,
    said: str = "",
    status: int = 200,
) -> HttpResponse:
    issue = link.issue
    sayable = may_say(link, issue)
    forms = {
        what: typed
        if typed is not None and typed.prefix == what
        else FORMS[what](issue=issue, prefix=what)
        for what in sorted(sayable)
    }
    context = {
        "issue": issue,
        "deeds": _deeds(issue),
        "forms": forms,
        "said": said,
        "complaints": typed.non_field_errors() if typed is not None else (),
        # What was typed for a step that is not open any more must not be lost.
        "orphan": typed.data.get(f"{typed.prefix}-words", "")
        if typed is not None and typed.prefix not in sayable
        else "",
        "until": link.expires_at,
        "accept_by": issue.respond_due_at if issue.stage == Stage.RAISED else None,
        "done_by": issue.resolve_due_at if issue.is_open else None,
        "waits_until": issue.next_due_at if issue.stage == Stage.WAITING else None,
        "confirm_by": issue.next_due_at
        if issue.stage == Stage.PROPOSED and issue.running_clock == Clock.WAIT
        else None,
    }
    return render(request, "issues/portal/by_link.html", context, status=status)


def _deeds(issue: Issue) -> list[Deed]:
    """Public moves and their days, the newest first."""
    events = Event.objects.filter(issue=issue, public=True, move__in=DEEDS)
    rows = events.order_by("-at", "-id").values_list("move", "at")
    return [Deed(str(DEEDS[move]), at) for move, at in rows]


def _again(issue: Issue) -> Issue:
    return Issue.objects.for_ledger().get(pk=issue.pk)


def _guarded(answer: HttpResponse, locked: Refused | None = None) -> HttpResponse:
    answer["Referrer-Policy"] = "no-referrer"
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "private, no-store"
    if locked is not None:
        answer["Retry-After"] = str(locked.details["retry_after"])
    return answer
