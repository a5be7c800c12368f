"""Which pages are measured, and for whom."""

from dataclasses import dataclass
from enum import StrEnum

from issues.models import Issue
from liaison.accounts.models import OVERSEERS, STAFF, STATION_STAFF, Kind, User
from visits.models import Visit

# Queries that DESIGN allows.
DASHBOARD, LIST, DETAIL = 10, 12, 20
# Of the first station, and who looks over all of the province.
PEOPLE = {
    "officer": "sc0001-officer1",
    "desk": "sc0001-desk1",
    "chief": "sc0001-chief1",
    "bureau": "scp1-bureau",
}
WHO = (*PEOPLE, "contact")
ENTERPRISES, ISSUES = "enterprises.enterprise", "issues.issue"
VISITS, NOTICES = "visits.visit", "notices.notice"


class Sort(StrEnum):
    """What is judged alike; a ledger is a list that can be filtered and exported."""

    LEDGER = "a ledger"
    API_LIST = "an API list"
    ISSUE_PAGE = "an issue page"


@dataclass(frozen=True)
class Page:
    """``most`` are the queries allowed; ``lists`` is the model whose rows a list page shows,
    ``line`` the key of the line that a page is about."""

    name: str
    path: str
    most: int
    lists: str = ""
    sort: Sort | None = None
    line: int = 0

    @property
    def bare(self) -> str:
        """The view of `bench.urls` that carries as many bytes."""
        return "list" if self.path.startswith("/api/") else "table"

    def reading(self, size: int) -> str:
        """The bare page of so many bytes that reads the same; none for most pages."""
        if self.lists:
            return f"/bare/ledger/{self.bare}/{self.lists}/{size}/"
        return f"/bare/line/{self.line}/{size}/" if self.line else ""


def person(who: str) -> User:
    """The same at every size; the contact is the first whose enterprise has something open."""
    people = User.objects.select_related("unit").order_by("pk")
    if who in PEOPLE:
        return people.get(username=PEOPLE[who])
    lines = Issue.objects.open().filter(sensitive=False)
    return people.filter(contact_for__enterprise__in=lines.values("enterprise"))[0]


def pages_of(who: str) -> list[Page]:
    """What this person may open; a detail is of the first row they see, the same at every size."""
    user = person(who)
    line = Issue.objects.visible_to(user).open().filter(sensitive=False).earliest("pk")
    every = (*STAFF, Kind.CONTACT)
    listed = [
        (STAFF, Page("dashboard", "/", DASHBOARD)),
        ((Kind.CONTACT,), Page("home", "/portal/", DASHBOARD)),
        ((Kind.CONTACT,), Page("our bill", "/portal/bill/", LIST)),
        ((Kind.CONTACT,), Page("our line", f"/portal/bill/{line.number}/", DETAIL)),
        ((Kind.CONTACT,), Page("our visits", "/portal/visits/", LIST)),
        ((Kind.CONTACT,), Page("green channel", "/portal/green/", LIST)),
        ((Kind.CONTACT,), Page("our workers", "/portal/workers/", LIST)),
        ((Kind.CONTACT,), Page("our documents", "/portal/documents/", LIST)),
        (STAFF, Page("applications", "/green/", LIST)),
        (STAFF, Page("workers", "/workers/", LIST)),
        (STAFF, Page("documents", "/documents/", LIST)),
        (OVERSEERS, Page("callbacks", "/issues/callbacks/", LIST)),
        (OVERSEERS, Page("held requests", "/issues/held/", LIST)),
        (STATION_STAFF, Page("week", "/week/", LIST)),
        (STAFF, Page("enterprise ledger", "/enterprises/", LIST, ENTERPRISES, Sort.LEDGER)),
        (STAFF, Page("dossier", f"/enterprises/{line.enterprise_id}/", DETAIL)),
        (STAFF, Page("bill ledger", "/issues/", LIST, ISSUES, Sort.LEDGER)),
        (
            STAFF,
            Page("issue page", f"/issues/{line.number}/", DETAIL, "", Sort.ISSUE_PAGE, line.pk),
        ),
        (STAFF, Page("visit list", "/visits/", LIST, VISITS, Sort.LEDGER)),
        (
            STATION_STAFF,
            Page("log-visit form", f"/visits/new/?enterprise={line.enterprise_id}", DETAIL),
        ),
        (STAFF, Page("inspections", "/visits/inspections/", LIST, "visits.inspection")),
        (STAFF, Page("map", "/map/", LIST)),
        # A word that fills the page with one station too: nobody is shown more with many.
        (STAFF, Page("search", "/search/?q=科技", LIST)),
        (every, Page("notices", "/notices/", LIST, NOTICES)),
        (OVERSEERS, Page("assignment desk", "/enterprises/assignment/", LIST, ENTERPRISES)),
        (OVERSEERS, Page("hand-over form", "/enterprises/hand-over/", LIST)),
        (every, _api_list("enterprises", ENTERPRISES)),
        (every, Page("API enterprise", f"/api/v1/enterprises/{line.enterprise_id}/", DETAIL)),
        (every, _api_list("issues", ISSUES)),
        (every, Page("API issue", f"/api/v1/issues/{line.number}/", DETAIL)),
        (STAFF, _api_list("visits", VISITS)),
        (every, _api_list("notices", NOTICES)),
        (STAFF, Page("API officers", "/api/v1/officers/", LIST, "accounts.user")),
    ]
    pages = [page for kinds, page in listed if user.kind in kinds]
    if visit := Visit.objects.visible_to(user).order_by("pk").first():
        pages.append(Page("visit page", f"/visits/{visit.pk}/", DETAIL))
        pages.append(Page("API visit", f"/api/v1/visits/{visit.pk}/", DETAIL))
    if user.admin_duty == User.AdminDuty.SYSTEM:
        pages.append(Page("people", "/accounts/people/", LIST, "accounts.user"))
        pages.append(Page("person form", "/accounts/people/new/", DETAIL))
    return pages


def _api_list(name: str, lists: str) -> Page:
    return Page(f"API {name}", f"/api/v1/{name}/", LIST, lists, Sort.API_LIST)
