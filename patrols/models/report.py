"""What a night came to, as it was known in the morning after it."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from liaison.accounts.models import Unit
from patrols.night_querysets import NightReportQuerySet


class NightReport(models.Model):
    """A station's night in numbers (``patrols.tallies``), by the team's key, as of ``made_at``.

    Written once: what a phone sends later changes the night and not what was reported, and the page
    shows both.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="night_reports")
    night_on = models.DateField(_("night of"))
    teams = models.JSONField(default=dict)
    made_at = models.DateTimeField(default=timezone.now)

    objects = NightReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("night report")
        verbose_name_plural = _("night reports")
        ordering = ("-night_on", "id")
        constraints = (
            models.UniqueConstraint(fields=("unit", "night_on"), name="patrol_night_report_once"),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.night_on}"
