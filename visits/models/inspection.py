"""行政检查: an act of administration, kept apart from visits."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise
from liaison.accounts.models import Unit
from visits.querysets import InspectionQuerySet


class Inspection(models.Model):
    """An inspection by at least two police officers under a number of the provincial platform."""

    client_id = models.UUIDField(default=uuid.uuid4)
    body_hash = models.CharField(max_length=64, blank=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="inspections")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="inspections")
    officers = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="inspections")
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="inspections_entered"
    )
    platform_reference = models.CharField(_("platform reference"), max_length=60)
    happened_at = models.DateTimeField(_("when"))
    summary = models.TextField(_("what was inspected and found"), max_length=4000)
    # The answer to "entered within 7 days of the last entry": why it was needed all the same.
    early_because = models.CharField(_("why so soon again"), max_length=200, blank=True)
    received_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = InspectionQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("行政检查", "inspection")
        verbose_name_plural = _("inspections")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "platform_reference"), name="inspection_reference_once"
            ),
            models.UniqueConstraint(
                fields=("entered_by", "client_id"), name="inspection_client_id_once"
            ),
        )
        indexes = (
            models.Index(fields=("unit", "-happened_at", "-id"), name="inspection_unit_when"),
            models.Index(fields=("-happened_at", "-id"), name="inspection_when"),
            models.Index(fields=("enterprise", "-happened_at"), name="inspection_enterprise_when"),
        )

    def __str__(self) -> str:
        return self.platform_reference
