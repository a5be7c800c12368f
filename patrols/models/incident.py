"""What a guard met with, and the pictures of it."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from issues.models import Issue
from liaison.evidence.models import Evidence
from patrols.models.guard import Guard
from patrols.models.night import DutyNight
from patrols.models.route import on_earth
from patrols.models.run import PatrolRun
from patrols.night_querysets import PatrolIncidentQuerySet


class PatrolIncident(models.Model):
    """What a guard met with; ``sos`` calls for help at once. It becomes a line of the bill."""

    class Kind(models.TextChoices):
        HAZARD = "hazard", pgettext_lazy("incident", "Hazard")
        LEAD = "case_lead", pgettext_lazy("incident", "Suspicious")
        DISPUTE = "dispute", pgettext_lazy("incident", "Dispute")
        OTHER = "other", pgettext_lazy("incident", "Something else")

    night = models.ForeignKey(DutyNight, models.PROTECT, related_name="incidents")
    run = models.ForeignKey(PatrolRun, models.PROTECT, null=True, related_name="incidents")
    guard = models.ForeignKey(Guard, models.PROTECT, related_name="incidents")
    client_id = models.UUIDField()
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    sos = models.BooleanField(default=False)
    text = models.TextField(_("what happened"), max_length=2000, blank=True)
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    issue = models.OneToOneField(Issue, models.PROTECT, null=True, related_name="patrol_incident")

    objects = PatrolIncidentQuerySet.as_manager()

    class Meta:
        verbose_name = _("incident")
        verbose_name_plural = _("incidents")
        ordering = ("-received_at", "-id")
        constraints = (
            models.UniqueConstraint(fields=("night", "client_id"), name="patrol_incident_once"),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True) | on_earth(),
                name="patrol_incident_on_earth",
            ),
        )
        indexes = (
            models.Index(
                fields=("received_at", "id"),
                condition=Q(longitude__isnull=False),
                name="patrol_incident_placed",
            ),
        )

    def __str__(self) -> str:
        return self.text[:60] or "SOS"


class NightPhoto(models.Model):
    """A picture from a guard's phone, by the id that the phone gave it."""

    night = models.ForeignKey(DutyNight, models.PROTECT, related_name="photos")
    guard = models.ForeignKey(Guard, models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="night_photo")
    incident = models.ForeignKey(PatrolIncident, models.PROTECT, null=True, related_name="photos")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("night", "client_id"), name="night_photo_once"),
        )

    def __str__(self) -> str:
        return f"{self.client_id}"
