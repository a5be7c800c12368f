"""通知、政策、表格: what a station tells its enterprises, who has read it, what they sent back."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from documents.querysets import AddressedQuerySet, DocumentQuerySet, ReplyQuerySet
from enterprises.models import Enterprise
from liaison.accounts.models import Unit
from liaison.evidence.models import Evidence


class Document(models.Model):
    """What was published; it is not changed afterwards, but withdrawn or replaced by a newer one.

    ``audience`` says how its enterprises were chosen; who they are stands in :class:`Addressed`.
    ``acknowledge_by`` is the day until which an answer 已知悉 is asked for; then there is a clock,
    ``next_reminder_at``, until its last step is taken.
    """

    class Kind(models.TextChoices):
        NOTICE = "notice", pgettext_lazy("document", "Notice")
        POLICY = "policy", pgettext_lazy("document", "Policy")
        FORM = "form", pgettext_lazy("document", "Form to fill in")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="documents")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), max_length=8000, blank=True)
    audience = models.JSONField(default=dict)
    acknowledge_by = models.DateField(_("acknowledge by"), null=True)
    published_at = models.DateTimeField(default=timezone.now)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="documents_published"
    )
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="documents_withdrawn"
    )
    withdrawn_because = models.CharField(_("reason"), max_length=200, blank=True)
    next_reminder_at = models.DateTimeField(null=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        constraints = (
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True)
                | Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                & ~Q(withdrawn_because=""),
                name="document_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(next_reminder_at__isnull=True)
                | Q(acknowledge_by__isnull=False, withdrawn_at__isnull=True),
                name="document_clock_only_where_asked",
            ),
        )
        indexes = (
            models.Index(fields=("unit", "-published_at", "-id"), name="document_unit_when"),
            models.Index(fields=("-published_at", "-id"), name="document_when"),
            models.Index(
                fields=("next_reminder_at", "id"),
                condition=Q(next_reminder_at__isnull=False),
                name="document_reminder_due",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None


class DocumentFile(models.Model):
    """A paper that hangs on a document."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="files")
    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="document_file")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.document_id}: {self.evidence_id}"


class Addressed(models.Model):
    """One enterprise that a document is for, from its publication on; what it answered."""

    document = models.ForeignKey(Document, models.PROTECT, related_name="addressed")
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="documents", db_index=False
    )
    acknowledged_at = models.DateTimeField(null=True)
    acknowledged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = AddressedQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("document", "enterprise"), name="addressed_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_at__isnull=True, acknowledged_by__isnull=True)
                | Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False),
                name="addressed_acknowledged_by_somebody",
            ),
        )
        indexes = (models.Index(fields=("enterprise", "document"), name="addressed_to"),)

    def __str__(self) -> str:
        return f"{self.document_id}: {self.enterprise_id}"


class Opening(models.Model):
    """The read receipt: the first time that a contact opened it. Rows are only ever added."""

    addressed = models.ForeignKey(Addressed, models.PROTECT, related_name="openings")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="documents_opened"
    )
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("addressed", "person"), name="opening_once"),
        )

    def __str__(self) -> str:
        return f"{self.addressed_id}: {self.person_id}"


class Reply(models.Model):
    """What an enterprise sent back, words and papers. Rows are only ever added."""

    addressed = models.ForeignKey(Addressed, models.PROTECT, related_name="replies")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="replies")
    at = models.DateTimeField(default=timezone.now)
    text = models.TextField(max_length=4000, blank=True)

    objects = ReplyQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")

    def __str__(self) -> str:
        return f"{self.addressed_id}: {self.at:%F %T}"


class ReplyFile(models.Model):
    """A paper that came with a reply."""

    reply = models.ForeignKey(Reply, models.PROTECT, related_name="files")
    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="reply_file")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.reply_id}: {self.evidence_id}"
