"""Applications at the station: the ledger, one of them, its steps, its files."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from green_channel.actions import (
    apply_for,
    ask_correction,
    bring,
    check_complete,
    confirm_receipt,
    decide,
)
from green_channel.actions.checking import CORRECT_WITHIN
from green_channel.filters import STATES, ApplicationFilter
from green_channel.forms import (
    ApplyForm,
    BringForm,
    CorrectionForm,
    DecideForm,
    ReceivedForm,
    VersionForm,
)
from green_channel.models import Application, Item
from green_channel.showing import Shown, show
from green_channel.terms import terms_at
from issues.actions import resume_issue
from issues.models import Attachment, Issue
from issues.roles import roles_of
from issues.workflow import Role, Stage
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, User
from liaison.core.forms import refuse, show_refusal
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused
from liaison.evidence.serving import serve

# Steps with nothing to fill in.
QUICK = ("check", "resume")
STEPS = (*QUICK, "correct", "bring", "decide", "received")


@open_to(*STAFF)
def green_list(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    asked = ApplicationFilter(request.GET, user=user)
    rows = asked.apply(Application.objects.visible_to(user)).for_rows()
    state = asked.chosen("state") or "open"
    context = {
        "filter": asked,
        "page": cut_page(request, rows, asked.columns),
        "tabs": [
            {"code": code, "label": label, "current": code == state} for code, label in STATES
        ],
    }
    return render(request, "green_channel/list.html", context)


@open_to(*STAFF)
def green_detail(request: HttpRequest, pk: int) -> HttpResponse:
    application = _find(request, pk)
    return _page(request, application)


@open_to(*STATION_STAFF)
@require_http_methods(["GET", "POST"])
def green_step(request: HttpRequest, pk: int, step: str) -> HttpResponse:
    """Takes a step. Asked for, it is the page with the form of that step open."""
    user: User = request.user  # type: ignore[assignment]
    application = _find(request, pk)
    if step not in STEPS:
        raise Http404
    shown = show(application, user)
    if request.method != "POST":
        if step in QUICK or step not in steps_for(user, shown):
            return redirect("green_detail", pk)
        return _page(request, application, step=step, form=_form(step, shown))
    form = _form(step, shown, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, application, step=step, form=form, status=422)
    try:
        _TAKE[step](application, form, user)
    except Refused as refused:
        show_refusal(form, refused)
        again = _find(request, pk)
        if refused.conflict and "version" in form.fields:
            # What was typed stays; sent again it applies to the line as it is now.
            data = form.data.copy()
            data["version"] = str(again.issue.version)
            form.data = data
        status = 409 if refused.conflict else 422
        return _page(request, again, step=step, form=form, status=status)
    if form.errors:
        return _page(request, application, step=step, form=form, status=422)
    messages.success(request, _("Saved."))
    return redirect("green_detail", pk)


@open_to(*STATION_STAFF)
def green_apply(request: HttpRequest, pk: int) -> HttpResponse:
    """代办: the desk or an officer applies for an enterprise."""
    user: User = request.user  # type: ignore[assignment]
    item = get_object_or_404(Item.objects.visible_to(user).prefetch_related("requirements"), pk=pk)
    form = ApplyForm(
        request.POST or None,
        request.FILES or None,
        user=user,
        item=item,
        enterprise=request.GET.get("enterprise"),
    )
    made, status = send(form, item, user)
    if made is not None:
        messages.success(request, _("Entered as %(number)s.") % {"number": made.issue.number})
        return redirect("green_detail", made.pk)
    context = {"item": item, "terms": terms_at(item, user.unit), "form": form}
    return render(request, "green_channel/apply.html", context, status=status)


def send(form: ApplyForm, item: Item, user: User) -> tuple[Application | None, int]:
    """The application that a valid form made, or the status with which it is shown again."""
    if not form.is_bound:
        return None, 200
    if not form.is_valid():
        return None, 422
    files = form.keep_files(user)
    if form.errors:
        return None, 422
    given = form.cleaned_data
    try:
        made = apply_for(
            item,
            given["enterprise"],
            by=user,
            mode=given["mode"],
            text=given["text"],
            files=files,
            agent=given.get("agent"),
            client_id=given["client_id"],
        )
    except Refused as refused:
        return None, refuse(form, refused)
    return made, 302


@open_to(*STAFF)
def green_file(request: HttpRequest, pk: int, file: UUID) -> HttpResponseBase:
    return serve_file(request, pk, file)


def serve_file(request: HttpRequest, pk: int, file: UUID) -> HttpResponseBase:
    """A file of this application, to whoever may see the event it came with."""
    user: User = request.user  # type: ignore[assignment]
    seen = Attachment.objects.visible_to(user).select_related("evidence", "issue")
    found = get_object_or_404(seen, issue__application=pk, evidence=file)
    return serve(request, found.evidence, name=f"{found.issue.number}-{found.pk}")


def steps_for(user: User, shown: Shown) -> list[str]:
    """What this person may do next here, the usual first. The rest stands on the line's page."""
    issue = shown.application.issue
    roles = roles_of(user, issue)
    missing = shown.open_papers
    found = []
    if Role.HANDLER in roles:
        match issue.stage:
            case Stage.RAISED | Stage.ACCEPTED:
                found += [] if missing else ["check"]
            case Stage.WORKING:
                found.append("decide")
            case Stage.WAITING if not any(one.asked_in_id for one in missing):
                found.append("resume")
        may_ask = issue.stage in (Stage.RAISED, Stage.ACCEPTED, Stage.WORKING)
        silent = issue.silence_days is not None and shown.context["silence_over"]
        if may_ask and shown.context["correction"] is None and not silent:
            found.append("correct")
    undecided = issue.is_open and issue.stage != Stage.PROPOSED
    if missing and undecided and roles & {Role.HANDLER, Role.DESK, Role.RAISER}:
        found.append("bring")
    if issue.stage == Stage.PROPOSED and Role.APPROVER in roles:
        found.append("received")
    return found


