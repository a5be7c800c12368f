"""Questions about consent and shifts. Each person's are their own: nobody else reads them."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from liaison.accounts.models import User

if TYPE_CHECKING:
    # Named in the base classes as strings, which ruff does not read as use.
    from liaison.whereabouts.models import PositionConsent, Shift  # noqa: F401


class PositionConsentQuerySet(QuerySet["PositionConsent"]):
    def visible_to(self, user: User) -> "PositionConsentQuerySet":
        """One's own: whoever withholds it is not asked why."""
        return self.filter(person=user) if user.is_active else self.none()

    def current(self, person: User) -> "PositionConsent | None":
        """The person's last word, None for one who never said any."""
        return self.filter(person=person).order_by("-at", "-pk").first()


class ShiftQuerySet(QuerySet["Shift"]):
    def visible_to(self, user: User) -> "ShiftQuerySet":
        return self.filter(person=user) if user.is_active else self.none()

    def covering(self, earliest: datetime, latest: datetime) -> "ShiftQuerySet":
        """Those that had begun by ``latest`` and were not over by ``earliest``."""
        over = Q(ended_at__lte=earliest) | Q(ends_by__lte=earliest)
        return self.filter(started_at__lte=latest).exclude(over)

    def unended(self) -> "ShiftQuerySet":
        """Nobody has said that they are over; the hours may have."""
        return self.filter(ended_at__isnull=True)
