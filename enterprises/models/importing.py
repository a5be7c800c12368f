"""An enterprise list on its way in: previewed, applied, undone."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models.enterprise import Enterprise
from enterprises.querysets import ImportBatchQuerySet
from liaison.accounts.models import Unit


class ImportBatch(models.Model):
    """One file and what became of it. The preview is rows here, nothing else is touched."""

    class State(models.TextChoices):
        PREVIEW = "preview", _("Preview")
        APPLIED = "applied", _("Applied")
        DISCARDED = "discarded", _("Discarded")
        UNDONE = "undone", _("Undone")

    unit = models.ForeignKey(Unit, models.CASCADE, related_name="import_batches")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    filename = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=10, choices=State, default=State.PREVIEW)
    made_at = models.DateTimeField(default=timezone.now)
    applied_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    # What the reading noticed about the whole file: unknown headings, encoding, ...
    notes = models.JSONField(default=list)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        indexes = (models.Index(fields=("unit", "-made_at", "-id"), name="import_unit_made"),)

    def __str__(self) -> str:
        return self.filename


class ImportRow(models.Model):
    """One line of the file: what it says, what it would do, what it did."""

    class Outcome(models.TextChoices):
        CREATED = "created", pgettext_lazy("import row", "New")
        UPDATED = "updated", pgettext_lazy("import row", "Changed")
        UNCHANGED = "unchanged", pgettext_lazy("import row", "Unchanged")
        REFUSED = "refused", pgettext_lazy("import row", "Refused")

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="row number in the spreadsheet")
    outcome = models.CharField(max_length=10, choices=Outcome)
    enterprise = models.ForeignKey(Enterprise, models.SET_NULL, null=True)
    values = models.JSONField(default=dict)
    # Field to [before, after] for changed rows; what undo puts back.
    changes = models.JSONField(default=dict)
    # [{"field", "message", "refuses": bool}]: why it was refused, or a note on what is missing.
    messages = models.JSONField(default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("batch", "number"), name="import_row_once"),)
        indexes = (models.Index(fields=("batch", "outcome", "number"), name="import_row_outcome"),)

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.number} {self.outcome}"
