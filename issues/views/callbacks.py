"""回访: lines that were closed out and whose enterprise has not been asked yet; asking it."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from issues.actions import record_callback
from issues.actions.rating import may_call_back
from issues.after_forms import CallbackForm
from issues.filters import CallbackFilter
from issues.models import Issue
from issues.workflow import Stage
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, STATION_STAFF, User
from liaison.core.forms import refuse
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused


@open_to(*STAFF)
def callback_list(request: HttpRequest) -> HttpResponse:
    """Oldest first. Of a line that a person handled somebody else calls."""
    user: User = request.user  # type: ignore[assignment]
    asked = CallbackFilter(request.GET, user=user)
    rows = asked.apply(Issue.objects.visible_to(user).unheard())
    page = cut_page(request, rows.for_callbacks(), asked.columns)
    context = {"filter": asked, "page": page, "days": settings.CALLBACK_DAYS}
    return render(request, "issues/callbacks.html", context)


@open_to(*STATION_STAFF)
def callback_record(request: HttpRequest, number: str) -> HttpResponse:
    """Write down that somebody was reached, or that nobody was. Not there for who handled it."""
    user: User = request.user  # type: ignore[assignment]
    lines = Issue.objects.visible_to(user)
    issue = get_object_or_404(lines.for_detail(), number=number)
    if not may_call_back(user, issue):
        raise Http404
    form = CallbackForm(request.POST or None, issue=issue, rated=issue.rating_in_force is not None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                made = record_callback(issue, by=user, **form.cleaned_data)
            except Refused as refused:
                status = refuse(form, refused)
                issue = lines.for_detail().get(pk=issue.pk)
                form.now_at(issue.version)
            else:
                messages.success(
                    request,
                    _("The callback is written down.")
                    if made.reached
                    else _("The attempt is written down; the callback stays due."),
                )
                return redirect("issue_detail", issue.number)
    elif issue.stage != Stage.CLOSED:
        return redirect("issue_detail", issue.number)
    context = {
        "issue": issue,
        "form": form,
        "rating": issue.rating_in_force,
        "callbacks": issue.callbacks.select_related("by"),
        "contacts": issue.enterprise.contacts.filter(left_on__isnull=True),
    }
    return render(request, "issues/callback.html", context, status=status)
