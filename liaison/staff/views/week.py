"""本周: what is due for one person, day by day, what is overdue first."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from liaison.accounts.access import open_to
from liaison.accounts.models import OFFICERS, OVERSEERS, STATION_STAFF, User
from liaison.calendars.work_time import work_calendar
from liaison.staff.ahead import look_ahead
from liaison.staff.navigation import entries
from liaison.staff.week import Block, Due, Links, block_of, covers_said, fill, is_over

DAYS = 7
# Nobody leafs further than this.
AS_FAR_AS = timedelta(days=366)


@open_to(*STATION_STAFF)
def week(request: HttpRequest) -> HttpResponse:
    user: User = request.user  # type: ignore[assignment]
    now = timezone.now()
    today = timezone.localdate(now)
    first = day_asked(request, today)
    colleagues = colleagues_of(user)
    person = person_asked(request, user, colleagues)
    last = first + timedelta(DAYS - 1)
    current, whole = first == today, "all" in request.GET
    ahead = look_ahead(
        person, seen_by=user, today=today, first=None if current else first, last=last
    )
    links = Links(user, person, ahead, current=current, request=request)
    calendar = work_calendar()
    overdue = Block("overdue")
    days = [block_of(first + timedelta(n), calendar) for n in range(DAYS)]

    def where(one: Due) -> date | None:
        """None for what is overdue; only the current week has a block for that."""
        if not current:
            return one.day
        # At the very midnight a wait that ends is still to be seen.
        return None if is_over(one, now, today) else max(one.day, today)

    for block in (overdue, *days):
        fill(block, ahead, where, links, whole=whole)
        block.covers = list(covers_said(ahead.covers, person, block.day))
    context = {
        "person": person,
        "own": person == user,
        "colleagues": colleagues,
        "overdue": overdue,
        "days": days,
        "first": first,
        "last": last,
        "now": now,
        "current": current,
        "acting_for": list(ahead.acting_for.values()),
        "due_today": days[0].total if current else 0,
        "later": sum(block.total for block in days[1 if current else 0 :]),
        "empty": not overdue.total and not any(one.total or one.covers for one in days),
        "unknown_years": sorted({one.day.year for one in days if one.day} - calendar.years),
        "earlier_url": links.to_week(first - timedelta(DAYS)),
        "later_url": links.to_week(last + timedelta(1)),
        "today_url": links.to_week(today),
    }
    if current and person == user and user.kind in OFFICERS:
        # In place of the frame's own, which would count the late lines once more.
        late = sum(is_over(line, now, today) for line in ahead.lines)
        context["nav"] = entries(user, request.path, late=late)
    return render(request, "staff/week.html", context)


def day_asked(request: HttpRequest, today: date) -> date:
    """The first day of the week that the address asks for; 404 for what is none."""
    asked = request.GET.get("from")
    if not asked:
        return today
    try:
        first = date.fromisoformat(asked)
    except ValueError as error:
        raise Http404 from error
    if abs(first - today) > AS_FAR_AS:
        raise Http404
    return first


def colleagues_of(user: User) -> list[User]:
    """Whose week chiefs and the desk may look at."""
    if user.kind not in OVERSEERS or user.unit is None:
        return []
    people = User.objects.visible_to(user).may_answer_for_enterprises().at(user.unit)
    return list(people.select_related("unit").order_by("name", "pk"))


def person_asked(request: HttpRequest, user: User, colleagues: Iterable[User]) -> User:
    """Oneself, or the colleague that the address names; 404 for whose week is not ours to see."""
    asked = request.GET.get("officer")
    if not asked or asked == str(user.pk):
        return user
    found = next((one for one in colleagues if str(one.pk) == asked), None)
    if found is None:
        raise Http404
    return found
