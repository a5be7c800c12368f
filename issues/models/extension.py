"""延期: more time for a line, asked for in time and decided by another."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from issues.models.issue import Issue
from issues.querysets import ExtensionQuerySet


class Extension(models.Model):
    """What the handler asked for and what came of it. Undecided while ``decided_at`` is empty."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Pending")
        GRANTED = "granted", pgettext_lazy("extension", "Granted")
        REFUSED = "refused", pgettext_lazy("extension", "Refused")
        # The line ended before anybody decided.
        LAPSED = "lapsed", pgettext_lazy("extension", "Lapsed")

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="extensions")
    generation = models.PositiveSmallIntegerField()
    days = models.PositiveSmallIntegerField(_("days more"))
    reason = models.TextField(_("reason"), max_length=4000)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="extensions_asked"
    )
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="extensions_decided"
    )
    decided_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        ordering = ("asked_at", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("issue",),
                condition=Q(decided_at__isnull=True),
                name="extension_one_pending",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")),
                name="extension_by_another",
            ),
            models.CheckConstraint(
                condition=Q(outcome="pending", decided_at__isnull=True)
                | Q(outcome="lapsed", decided_at__isnull=False, decided_by__isnull=True)
                | Q(
                    outcome__in=("granted", "refused"),
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                ),
                name="extension_decided_whole",
            ),
        )

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.days} d {self.outcome}"

    @property
    def is_pending(self) -> bool:
        return self.decided_at is None
