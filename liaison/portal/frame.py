"""What stands in the frame of every page of an enterprise's contact."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liaison.accounts.models import User
from liaison.notices.unread import unread_by

ELDER = "elder"  # the cookie; holds nothing about anybody
# What is reached from there.
MINE = (
    "portal_visits",
    "portal_documents",
    "portal_orders",
    "portal_contacts",
    "portal_guards",
    "portal_duties",
)


@dataclass(frozen=True)
class Tab:
    """One of the few places that a thumb reaches from everywhere."""

    label: str
    url: str
    current: bool
    count: str = ""


def portal(request: HttpRequest) -> dict[str, Any]:
    """Tabs for a contact, what is unread lazily; and for everybody whether letters are large."""
    large = {"elder": request.COOKIES.get(ELDER) == "1"}
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_contact:
        return large
    return {**large, "tabs": SimpleLazyObject(lambda: tabs(user, request.path))}


def tabs(user: User, path: str) -> list[Tab]:
    """The one whose address begins like the page's is where one is; at home only home itself."""
    home = reverse("portal_home")
    listed = [
        (pgettext("tab", "Home"), home, ()),
        (pgettext("tab", "Bill"), reverse("portal_bill"), ()),
        (pgettext("tab", "Papers"), reverse("portal_green_catalogue"), ("portal_workers",)),
        (_("Notices"), reverse("notice_list"), ()),
        (pgettext("tab", "Mine"), reverse("portal_mine"), MINE),
    ]
    unread = {reverse("notice_list"): unread_by(user)}
    return [
        Tab(
            label,
            url,
            path == url
            if url == home
            else path.startswith((url, *(reverse(name) for name in besides))),
            unread.get(url, ""),
        )
        for label, url, besides in listed
    ]
