"""One box for everything: name, pinyin initials, number, phone."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from enterprises.models import Enterprise
from issues.models import Issue
from liaison.accounts.access import open_to
from liaison.accounts.models import STAFF, User

SHOWN = 20


@open_to(*STAFF)
def search(request: HttpRequest) -> HttpResponse:
    """Enterprises and bill lines that match; a bill number typed in full goes straight there."""
    user: User = request.user  # type: ignore[assignment]
    words = request.GET.get("q", "").strip()[:100].replace("\x00", "")
    issues = Issue.objects.visible_to(user)
    enterprises = Enterprise.objects.visible_to(user)
    if words and issues.filter(number=words.upper()).exists():
        return redirect("issue_detail", words.upper())
    context = {
        "search_q": words,
        "shown": SHOWN,
        "enterprises": enterprises.matching(words, user).for_rows().order_by("name", "pk")[:SHOWN]
        if words
        else [],
        "lines": issues.matching(words, user).for_rows().order_by("-raised_at", "-pk")[:SHOWN]
        if words
        else [],
    }
    return render(request, "staff/search.html", context)
