"""One line of the bill: its page, its moves, its files."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from issues.actions import make_move, raise_issue
from issues.actions.engine import missing_proofs
from issues.actions.rating import is_of_another
from issues.clocks import faces, to_the_minute
from issues.clocks import steps as ladder_steps
from issues.deadlines import calendar_for, extended
from issues.forms import MoveForm, RaiseForm
from issues.ladder import rungs_of
from issues.models import Attachment, EscalationRule, Event, Extension, Issue
from issues.roles import available_moves, standing_of
from issues.why import why_due
from issues.workflow import MOVES, OPEN, STEPS, Clock, Move, Proof, Stage
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, Kind, User
from liaison.core.forms import show_refusal
from liaison.core.refused import Refused

# What one usually does next, first; the rest stands beside it.
PRIMARY = ("accept", "start", "propose", "close", "resume", "grant_extension")
# One press, nothing to fill in; a remark can be added beside it at any time.
QUICK = frozenset({"accept", "start"})


# A link shows how a line goes on, or takes what the enterprise says of its end.
LINKED = (*OPEN, Stage.CLOSED)
# The straight way in verbs: a stage that lies behind is not "to be accepted" any more.
STEP_WORDS = {
    Stage.RAISED: pgettext_lazy("step", "Raised"),
    Stage.ACCEPTED: pgettext_lazy("step", "Accepted"),
    Stage.WORKING: pgettext_lazy("step", "Worked on"),
    Stage.PROPOSED: pgettext_lazy("step", "Close-out proposed"),
    Stage.CLOSED: pgettext_lazy("step", "Closed out"),
}


@dataclass(frozen=True)
class Step:
    """One station of the straight way, with the moment it was reached or is due."""

    label: str
    css: str
    when: str


@dataclass(frozen=True)
class Choice:
    """A move this person may make now."""

    move: Move
    quick: bool
    primary: bool


@open_to(*STAFF, Kind.CONTACT)
def issue_detail(request: HttpRequest, number: str) -> HttpResponse:
    """The page of a line; a link to it leads a contact to theirs."""
    if request.user.is_contact:  # type: ignore[union-attr]
        return redirect("portal_line", _find(request, number).number)
    return _page(request, _find(request, number))


@open_to(*STATION_STAFF)
@require_http_methods(["GET", "POST"])
def issue_move(request: HttpRequest, number: str, move: str) -> HttpResponse:
    """Makes a move. Asked for, it is the page with the form of that move open, and for htmx the
    form alone."""
    issue = _find(request, number)
    if move not in MOVES:
        raise Http404
    if request.method == "POST":
        return _make(request, issue, MOVES[move])
    return _open(request, issue, MOVES[move])


def _open(request: HttpRequest, issue: Issue, move: Move) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    if move.name in QUICK or move not in available_moves(user, issue):
        # Nothing to fill in, or somebody was first: the page says how the line stands.
        return redirect("issue_detail", issue.number)
    form = MoveForm(move, issue)
    if not request.htmx:  # type: ignore[attr-defined]
        return _page(request, issue, form)
    # What is sent is judged by the line as the page shows it, which may be older than this form.
    form.initial["version"] = request.GET.get("version", issue.version)
    return render(request, "issues/_move.html", {"issue": issue, "form": form})


def _make(request: HttpRequest, issue: Issue, move: Move) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    form = MoveForm(move, issue, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, issue, form, status=422)
    files = form.keep_files(user)
    if form.errors:
        return _page(request, issue, form, status=422)
    try:
        moved = make_move(
            issue,
            move.name,
            by=user,
            version=form.cleaned_data["version"],
            values=form.values(),
            files=files,
        )
    except Refused as refused:
        show_refusal(form, refused)
        if refused.conflict:
            # What was typed stays; sent again it applies to the line as it is now.
            form.retype("version", refused.details.get("version", issue.version))
        now = _find(request, issue.number)
        return _page(request, now, form, status=409 if refused.conflict else 422)
    messages.success(request, _("Done: %(move)s.") % {"move": move.label})
    return redirect("issue_detail", moved.number)


@open_to(*STATION_STAFF)
def issue_new(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    form = RaiseForm(
        request.POST or None,
        request.FILES or None,
        user=user,
        initial={"enterprise": request.GET.get("enterprise"), "level": "ordinary"},
    )
    if request.method == "POST" and form.is_valid():
        files = form.keep_files(user)
        if not form.errors:
            asked = {name: form.cleaned_data[name] for name in ("kind", "title", "text", "level")}
            try:
                issue = raise_issue(
                    form.cleaned_data["enterprise"],
                    by=user,
                    source=Issue.Source.DESK,
                    files=files,
                    **asked,
                )
            except Refused as refused:
                show_refusal(form, refused)
            else:
                messages.success(request, _("Entered as %(number)s.") % {"number": issue.number})
                return redirect("issue_detail", issue.number)
    return render(request, "issues/new.html", {"form": form}, status=422 if form.is_bound else 200)


def _find(request: HttpRequest, number: str) -> Issue:
    user: User = request.user  # type: ignore[assignment]
    return get_object_or_404(Issue.objects.visible_to(user).for_detail(), number=number)


def _page(
    request: HttpRequest, issue: Issue, opened: MoveForm | None = None, status: int = 200
) -> HttpResponse:
    """The page of a line; with the form of one move open, the others are but named."""
    user: User = request.user  # type: ignore[assignment]
    moves = available_moves(user, issue)
    first = next((name for name in PRIMARY if any(move.name == name for move in moves)), "")
    # The move is not open any more, yet what was typed for it must not be lost.
    orphan = opened if opened is not None and opened.move not in moves else None
    events = list(
        issue.events.shown_to(user).prefetch_related(
            Prefetch("attachments", Attachment.objects.select_related("evidence"))
        )
    )
    attached = [file for event in events for file in event.attachments.all()]
    wanted = missing_proofs(issue, (), attached=attached) if issue.is_open else []
    extension = next((one for one in issue.extensions.all() if one.is_pending), None)
    context = {
        "issue": issue,
        "choices": [Choice(move, move.name in QUICK, primary=move.name == first) for move in moves],
        "form": opened if orphan is None else None,
        "orphan": orphan,
        "orphan_text": orphan.typed() if orphan is not None else "",
        "events": list(reversed(events)),
        "steps": _steps(issue, events),
        "wanted": [Proof(one).label for one in wanted],
        "extension": extension,
        "extension_too_late": extension is not None and standing_of(user, issue).ran_out,
        **_clocks(issue, extension),
        **_after(issue, user),
    }
    return render(request, "issues/detail.html", context, status=status)


def _after(issue: Issue, user: User) -> dict[str, Any]:
    """What was heard since it was closed out, and what of that this person may bring about."""
    another = user.is_station_staff and is_of_another(issue, user)
    return {
        "rating": issue.rating_in_force,
        "callbacks": issue.callbacks.select_related("by") if issue.stage == Stage.CLOSED else (),
        "may_call_back": another and issue.callback_due_on is not None,
        "links": user.is_station_staff and not issue.sensitive and issue.stage in LINKED,
    }


def _clocks(issue: Issue, asked: Extension | None) -> dict[str, Any]:
    """How the clocks of the line stand, why, what its ladder has done and does next, and where the
    extension that was asked for would take the deadline."""
    now = timezone.now()
    pauses = sorted(issue.pauses.all(), key=lambda one: one.starts_at)
    taken = list(issue.escalations.order_by("planned_at", "step"))
    stopped = any(one.ended_at is not None for one in pauses)
    calendar = calendar_for(issue, hours=stopped)
    rules = EscalationRule.objects.all().fitting(issue.unit).filter(clock=issue.running_clock)
    to_come = [rung for rung in rungs_of(issue, rules, calendar) if rung.at > now]
    return {
        "now": now,
        "clocks": faces(issue, pauses, now),
        "ladder": ladder_steps(taken, to_come, issue.next_due_at),
        "pause": next((one for one in pauses if one.ended_at is None), None),
        "why_due": why_due(issue, pauses, calendar, extensions=issue.extensions.all()),
        "extended": extended(issue, pauses, calendar, asked.days) if asked else None,
    }


def _steps(issue: Issue, events: list[Event]) -> list[Step]:
    """The straight way with what has been reached in this generation."""
    reached: dict[str, Event] = {}
    for event in events:
        if event.from_stage != event.to_stage:
            reached[event.to_stage] = event
    here = Stage.WORKING if issue.stage == Stage.WAITING else issue.stage
    at = STEPS.index(Stage(here)) if here in STEPS else -1
    # While it waits the clock that runs is the one of the waiting; the next step has its own.
    stands_still = issue.running_clock == Clock.WAIT and issue.stage == Stage.WAITING
    due_at = issue.resolve_due_at if stands_still else issue.next_due_at
    steps = []
    for place, stage in enumerate(STEPS):
        when = ""
        if place <= at and stage in reached:
            when = to_the_minute(reached[stage].at)
        elif place == at + 1 and due_at:
            when = _("due %(day)s") % {"day": to_the_minute(due_at)}
        css = "now" if place == at and issue.is_open else "done" if place <= at else ""
        steps.append(Step(str(STEP_WORDS[stage]), css, when))
    return steps
