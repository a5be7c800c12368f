"""The page on which the station makes or ends a line's link for whoever will not sign in."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from enterprises.views.cards import qr_of
from issues.actions import make_link, revoke_link
from issues.actions.links import may_make_link
from issues.after_forms import LinkForm
from issues.models import Issue
from liaison.accounts.access import open_to
from liaison.accounts.models import STATION_STAFF, User
from liaison.core.addresses import absolute
from liaison.core.forms import refuse
from liaison.core.refused import Refused


@open_to(*STATION_STAFF)
def issue_link(request: HttpRequest, number: str) -> HttpResponse:
    """Shown once, on the answer itself: the link is kept nowhere and cannot be shown again."""
    user: User = request.user  # type: ignore[assignment]
    issue = _find(request, number)
    form = LinkForm(request.POST or None)
    address, status = "", 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                _link, token = make_link(issue, by=user, **form.cleaned_data)
            except Refused as refused:
                status = refuse(form, refused)
            else:
                address, status = absolute(request, reverse("issue_by_link", args=[token])), 200
    open_link = issue.access_links.open().select_related("made_by").first()
    context = {
        "issue": issue,
        "form": form,
        "may_make": may_make_link(user, issue),
        "link": open_link,
        "runs": open_link is not None and open_link.expires_at > timezone.now(),
        "address": address,
        "qr": qr_of(address) if address else "",
    }
    return render(request, "issues/link.html", context, status=status)


@open_to(*STATION_STAFF)
@require_POST
def issue_link_revoke(request: HttpRequest, number: str) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    issue = _find(request, number)
    try:
        revoke_link(issue, by=user)
    except Refused as refused:
        messages.warning(request, str(refused.message))
    else:
        messages.success(request, _("The link is revoked: whoever opens it finds nothing."))
    return redirect("issue_link", issue.number)


def _find(request: HttpRequest, number: str) -> Issue:
    user: User = request.user  # type: ignore[assignment]
    return get_object_or_404(Issue.objects.visible_to(user).for_ledger(), number=number)
