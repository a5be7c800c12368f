"""A list of workers on its way in: the batch, its files, and the rows that are no workers yet."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise
from issues.models import Issue
from liaison.accounts.models import Unit
from liaison.evidence.models import Evidence
from workers.querysets import BatchQuerySet, BatchRowQuerySet


class Batch(models.Model):
    """What an enterprise hands in at one time, repaired rows included. A line of the bill gives it
    its clock."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("batch", "Not handed in yet")
        SUBMITTED = "submitted", pgettext_lazy("batch", "Handed in")
        DISCARDED = "discarded", pgettext_lazy("batch", "Discarded")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="worker_batches")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="worker_batches")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="worker_batches")
    made_at = models.DateTimeField(default=timezone.now)
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.DRAFT)
    submitted_at = models.DateTimeField(null=True)
    # Since when its line is declined or withdrawn.
    rejected_at = models.DateTimeField(null=True)
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, related_name="worker_batches")
    # Of its last worker; each has a number of its own in the batch.
    last_number = models.PositiveIntegerField(default=0)

    objects = BatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("worker batch")
        verbose_name_plural = _("worker batches")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="submitted")
                | Q(issue__isnull=False, submitted_at__isnull=False),
                name="worker_batch_has_clock",
            ),
        )
        indexes = (
            models.Index(fields=("unit", "-made_at", "-id"), name="worker_batch_unit"),
            models.Index(fields=("enterprise", "-made_at", "-id"), name="worker_batch_enterprise"),
        )

    def __str__(self) -> str:
        return f"{self.enterprise} {timezone.localtime(self.made_at):%Y-%m-%d} #{self.pk}"

    @property
    def is_submitted(self) -> bool:
        return self.state == self.State.SUBMITTED


class BatchFile(models.Model):
    """One spreadsheet of a batch: the first, or one with repaired rows."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("Preview")
        APPLIED = "applied", _("Applied")
        DISCARDED = "discarded", _("Discarded")

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="files")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    filename = models.CharField(_("file"), max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEW)
    # [[field or heading, heading as written], ...] in the file's order.
    layout = models.JSONField(default=list)
    # Remarks on the file as a whole.
    notes = models.JSONField(default=list)
    # A row without a photo is refused; else the photo may follow.
    wants_photos = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("batch",), condition=Q(state="preview"), name="worker_file_one_preview"
            ),
        )

    def __str__(self) -> str:
        return self.filename


class BatchRow(models.Model):
    """A row of a file that is no worker: looked at before it is agreed to, or given back.

    What it says is sealed; ``messages`` name no number.
    """

    class Outcome(models.TextChoices):
        NEW = "new", pgettext_lazy("worker row", "To be registered")
        CORRECTED = "corrected", pgettext_lazy("worker row", "Corrects an earlier one")
        UNCHANGED = "unchanged", pgettext_lazy("worker row", "Listed already")
        ASKS = "asks", pgettext_lazy("worker row", "Listed elsewhere")
        REFUSED = "refused", pgettext_lazy("worker row", "To be repaired")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    file = models.ForeignKey(BatchFile, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="row number in the spreadsheet")
    outcome = models.CharField(max_length=10, choices=Outcome)
    sealed = models.BinaryField()
    # [{"field", "message", "refuses": bool}]
    messages = models.JSONField(default=list)
    id_index = models.BinaryField(max_length=32, default=b"")
    photo_index = models.BinaryField(max_length=32, default=b"")
    photo = models.OneToOneField(Evidence, models.PROTECT, null=True, related_name="worker_row")
    # The row given back before, which this one repairs.
    repairs = models.UUIDField(null=True)

    objects = BatchRowQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("file", "number"), name="worker_row_once"),)
        indexes = (models.Index(fields=("file", "outcome", "number"), name="worker_row_outcome"),)

    def __str__(self) -> str:
        return f"{self.file_id}:{self.number} {self.outcome}"

    @property
    def said(self) -> list[dict[str, Any]]:
        """Why it is refused; of one that is not, what there is to remark."""
        refused = self.outcome == self.Outcome.REFUSED
        found: list[dict[str, Any]] = self.messages
        return [one for one in found if one["refuses"] or not refused]