def _find(request: HttpRequest, pk: int) -> Application:
    user: User = request.user  # type: ignore[assignment]
    return get_object_or_404(Application.objects.visible_to(user).for_page(), pk=pk)


def _page(
    request: HttpRequest,
    application: Application,
    *,
    step: str = "",
    form: forms.Form | None = None,
    status: int = 200,
) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    shown = show(application, user)
    context = {
        **shown.context,
        "steps": steps_for(user, shown),
        "step": step,
        "form": form,
        "now": timezone.now(),
    }
    return render(request, "green_channel/detail.html", context, status=status)


def _form(step: str, shown: Shown, data: Any = None, files: Any = None) -> Any:
    version = {"version": shown.application.issue.version}
    match step:
        case "correct":
            initial = {**version, "until": timezone.localdate() + CORRECT_WITHIN}
            return CorrectionForm(data, application=shown.application, initial=initial)
        case "bring":
            return BringForm(data, files, papers=shown.open_papers, by_staff=True)
        case "decide":
            return DecideForm(data, files, initial=version)
        case "received":
            return ReceivedForm(data, initial=version)
    return VersionForm(data, initial=version)


def _check(application: Application, form: VersionForm, by: User) -> None:
    check_complete(application, by=by, version=form.cleaned_data["version"])


def _resume(application: Application, form: VersionForm, by: User) -> None:
    issue = Issue.objects.get(pk=application.issue_id)
    resume_issue(issue, by=by, version=form.cleaned_data["version"])


def _correct(application: Application, form: CorrectionForm, by: User) -> None:
    given = form.cleaned_data
    ask_correction(
        application,
        by=by,
        version=given["version"],
        wrong=[int(pk) for pk in given.get("wrong", ())],
        more=given["more"].splitlines(),
        words=given["words"],
        until=given["until"],
    )


def _bring(application: Application, form: BringForm, by: User) -> None:
    files = form.keep_files(by)
    if not form.errors:
        given = form.cleaned_data
        seen = [int(pk) for pk in given.get("seen", ())]
        bring(application, by=by, files=files, seen=seen, words=given["words"])


def _decide(application: Application, form: DecideForm, by: User) -> None:
    document = form.keep_document(by)
    if not form.errors:
        given = form.cleaned_data
        texts = ("outcome", "reason", "appeal", "pickup_place", "pickup_when")
        decide(
            application,
            by=by,
            version=given["version"],
            document=document,
            **{name: given[name] for name in texts},
        )


def _received(application: Application, form: ReceivedForm, by: User) -> None:
    given = form.cleaned_data
    confirm_receipt(
        application, by=by, version=given["version"], confirmed_by=given["confirmed_by"]
    )


_TAKE: dict[str, Callable[[Application, Any, User], None]] = {
    "check": _check,
    "resume": _resume,
    "correct": _correct,
    "bring": _bring,
    "decide": _decide,
    "received": _received,
}
