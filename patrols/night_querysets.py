"""Questions about routes and what happened on them. Every answer starts at visible_to."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from issues.models import Issue
from liaison.accounts.models import User
from patrols.flags import OLDEST
from patrols.querysets import seen_by

if TYPE_CHECKING:
    # Named in the base classes as strings, which ruff does not read as use.
    from patrols.models.check_in import CheckIn, CheckInPosition  # noqa: F401
    from patrols.models.door import NightLink  # noqa: F401
    from patrols.models.incident import PatrolIncident  # noqa: F401
    from patrols.models.report import NightReport  # noqa: F401
    from patrols.models.response import Response  # noqa: F401
    from patrols.models.route import (  # noqa: F401
        Checkpoint,
        CheckpointCode,
        Route,
        StationPatrol,
        TemporaryPost,
    )
    from patrols.models.run import PatrolRun  # noqa: F401


class RouteQuerySet(QuerySet["Route"]):
    def visible_to(self, user: User) -> "RouteQuerySet":
        """The station's people and bureaus; contacts are shown no routes."""
        seen = seen_by(user, unit="team__unit")
        return self.none() if seen is None else self.filter(seen)

    def active(self) -> "RouteQuerySet":
        return self.filter(active=True)


class CheckpointQuerySet(QuerySet["Checkpoint"]):
    def visible_to(self, user: User) -> "CheckpointQuerySet":
        seen = seen_by(user, unit="route__team__unit")
        return self.none() if seen is None else self.filter(seen)

    def there(self) -> "CheckpointQuerySet":
        """Those that have not been taken off their route, in the order of the walk."""
        return self.filter(removed_at__isnull=True).order_by("position", "id")


class CheckpointCodeQuerySet(QuerySet["CheckpointCode"]):
    def holding(self) -> "CheckpointCodeQuerySet":
        return self.filter(ended_at__isnull=True)


class TemporaryPostQuerySet(QuerySet["TemporaryPost"]):
    def visible_to(self, user: User) -> "TemporaryPostQuerySet":
        seen = seen_by(user, unit="unit")
        return self.none() if seen is None else self.filter(seen)

    def manned(self, now: datetime) -> "TemporaryPostQuerySet":
        """Those that begin or go on: not over and not called off."""
        return self.filter(until_at__gt=now, ended_at__isnull=True)


class StationPatrolQuerySet(QuerySet["StationPatrol"]):
    def visible_to(self, user: User) -> "StationPatrolQuerySet":
        seen = seen_by(user, unit="unit")
        return self.none() if seen is None else self.filter(seen)

    def active(self) -> "StationPatrolQuerySet":
        return self.filter(active=True)


class PatrolRunQuerySet(QuerySet["PatrolRun"]):
    def visible_to(self, user: User) -> "PatrolRunQuerySet":
        seen = seen_by(user, unit="night__team__unit")
        return self.none() if seen is None else self.filter(seen)

    def to_alert(self, now: datetime) -> "PatrolRunQuerySet":
        """Where somebody is to be told by now."""
        return self.filter(next_alert_at__lte=now)


class NightLinkQuerySet(QuerySet["NightLink"]):
    def holding(self, now: datetime) -> "NightLinkQuerySet":
        return self.filter(ended_at__isnull=True, valid_from__lte=now, valid_until__gt=now)

    def taking(self, now: datetime) -> "NightLinkQuerySet":
        """Those that hold, and those that ended with their night not longer ago than a phone may
        have been without a network; not those that somebody ended."""
        return self.filter(ended_at__isnull=True, valid_from__lte=now, valid_until__gt=now - OLDEST)


class PatrolCheckInQuerySet(QuerySet["CheckIn"]):
    def visible_to(self, user: User) -> "PatrolCheckInQuerySet":
        seen = seen_by(user, unit="night__team__unit")
        return self.none() if seen is None else self.filter(seen)


class CheckInPositionQuerySet(QuerySet["CheckInPosition"]):
    def due_to_go(self, before: datetime) -> "CheckInPositionQuerySet":
        """Coordinates that came before this moment and are still here."""
        return self.filter(received_at__lt=before, longitude__isnull=False)


class PatrolIncidentQuerySet(QuerySet["PatrolIncident"]):
    def visible_to(self, user: User) -> "PatrolIncidentQuerySet":
        """Whose line of the bill is sensitive is seen by whom the line is."""
        seen = seen_by(user, unit="night__team__unit")
        if seen is None:
            return self.none()
        lines = Issue.objects.visible_to(user)
        return self.filter(seen).filter(
            Q(issue__isnull=True) | Q(issue__sensitive=False) | Q(issue__in=lines)
        )

    def due_to_go(self, before: datetime) -> "PatrolIncidentQuerySet":
        return self.filter(received_at__lt=before, longitude__isnull=False)


class ResponseQuerySet(QuerySet["Response"]):
    def visible_to(self, user: User) -> "ResponseQuerySet":
        """The station's people and bureaus, and an enterprise's own contacts."""
        seen = seen_by(user, unit="unit", enterprise="enterprise")
        return self.none() if seen is None else self.filter(seen)

    def holding(self) -> "ResponseQuerySet":
        """Those that nothing corrects."""
        return self.filter(correction__isnull=True)


class NightReportQuerySet(QuerySet["NightReport"]):
    def visible_to(self, user: User) -> "NightReportQuerySet":
        seen = seen_by(user, unit="unit")
        return self.none() if seen is None else self.filter(seen)
