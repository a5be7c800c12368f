"""The enterprise's visits, as its contacts read them: who came when, what was promised."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from liaison.accounts.access import open_to
from liaison.accounts.models import Kind, User
from liaison.core.forms import refuse
from liaison.core.ledgers import cut_page
from liaison.core.refused import Refused
from visits.actions import say_of_visit
from visits.models import OfficerRole, Promise, Visit
from visits.querysets import ASKED_ABOUT, VisitQuerySet
from visits.word_forms import WordForm


@open_to(Kind.CONTACT)
def portal_visits(request: HttpRequest) -> HttpResponse:
    """The last 90 days, the newest first; each can be confirmed or disputed once."""
    user: User = request.user  # type: ignore[assignment]
    page = cut_page(request, _seen_by(user), ("-happened_at", "-id"))
    context = {"page": page, "days": ASKED_ABOUT.days}
    return render(request, "visits/portal/list.html", context)


@open_to(Kind.CONTACT)
def portal_visit(request: HttpRequest, pk: int) -> HttpResponse:
    """One visit, and what the enterprise says of it; then the chief's answer."""
    user: User = request.user  # type: ignore[assignment]
    visit = get_object_or_404(_seen_by(user), pk=pk)
    form = WordForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                word = say_of_visit(visit, by=user, **form.cleaned_data)
            except Refused as refused:
                status = refuse(form, refused)
                visit = get_object_or_404(_seen_by(user), pk=pk)
            else:
                messages.success(
                    request,
                    _("Thank you for confirming it.")
                    if word.came
                    else _("Thank you. A chief of the station looks into it and answers here."),
                )
                return redirect("portal_visit", visit.pk)
    context = {
        "visit": visit,
        "word": getattr(visit, "word", None),
        "roles": [OfficerRole(code).label for code in visit.roles],
        "form": form,
    }
    return render(request, "visits/portal/visit.html", context, status=status)


def _seen_by(user: User) -> VisitQuerySet:
    """Only what a contact may read of a visit is read: neither what the officer noted, nor where
    the phone was."""
    promises = Promise.objects.order_by("due_on", "pk")
    return (
        Visit.objects.for_contact(user)
        .select_related("enterprise", "officer", "word__answered_by")
        .defer("summary", "fronts")
        .prefetch_related(Prefetch("promises", promises))
    )
