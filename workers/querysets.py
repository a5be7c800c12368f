"""Questions about batches and workers. Every answer starts at visible_to."""

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from liaison.accounts.models import Kind, Unit, User
from liaison.core.literals import literally
from workers.workflow import Status

if TYPE_CHECKING:
    # Named in the base classes as strings, which ruff does not read as use.
    from workers.models.batch import Batch, BatchRow  # noqa: F401
    from workers.models.worker import Worker  # noqa: F401


def _seen_by(user: User) -> Q | None:
    """Contacts: their enterprises'. Station staff: the station's. Bureau: everything below."""
    if not user.is_active:
        return None
    if user.is_contact:
        own = user.contact_for.filter(left_on__isnull=True)
        return Q(enterprise__in=own.values("enterprise"))
    if user.unit is None or user.unit.kind == Unit.Kind.SQUAD:
        return None
    if user.kind == Kind.BUREAU:
        return literally(Q(unit__path__startswith=user.unit.path))
    return Q(unit=user.unit)


class BatchQuerySet(QuerySet["Batch"]):
    def visible_to(self, user: User) -> "BatchQuerySet":
        """Of what was discarded before it was handed in nothing is left to see."""
        seen = _seen_by(user)
        return self.none() if seen is None else self.filter(seen).exclude(state="discarded")

    def for_list(self) -> "BatchQuerySet":
        return self.select_related("unit", "enterprise", "by", "issue")

    def rejected_before(self, moment: datetime) -> "BatchQuerySet":
        return self.filter(rejected_at__lt=moment)


class BatchRowQuerySet(QuerySet["BatchRow"]):
    def given_back(self, batch: "Batch") -> "BatchRowQuerySet":
        """What of the batch did not go in and waits to be repaired."""
        return self.filter(file__batch=batch, file__state="applied")


class WorkerQuerySet(QuerySet["Worker"]):
    def visible_to(self, user: User) -> "WorkerQuerySet":
        seen = _seen_by(user)
        return self.none() if seen is None else self.filter(seen)

    def for_list(self) -> "WorkerQuerySet":
        return self.select_related("enterprise", "unit").defer("sealed")

    def here(self) -> "WorkerQuerySet":
        """Who has not left."""
        return self.exclude(status=Status.LEFT)

    def registered(self) -> "WorkerQuerySet":
        return self.filter(status=Status.REGISTERED)

    def named(self, words: str) -> "WorkerQuerySet":
        return self.filter(name__icontains=words) if words else self

    def left_before(self, day: date) -> "WorkerQuerySet":
        return self.filter(left_on__lt=day)
