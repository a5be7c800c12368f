"""The enterprise says how content it is with a line that was closed out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from issues.actions import rate_issue
from issues.actions.ending import in_time
from issues.after_forms import RatingForm
from issues.deadlines import REOPEN_WITHIN
from issues.models import Issue
from issues.workflow import Stage
from liaison.accounts.access import open_to
from liaison.accounts.models import Kind, User
from liaison.core.forms import refuse
from liaison.core.refused import Refused


def may_be_rated(issue: Issue) -> bool:
    """Closed out, not rated, and not too long ago."""
    return issue.stage == Stage.CLOSED and in_time(issue) and issue.rating_in_force is None


@open_to(Kind.CONTACT)
def portal_rate(request: HttpRequest, number: str) -> HttpResponse:
    """The five steps; or what was said, or why there is nothing to say."""
    user: User = request.user  # type: ignore[assignment]
    lines = Issue.objects.visible_to(user)
    issue = get_object_or_404(lines.for_detail(), number=number)
    form = RatingForm(request.POST or None, issue=issue)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                rating = rate_issue(issue, by=user, **form.cleaned_data)
            except Refused as refused:
                status = refuse(form, refused)
                issue = lines.for_detail().get(pk=issue.pk)
                form.now_at(issue.version)
            else:
                messages.success(
                    request,
                    _("Thank you. The line is reopened; we will be in touch.")
                    if rating.is_low
                    else _("Thank you for telling us."),
                )
                return redirect("portal_rate", issue.number)
    context = {
        "issue": issue,
        "rating": issue.rating_in_force,
        "form": form,
        "open": may_be_rated(issue),
        "days": REOPEN_WITHIN.days,
    }
    return render(request, "issues/portal/rate.html", context, status=status)
