"""Questions about the catalogue and about applications."""

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from issues.models import Issue
from liaison.accounts.models import Kind, Unit, User
from liaison.core.literals import literally

if TYPE_CHECKING:
    # Named in the base classes as strings, which ruff does not read as use.
    from green_channel.models.application import Application  # noqa: F401
    from green_channel.models.item import Item  # noqa: F401

# The columns of a row of the ledger, and of its orders.
ROW = (
    "issue__awaits_enterprise",
    "issue__close_rule",
    "mode",
    "counted",
    "statutory",
    "licence",
    "item__name",
    "item__name_en",
    "agent__name",
    "agent__username",
    "issue__number",
    "issue__stage",
    "issue__raised_at",
    "issue__started_at",
    "issue__next_due_at",
    "issue__resolve_due_at",
    "issue__clock_set_at",
    "issue__due_uncertain",
    "issue__closed_at",
    "issue__enterprise__name",
    "issue__unit__name",
    "issue__handler__name",
    "issue__handler__username",
)


class ItemQuerySet(QuerySet["Item"]):
    def visible_to(self, user: User) -> "ItemQuerySet":
        """What is every station's; and a station's own to its people, to the bureaus above it and,
        as far as it is offered, to the contacts of its enterprises."""
        if not user.is_active:
            return self.none()
        shared = Q(unit__isnull=True)
        if user.is_contact:
            stations = user.contact_for.filter(left_on__isnull=True).values("enterprise__unit")
            return self.filter(shared | Q(unit__in=stations), offered=True)
        if user.unit is None:
            return self.filter(shared)
        if user.kind == Kind.BUREAU:
            return self.filter(shared | literally(Q(unit__path__startswith=user.unit.path)))
        return self.filter(shared | Q(unit=user.unit))

    def of_station(self, unit: Unit) -> "ItemQuerySet":
        """What can be applied for there."""
        return self.filter(Q(unit__isnull=True) | Q(unit=unit), offered=True)

    def matching(self, words: str) -> "ItemQuerySet":
        """By part of the name or of what is needed; few rows, so nothing but a look at each."""
        words = words.strip()
        if not words:
            return self
        said = Q(name__icontains=words) | Q(name_en__icontains=words) | Q(note__icontains=words)
        return self.filter(said | Q(requirements__name__icontains=words)).distinct()


class ApplicationQuerySet(QuerySet["Application"]):
    def visible_to(self, user: User) -> "ApplicationQuerySet":
        """Those whose line the person sees."""
        return self.filter(issue__in=Issue.objects.visible_to(user))

    def open(self) -> "ApplicationQuerySet":
        """Its line has not ended."""
        return self.filter(issue__next_due_at__isnull=False)

    def of(self, user: User) -> "ApplicationQuerySet":
        """Those this person handles, or acts for whose handler, and those they help with."""
        return self.filter(Q(agent=user) | Q(issue__in=Issue.objects.handled_by(user)))

    def for_rows(self) -> "ApplicationQuerySet":
        """What a row of a list shows, and nothing else."""
        return self.select_related(
            "item", "agent", "issue__enterprise", "issue__unit", "issue__handler"
        ).only(*ROW)

    def for_page(self) -> "ApplicationQuerySet":
        """With what the page of one shows and judges its clocks by."""
        return self.select_related(
            "item__basis",
            "agent",
            "applied_by",
            "correction__event",
            *(f"issue__{name}" for name in LINE),
        ).prefetch_related(
            "papers__supplies__by",
            "decisions__decided_by",
            "issue__pauses",
            "issue__extensions__asked_by",
            "issue__extensions__decided_by",
        )


LINE = ("enterprise", "kind", "handler", "unit", "policy", "raised_by")
