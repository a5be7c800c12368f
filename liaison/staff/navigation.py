"""What stands in the frame of every staff page."""

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from issues.models import Issue
from liaison.accounts.access import SYSTEM_ADMINISTRATORS
from liaison.accounts.models import OFFICERS, OVERSEERS, Kind, User
from liaison.notices.unread import unread_by
from liaison.summaries.reading import counted


@dataclass(frozen=True)
class Entry:
    """One line of the side navigation; ``hot`` marks a count that should not be there."""

    label: str
    url: str
    current: bool
    count: int = 0
    hot: bool = False
    hint: str = ""


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Unit, date, entries and what is unread; a query for late lines and one for notices.

    A page that has counted this person's late lines says so on the request (``late_lines``).
    """
    user = getattr(request, "user", None)
    if not isinstance(user, User) or user.is_contact:
        return {}
    return {
        "nav_unit": user.unit or user,
        "today": timezone.localdate(),
        # Lazy: an answer without the frame asks nothing.
        "nav": SimpleLazyObject(
            lambda: entries(user, request.path, late=getattr(request, "late_lines", None))
        ),
        "unread": SimpleLazyObject(lambda: unread_by(user)),
    }


def entries(user: User, path: str, *, late: int | None = None) -> list[Entry]:
    """The entries this person has, the one that is open marked.

    ``late`` is how many lines are overdue, where the page has counted them already.
    """

    def entry(label: str, name: str, **more: Any) -> Entry:
        return Entry(label, reverse(name), current=False, **more)

    if late is None:
        late = late_lines(user)
    listed = [entry(_("Duty desk"), "dashboard")]
    if user.is_station_staff:
        listed.append(entry(_("This week"), "week"))
    listed += [
        entry(_("Issue bill"), "issue_list", count=late, hot=True, hint=_("overdue lines")),
        entry(_("Enterprises and projects"), "enterprise_list"),
        entry(_("Visits"), "visit_list"),
        entry(_("Green channel"), "green_list"),
        entry(pgettext("papers", "Documents"), "document_list"),
        entry(_("Workers"), "worker_list"),
        entry(_("Guards"), "guard_list"),
        entry(_("Patrol teams"), "team_list"),
        entry(_("Tonight's patrols"), "patrol_tonight"),
        entry(_("Patrol routes"), "patrol_route_list"),
        entry(_("Patrol rosters"), "roster_list"),
        entry(_("Map"), "map"),
    ]
    if user.is_station_staff:
        listed.append(entry(_("Phone pages"), "phone"))
    if user.kind in OVERSEERS:
        listed.append(entry(_("Officers and assignment"), "assignment_desk"))
    if SYSTEM_ADMINISTRATORS.admits(user):
        listed.append(entry(_("People"), "people_list"))
        listed.append(entry(_("Work calendar"), "calendar"))
        listed.append(entry(_("Notice channels"), "channel_list"))
        listed.append(entry(_("Failed deliveries"), "delivery_list"))
        listed.append(entry(_("Running jobs"), "job_list"))
    here = current(path, [one.url for one in listed])
    return [replace(one, current=one.url == here) for one in listed]


def late_lines(user: User) -> int:
    """How many are overdue: counted for a station, for a bureau as last counted, 0 if never."""
    if user.kind == Kind.BUREAU and user.unit is not None:
        known = counted(user.unit, "issues")
        return known["issues"]["late"] if known else 0
    own = user.kind in OFFICERS
    lines = Issue.objects.all().own_of(user) if own else Issue.objects.visible_to(user)
    return lines.late(timezone.now()).count()


def current(path: str, urls: list[str]) -> str:
    """The entry that a page belongs to: the longest address its own begins with.

    The duty desk's is "/", with which every address begins; it is itself only.
    """
    fitting = [url for url in urls if path == url or (url != "/" and path.startswith(url))]
    return max(fitting, key=len, default="")
