"""What one has been told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_POST

from liaison.accounts.access import SIGNED_IN, open_to
from liaison.accounts.models import User
from liaison.core.ledgers import cut_page
from liaison.notices.actions import mark_all_read, mark_read
from liaison.notices.models import Notice
from liaison.notices.views.frame import frame_of


@open_to(SIGNED_IN)
def notice_list(request: HttpRequest) -> HttpResponse:
    """The newest first; ``?unread=1`` only what has not been opened."""
    user: User = request.user  # type: ignore[assignment]
    notices = Notice.objects.visible_to(user)
    only_unread = request.GET.get("unread") == "1"
    context = {
        "frame": frame_of(user),
        "page": cut_page(
            request, notices.unread() if only_unread else notices, ("-made_at", "-id")
        ),
        "only_unread": only_unread,
        "has_unread": notices.unread().exists(),
        "now": timezone.now(),
    }
    return render(request, "notices/list.html", context)


@open_to(SIGNED_IN)
def notice_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """All that it says and, for one that gathers several, each of them with its link."""
    user: User = request.user  # type: ignore[assignment]
    notice = get_object_or_404(Notice.objects.visible_to(user), pk=pk)
    context = {
        "frame": frame_of(user),
        "notice": notice,
        "page": cut_page(request, notice.mentions.all(), ("rank", "id")),
    }
    return render(request, "notices/detail.html", context)


@open_to(SIGNED_IN)
@require_POST
def notice_open(request: HttpRequest, pk: int) -> HttpResponse:
    """Go to what it is about; from then on it counts as read. A POST, since that is a change."""
    user: User = request.user  # type: ignore[assignment]
    notice = get_object_or_404(Notice.objects.visible_to(user), pk=pk)
    mark_read(notice, by=user)
    return redirect(notice.leads_to)


@open_to(SIGNED_IN)
@require_POST
def notice_read_all(request: HttpRequest) -> HttpResponse:
    """``until`` says what was on the page: what came after it has not been seen."""
    user: User = request.user  # type: ignore[assignment]
    try:
        until = parse_datetime(request.POST.get("until", ""))
    except ValueError:
        until = None
    if until is not None and timezone.is_aware(until):
        mark_all_read(by=user, until=until)
    return redirect("notice_list")
