"""走访: one meeting with an enterprise, in person or from afar."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Contact, Enterprise
from issues.models import Issue
from liaison.accounts.models import Unit
from liaison.evidence.models import Evidence
from visits.querysets import (
    FindingQuerySet,
    PromiseQuerySet,
    VisitFileQuerySet,
    VisitQuerySet,
)


class Channel(models.TextChoices):
    ON_SITE = "on_site", _("On site")
    PHONE = "phone", pgettext_lazy("channel", "Phone")
    WECHAT = "wechat", _("WeChat")


class OfficerRole(models.TextChoices):
    """六大员: what the officer was on this visit."""

    PREVENTION_INSTRUCTOR = "prevention_instructor", _("Prevention instructor")
    CRIME_INVESTIGATOR = "crime_investigator", _("Crime investigator")
    RISK_RESOLVER = "risk_resolver", _("Risk resolver")
    DISPUTE_MEDIATOR = "dispute_mediator", _("Dispute mediator")
    POLICY_PUBLICIST = "policy_publicist", _("Policy publicist")
    SERVICE_AGENT = "service_agent", _("Service agent")


class Front(models.TextChoices):
    """五个前置: what the visit moved forward."""

    DISPUTE_RESOLUTION = "dispute_resolution", _("Dispute resolution")
    SECURITY_CONTROL = "security_control", _("Security control")
    INVESTIGATION = "investigation", _("Investigation")
    SERVICE = "service", pgettext_lazy("front", "Service")
    PUBLICITY = "publicity", _("Publicity")


class Visit(models.Model):
    """A contact as it happened. ``happened_at`` is the officer's word, ``received_at`` ours."""

    # Made by whoever sends it; the same one again is the same visit, not a second.
    client_id = models.UUIDField(default=uuid.uuid4)
    body_hash = models.CharField(max_length=64, blank=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="visits")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="visits")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="visits")
    channel = models.CharField(_("channel"), max_length=8, choices=Channel)
    happened_at = models.DateTimeField(_("when"))
    contact = models.ForeignKey(Contact, models.PROTECT, null=True, blank=True)
    met = models.CharField(_("who was met"), max_length=100, blank=True)
    # Codes of OfficerRole and Front.
    roles = models.JSONField(_("six roles"), default=list, blank=True)
    fronts = models.JSONField(_("five fronts"), default=list, blank=True)
    summary = models.TextField(_("what was seen and said"), max_length=4000, blank=True)
    received_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("走访", "visit")
        verbose_name_plural = _("visits")
        constraints = (
            models.UniqueConstraint(fields=("officer", "client_id"), name="visit_client_id_once"),
        )
        indexes = (
            models.Index(fields=("unit", "-happened_at", "-id"), name="visit_unit_when"),
            # Without the unit: for a bureau, which reads its stations' together.
            models.Index(fields=("-happened_at", "-id"), name="visit_when"),
            models.Index(
                fields=("enterprise", "-happened_at", "-id"), name="visit_enterprise_when"
            ),
            models.Index(fields=("officer", "-happened_at", "-id"), name="visit_officer_when"),
        )

    def __str__(self) -> str:
        return f"{self.enterprise} {timezone.localtime(self.happened_at):%Y-%m-%d}"

    @property
    def left_out(self) -> str:
        """Why a position that was sent along was not kept: a code of ``LeftOut``, or ""."""
        return next((one.left_out for one in self.positions.all()), "")


class VisitFile(models.Model):
    """现场照片, 语音: a picture or a voice note of the visit itself, in the order in which they
    were made. What shows something that was found belongs to the finding's line instead."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="files")
    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="visit_file")

    objects = VisitFileQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.visit_id}: {self.evidence_id}"


class Finding(models.Model):
    """Something found on a visit or inspection, and the bill line it became."""

    visit = models.ForeignKey(Visit, models.CASCADE, null=True, blank=True, related_name="findings")
    inspection = models.ForeignKey(
        "visits.Inspection", models.CASCADE, null=True, blank=True, related_name="findings"
    )
    issue = models.OneToOneField(Issue, models.PROTECT, related_name="finding")

    objects = FindingQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(visit__isnull=False) ^ models.Q(inspection__isnull=False),
                name="finding_of_one",
            ),
        )

    def __str__(self) -> str:
        return str(self.issue)


class Promise(models.Model):
    """What the officer said would be done, and by when."""

    visit = models.ForeignKey(Visit, models.CASCADE, related_name="promises")
    # The visit's, which never changes: a station's promises are found without reading its visits.
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="promises", db_index=False, editable=False
    )
    text = models.CharField(_("promise"), max_length=200)
    due_on = models.DateField(_("by"), null=True, blank=True)
    kept_at = models.DateTimeField(null=True, blank=True)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        indexes = (
            models.Index(
                fields=("unit", "due_on", "id"),
                condition=models.Q(kept_at__isnull=True),
                name="promise_open_due",
            ),
        )

    def __str__(self) -> str:
        return self.text

    @property
    def audit_label(self) -> str:
        return f"{self.visit}"
