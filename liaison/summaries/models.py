"""What was counted of a unit, and when."""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from liaison.accounts.models import Unit

# What falls due with the clock, or at midnight, changes without anybody writing a row: so every
# station is counted again after so long, whatever has happened there.
EVERY = timedelta(minutes=5)


class SummaryQuerySet(models.QuerySet["Summary"]):
    def to_count(self, now: datetime) -> "SummaryQuerySet":
        """Due; or put so far ahead that it was counted for a day to come, which somebody played."""
        return self.filter(Q(due_at__lte=now) | Q(due_at__gt=now + 2 * EVERY))


class Summary(models.Model):
    """The numbers of one topic at one unit: whole numbers by name, one that is missing is zero.

    A station's are counted from its rows, a bureau's are the sums over the units directly below.
    ``true_at`` is the moment they are true for, of a bureau the oldest below it; empty while nobody
    has counted. ``due_at`` is when they are counted next, empty for a bureau.
    """

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="summaries")
    topic = models.CharField(max_length=20)
    numbers = models.JSONField(default=dict)
    true_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    objects = SummaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("summary")
        verbose_name_plural = _("summaries")
        constraints = (models.UniqueConstraint(fields=("unit", "topic"), name="summary_once"),)
        indexes = (
            models.Index(
                fields=("due_at", "topic", "unit"),
                condition=Q(due_at__isnull=False),
                name="summary_due",
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id}: {self.topic}"
