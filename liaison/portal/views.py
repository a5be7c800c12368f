"""The contact's home, what is theirs, and how large the letters are."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Subquery, Sum, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from documents.models import Document, Order
from enterprises.models import Enterprise
from issues.models import HeldRequest, Issue
from issues.querysets.bill import IssueQuerySet
from liaison.accounts.access import EVERYONE, open_to
from liaison.accounts.models import Kind, User
from liaison.portal.frame import ELDER
from patrols.at_a_glance import duties_ahead

SHOWN = 5
A_YEAR = timedelta(days=365)


@open_to(Kind.CONTACT)
def home(request: HttpRequest) -> HttpResponse:
    """Who answers for us and how to reach them, what one may ask, what is open and till when."""
    user: User = request.user  # type: ignore[assignment]
    lines = Issue.objects.visible_to(user)
    ours = Enterprise.objects.visible_to(user).for_ledger().annotate(**answering_of(lines))
    enterprises = list(ours.order_by("name", "pk"))
    waiting = lines.waiting_for_the_enterprise()
    others = lines.open().exclude(pk__in=waiting.values("pk"))
    held = HeldRequest.objects.visible_to(user).pending().for_rows()
    context = {
        "duties": duties_ahead(user, timezone.now()),
        "several": len(enterprises) > 1,
        "waiting": waiting.for_rows().order_by("next_due_at", "pk")[:SHOWN],
        "papers": papers_of(user),
        "held": held.order_by("due_at", "pk")[:SHOWN],
        "enterprises": enterprises,
        "minutes": minutes_on_average(enterprises),
        "lines": others.for_rows().order_by("next_due_at", "pk")[:SHOWN],
    }
    return render(request, "portal/home.html", context)


def answering_of(lines: IssueQuerySet) -> dict[str, Subquery]:
    """Of an enterprise's lines of the last year that were answered: how many (``answered``), and
    how long that took in all (``took``)."""
    year = lines.filter(raised_at__gte=timezone.now() - A_YEAR, responded_at__isnull=False)
    its = year.filter(enterprise=OuterRef("pk")).order_by().values("enterprise")
    took = its.annotate(took=Sum(F("responded_at") - F("raised_at"))).values("took")
    return {
        "answered": Subquery(its.annotate(answered=Count("pk")).values("answered")),
        "took": Subquery(took),
    }


def minutes_on_average(enterprises: Iterable[Any]) -> int | None:
    """Until a line was answered, over all of them; None where none was."""
    answered = sum(one.answered or 0 for one in enterprises)
    took = sum((one.took or timedelta() for one in enterprises), timedelta())
    return max(1, round(took.total_seconds() / 60 / answered)) if answered else None


def papers_of(user: User) -> Counter[str]:
    """How many orders are open and how many documents this person has not read, in one query."""
    orders = Order.objects.visible_to(user).open()
    unread = Document.objects.visible_to(user).unread_by(user)
    each = (
        rows.order_by().annotate(topic=Value(topic)).values("topic").annotate(n=Count("pk"))
        for topic, rows in (("orders", orders), ("unread", unread))
    )
    one, other = (rows.values_list("topic", "n") for rows in each)
    return Counter(dict(one.union(other, all=True)))


@open_to(Kind.CONTACT)
def mine(request: HttpRequest) -> HttpResponse:
    """What belongs to the person and not to the enterprise: password, notices, letters, leaving."""
    return render(request, "portal/mine.html")


@open_to(EVERYONE)
@require_POST
def letters(request: HttpRequest) -> HttpResponse:
    """长辈模式: large letters and a calm page, or back; kept on the device, whoever uses it."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        return _switched(request, redirect("dashboard"))
    return _switched(request, redirect(back))


def _switched(request: HttpRequest, answer: HttpResponseRedirect) -> HttpResponse:
    if request.POST.get("large") == "1":
        answer.set_cookie(
            ELDER, "1", max_age=A_YEAR, secure=request.is_secure(), httponly=True, samesite="Lax"
        )
    else:
        answer.delete_cookie(ELDER, samesite="Lax")
    return answer
