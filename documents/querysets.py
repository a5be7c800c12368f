"""Questions about papers and orders. Every answer starts at visible_to."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.apps import apps
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from enterprises.querysets import acts_as
from issues.models import Issue
from liaison.accounts.models import Kind, Unit, User
from liaison.core.literals import literally

if TYPE_CHECKING:
    # Named in the base classes as strings, which ruff does not read as use.
    from documents.models.document import Addressed, Document, Reply  # noqa: F401
    from documents.models.order import Order  # noqa: F401


def of_unit(user: User) -> Q | None:
    """Rows of the units that a member of staff sees; None for nobody's."""
    if not user.is_active or user.unit is None or user.unit.kind == Unit.Kind.SQUAD:
        return None
    if user.kind == Kind.BUREAU:
        return literally(Q(unit__path__startswith=user.unit.path))
    return Q(unit=user.unit)


class DocumentQuerySet(QuerySet["Document"]):
    def visible_to(self, user: User) -> "DocumentQuerySet":
        """Contacts: those for their enterprises that were not withdrawn. Station staff: the
        station's, withdrawn ones too. Bureau: everything below."""
        if user.is_contact:
            mine = _addressed().visible_to(user).filter(document=OuterRef("pk"))
            return self.filter(Exists(mine), withdrawn_at__isnull=True)
        seen = of_unit(user)
        return self.none() if seen is None else self.filter(seen)

    def to_remind(self, now: datetime) -> "DocumentQuerySet":
        return self.filter(next_reminder_at__lte=now)

    def with_share(self) -> "DocumentQuerySet":
        """How many enterprises it is for (``sent``), opened it and acknowledged it."""
        opened = Q(addressed__in=_addressed().opened())
        return self.annotate(
            sent=Count("addressed"),
            opened=Count("addressed", opened),
            acknowledged=Count("addressed", Q(addressed__acknowledged_at__isnull=False)),
        )

    def unread_by(self, user: User) -> "DocumentQuerySet":
        """Those that this contact has not opened for one of their enterprises."""
        mine = _addressed().visible_to(user).filter(document=OuterRef("pk"))
        return self.filter(Exists(mine.exclude(openings__person=user)))

    def with_unread(self, user: User) -> "DocumentQuerySet":
        """``unread``: by this contact at one of their enterprises; ``owed``: an answer is."""
        mine = _addressed().visible_to(user).filter(document=OuterRef("pk"))
        return self.annotate(
            unread=Exists(mine.exclude(openings__person=user)),
            owed=Exists(
                mine.filter(acknowledged_at__isnull=True, document__acknowledge_by__isnull=False)
            ),
        )


class AddressedQuerySet(QuerySet["Addressed"]):
    def visible_to(self, user: User) -> "AddressedQuerySet":
        """Contacts: their present enterprises'. Staff: those of the documents that they see."""
        if not user.is_active:
            return self.none()
        if user.is_contact:
            mine = user.contact_for.filter(left_on__isnull=True).values("enterprise")
            return self.filter(enterprise__in=mine)
        documents = apps.get_model("documents", "Document")._default_manager
        return self.filter(document__in=documents.visible_to(user))

    def opened(self) -> "AddressedQuerySet":
        opening = apps.get_model("documents", "Opening")._default_manager
        return self.filter(Exists(opening.filter(addressed=OuterRef("pk"))))

    def unopened(self) -> "AddressedQuerySet":
        opening = apps.get_model("documents", "Opening")._default_manager
        return self.exclude(Exists(opening.filter(addressed=OuterRef("pk"))))

    def unacknowledged(self) -> "AddressedQuerySet":
        return self.filter(acknowledged_at__isnull=True)


class ReplyQuerySet(QuerySet["Reply"]):
    def visible_to(self, user: User) -> "ReplyQuerySet":
        return self.filter(addressed__in=_addressed().visible_to(user))


class OrderQuerySet(QuerySet["Order"]):
    def visible_to(self, user: User) -> "OrderQuerySet":
        """Whoever sees the line that it is on; it is on none that its enterprise may not see."""
        return self.filter(issue__in=Issue.objects.visible_to(user))

    def open(self) -> "OrderQuerySet":
        return self.filter(next_reminder_at__isnull=False)

    def late(self, today: date) -> "OrderQuerySet":
        return self.open().filter(due_on__lt=today)

    def to_remind(self, now: datetime) -> "OrderQuerySet":
        return self.filter(next_reminder_at__lte=now)

    def own_of(self, user: User) -> "OrderQuerySet":
        """On lines that this officer handles or acts for whose handler."""
        return self.filter(acts_as("issue__handler", user), unit=user.unit)

    def for_rows(self) -> "OrderQuerySet":
        return self.select_related("enterprise", "issue__handler", "unit").annotate(
            item_count=Count("items"),
            accepted=Count("items", Q(items__state="accepted")),
            answered=Count("items", Q(items__state="answered")),
            line=F("issue__number"),
        )


def _addressed() -> AddressedQuerySet:
    return apps.get_model("documents", "Addressed")._default_manager.all()
