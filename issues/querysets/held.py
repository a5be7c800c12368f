"""Questions about requests that the desk looks at first."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from liaison.accounts.models import Kind, User

if TYPE_CHECKING:
    # Named in the base class as a string, which ruff does not read as use.
    from issues.models.asking import HeldRequest  # noqa: F401


class HeldRequestQuerySet(QuerySet["HeldRequest"]):
    def visible_to(self, user: User) -> "HeldRequestQuerySet":
        """The station's desk and chiefs, who decide; of a sensitive kind its chiefs only. Contacts:
        their enterprise's, sensitive ones only when asked by themselves."""
        if not user.is_active:
            return self.none()
        if user.is_contact:
            mine = user.contact_for.filter(left_on__isnull=True).values("enterprise")
            return self.filter(Q(sensitive=False) | Q(asked_by=user), enterprise__in=mine)
        if user.unit is None or user.kind not in (Kind.DESK, Kind.CHIEF):
            return self.none()
        own = self.filter(unit=user.unit)
        return own if user.kind == Kind.CHIEF else own.filter(sensitive=False)

    def pending(self) -> "HeldRequestQuerySet":
        return self.filter(decided_at__isnull=True)

    def late(self, now: datetime) -> "HeldRequestQuerySet":
        return self.pending().filter(due_at__lt=now)

    def to_ring(self, now: datetime) -> "HeldRequestQuerySet":
        """Nobody has decided in time, and the station has not been told."""
        return self.filter(next_ring_at__lte=now)

    def for_rows(self) -> "HeldRequestQuerySet":
        return self.select_related("enterprise", "kind", "asked_by", "decided_by", "issue")
