"""Asking: a hazard reported, help wanted, a patrol wished for."""

import uuid
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import Enterprise
from issues.actions import ask
from issues.models import HeldRequest, Issue
from issues.portal_forms import AskForm, SentForm
from issues.promises import moment_said, promises
from issues.throttle import must_not_send_more_files
from liaison.accounts.access import open_to
from liaison.accounts.addresses import address_of
from liaison.accounts.models import Kind, User
from liaison.core.forms import refuse as core_refuse
from liaison.core.refused import Refused


@dataclass(frozen=True)
class Asked:
    """One of the tiles: its heading, what to write, and which kinds of line may come of it."""

    label: str | Promise
    hint: str | Promise
    kinds: tuple[str, ...]


ASKED = {
    "hazard": Asked(
        gettext_lazy("Report a danger"),
        gettext_lazy(
            "What is dangerous or missing, where, since when. If somebody is in danger now: 110."
        ),
        ("hazard", "case_lead"),
    ),
    "help": Asked(
        gettext_lazy("Ask for help"),
        gettext_lazy("What it is about, who is concerned, and what would help you."),
        ("dispute", "service", "other"),
    ),
    "patrol": Asked(
        gettext_lazy("Ask for patrols"),
        gettext_lazy("Where and when you would like to see a patrol, and why."),
        ("patrol_request",),
    ),
}


@open_to(Kind.CONTACT)
def ask_page(request: HttpRequest, what: str) -> HttpResponse:
    if what not in ASKED:
        raise Http404
    user: User = request.user  # type: ignore[assignment]
    asked = ASKED[what]
    form = AskForm(request.POST or None, request.FILES or None, user=user, kinds=asked.kinds)
    status = 200
    if request.method == "POST":
        status = 422
        try:
            answer = _send(request, form, user)
        except Refused as refused:
            status = refuse(form, refused)
        else:
            if answer is not None:
                return answer
    context = {
        "form": form,
        "asked": asked,
        "what": what,
        "may_ask": Enterprise.objects.visible_to(user).live().exists(),
    }
    return render(request, "issues/portal/ask.html", context, status=status)


def _send(request: HttpRequest, form: AskForm, user: User) -> HttpResponse | None:
    if not form.is_valid():
        return None
    must_not_send_more_files(user, form.how_many_files(), timezone.now())
    sent = form.sent(address_of(request))
    files = form.keep_files(user)
    if form.errors:
        return None
    given = {name: form.cleaned_data[name] for name in ("kind", "title", "text")}
    came = ask(form.cleaned_data["enterprise"], by=user, sent=sent, files=files, **given)
    if isinstance(came, HeldRequest):
        return redirect("portal_held", came.pk)
    messages.success(request, _promised(came))
    return redirect("portal_line", came.number)


def _promised(issue: Issue) -> str:
    """Said at once, of what has a clock and of what it depends on."""
    hear, done = promises(issue, (), timezone.now())
    due = moment_said(issue.respond_due_at)
    if hear.due_at is None:
        return _("Sent: %(number)s.") % {"number": issue.number}
    return _("Sent as %(number)s. You hear by %(due)s; it is done %(days)s.") % {
        "number": issue.number,
        "due": due,
        "days": done.head,
    }


def refuse(form: SentForm, refused: Refused) -> int:
    """Show the refusal on the form, with what was typed; the status to answer with."""
    if refused.code == "sent_already":
        # What is typed is something else, and is sent as such if sent once more.
        form.retype("client_id", uuid.uuid4())  # type: ignore[attr-defined]
    return core_refuse(form, refused)


@open_to(Kind.CONTACT)
def held(request: HttpRequest, pk: int) -> HttpResponse:
    """A request that the desk looks at first: by when, and what was decided."""
    user: User = request.user  # type: ignore[assignment]
    found = get_object_or_404(HeldRequest.objects.visible_to(user).for_rows(), pk=pk)
    if found.issue is not None:
        # Whoever sees the request sees its line, by the same rule.
        return redirect("portal_line", found.issue.number)
    context = {
        "held": found,
        "files": found.files.select_related("evidence"),
        "now": timezone.now(),
    }
    return render(request, "issues/portal/held.html", context)
