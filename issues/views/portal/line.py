"""One line as the enterprise reads it: what is promised, what happened, and its own word on it."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from issues.actions import send_in
from issues.models import Attachment, Issue
from issues.portal_forms import ReplyForm
from issues.promise_changes import changes
from issues.promises import may_reopen, promises
from issues.roles import available_moves
from issues.throttle import must_not_send_more_files
from issues.views.portal.asking import refuse
from issues.views.portal.rating import may_be_rated
from issues.workflow import MOVES, Move, Stage
from liaison.accounts.access import open_to
from liaison.accounts.addresses import address_of
from liaison.accounts.models import Kind, User
from liaison.core.refused import Refused

# The moves of a contact in the contact's words, the one that is waited for first.
SAID: dict[str, str | Promise] = {
    "close": pgettext_lazy("contact", "It is resolved"),
    "dispute": pgettext_lazy("contact", "Not resolved yet"),
    "resume": pgettext_lazy("contact", "Supply what is awaited"),
    "reopen": pgettext_lazy("contact", "It is not resolved: reopen"),
    "note": pgettext_lazy("contact", "Write or send files"),
    "withdraw": pgettext_lazy("contact", "Take it back"),
}
PRIMARY = ("close", "resume", "reopen")


@dataclass(frozen=True)
class Choice:
    """A move the contact may make now, as it is called for them."""

    name: str
    label: str | Promise
    primary: bool
    tone: str


@open_to(Kind.CONTACT)
def line(request: HttpRequest, number: str) -> HttpResponse:
    return _page(request, _find(request, number))


@open_to(Kind.CONTACT)
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, number: str, move: str) -> HttpResponse:
    """The page with the form of a move open; sent, it makes the move."""
    user: User = request.user  # type: ignore[assignment]
    issue = _find(request, number)
    if move not in SAID:
        raise Http404
    if request.method != "POST":
        if MOVES[move] not in _moves(user, issue):
            return redirect("portal_line", issue.number)
        return _page(request, issue, ReplyForm(MOVES[move], issue))
    form = ReplyForm(MOVES[move], issue, request.POST, request.FILES)
    status = 422
    try:
        moved = _send(request, issue, form, user)
    except Refused as refused:
        status = refuse(form, refused)
        if refused.conflict:
            # What was typed stays; sent again it applies to the line as it is now.
            form.retype("version", refused.details.get("version", issue.version))
    else:
        if moved is not None:
            messages.success(request, _("Sent: %(move)s.") % {"move": SAID[move]})
            return redirect("portal_line", moved.number)
    return _page(request, _find(request, number), form, status)


def _send(request: HttpRequest, issue: Issue, form: ReplyForm, user: User) -> Issue | None:
    if not form.is_valid():
        return None
    must_not_send_more_files(user, form.how_many_files(), timezone.now())
    sent = form.sent(address_of(request))
    files = form.keep_files(user) if form.move.files else []
    if form.errors:
        return None
    return send_in(
        issue,
        form.move.name,
        by=user,
        version=form.cleaned_data["version"],
        values=form.values(),
        sent=sent,
        files=files,
    )


def _find(request: HttpRequest, number: str) -> Issue:
    user: User = request.user  # type: ignore[assignment]
    return get_object_or_404(Issue.objects.visible_to(user).for_detail(), number=number)


def _moves(user: User, issue: Issue) -> list[Move]:
    """Those of a contact, without what would only be refused."""
    there = [one for one in available_moves(user, issue) if one.name in SAID]
    if issue.stage == Stage.CLOSED and not may_reopen(issue, timezone.now()):
        there = [one for one in there if one.name != "reopen"]
    return sorted(there, key=lambda one: list(SAID).index(one.name))


def _page(
    request: HttpRequest, issue: Issue, opened: ReplyForm | None = None, status: int = 200
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    moves = _moves(user, issue)
    first = next((one.name for one in moves if one.name in PRIMARY), "")
    events = list(
        issue.events.shown_to(user).prefetch_related(
            Prefetch("attachments", Attachment.objects.select_related("evidence"))
        )
    )
    # The move is not open any more, yet what was typed for it must not be lost.
    orphan = opened if opened is not None and opened.move not in moves else None
    context = {
        "issue": issue,
        "choices": [Choice(one.name, SAID[one.name], one.name == first, one.tone) for one in moves],
        "form": opened if orphan is None else None,
        "opened": opened and SAID[opened.move.name],
        "orphan": orphan,
        "may_rate": may_be_rated(issue),
        "promises": promises(issue, list(issue.pauses.all()), timezone.now()),
        "changes": list(reversed(changes(issue, events))),
        "events": list(reversed(events)),
    }
    return render(request, "issues/portal/line.html", context, status=status)
