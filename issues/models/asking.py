"""What the contacts of an enterprise send in, and what of it the desk looks at first."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models import Enterprise
from issues.models.issue import Issue
from issues.models.kind import IssueKind, SlaPolicy
from issues.querysets import HeldRequestQuerySet
from liaison.accounts.models import Unit
from liaison.evidence.models import Evidence


class HeldRequest(models.Model):
    """A request that the desk looks at before it becomes a line, or does not.

    Held because more came than is usual, or the same words again; never dropped. By ``due_at``, as
    by the respond clock of the line it may become, somebody has decided, or is told.
    """

    class Why(models.TextChoices):
        ACCOUNT = "account", _("many requests by one person within a short time")
        ENTERPRISE = "enterprise", _("many requests by one enterprise within a short time")
        ADDRESS = "address", _("many requests from one place within a short time")
        REPEAT = "repeat", _("the same words as a request before")

    class Outcome(models.TextChoices):
        PENDING = "pending", pgettext_lazy("held request", "With the desk")
        RELEASED = "released", pgettext_lazy("held request", "On the bill")
        REJECTED = "rejected", pgettext_lazy("held request", "Not taken on")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="held_requests")
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="held_requests")
    kind = models.ForeignKey(IssueKind, models.PROTECT)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("what it is about"), max_length=4000, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="requests_held"
    )
    asked_at = models.DateTimeField(default=timezone.now)
    why = models.CharField(max_length=10, choices=Why)
    # As the kind's: whoever may not see such a line may not see this.
    sensitive = models.BooleanField(default=False)
    policy = models.ForeignKey(SlaPolicy, models.PROTECT)
    due_at = models.DateTimeField()
    # When the station is to be told that nobody has decided; empty once it was, or somebody has.
    next_ring_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=8, choices=Outcome, default=Outcome.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="requests_decided"
    )
    decided_at = models.DateTimeField(null=True)
    reason = models.TextField(_("reason"), max_length=4000, blank=True)
    issue = models.OneToOneField(Issue, models.PROTECT, null=True, related_name="held_request")

    objects = HeldRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("held request")
        verbose_name_plural = _("held requests")
        constraints = (
            models.CheckConstraint(
                condition=Q(
                    outcome="pending",
                    decided_at__isnull=True,
                    decided_by__isnull=True,
                    issue__isnull=True,
                )
                | Q(
                    outcome="released",
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    issue__isnull=False,
                    next_ring_at__isnull=True,
                )
                | Q(
                    ~Q(reason=""),
                    outcome="rejected",
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    issue__isnull=True,
                    next_ring_at__isnull=True,
                ),
                name="held_request_decided_whole",
            ),
        )
        indexes = (
            models.Index(fields=("unit", "due_at", "id"), name="held_unit_due"),
            models.Index(
                fields=("unit", "due_at", "id"),
                condition=Q(decided_at__isnull=True),
                name="held_pending",
            ),
            models.Index(fields=("enterprise", "-asked_at"), name="held_enterprise"),
            models.Index(
                fields=("next_ring_at", "id"),
                condition=Q(next_ring_at__isnull=False),
                name="held_to_ring",
            ),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def audit_label(self) -> str:
        """Without the title: what it says is not for all who read the record."""
        return f"#{self.pk}"

    @property
    def is_pending(self) -> bool:
        return self.outcome == self.Outcome.PENDING


class HeldFile(models.Model):
    """A file sent with a held request; it goes to the line with it."""

    held = models.ForeignKey(HeldRequest, models.CASCADE, related_name="files")
    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="held_file")

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return str(self.evidence_id)


class Posting(models.Model):
    """That a contact has sent a form that costs, to whichever page and whatever came of it."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("user", "at"), name="posting_by_user"),
            models.Index(fields=("address", "at"), name="posting_by_address"),
            models.Index(fields=("at",), name="posting_age"),
        )

    def __str__(self) -> str:
        return f"{self.user_id} {self.at}"


class Submission(models.Model):
    """That a contact has sent something in: to count it, and to know it when it comes again.

    ``client_id`` is the form's own, so that whatever is sent twice happens once. ``words`` is a
    digest of what a request says, ``body`` of all that was sent.
    """

    class What(models.TextChoices):
        ASK = "ask", _("a request")
        REPLY = "reply", _("a reply")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="+")
    what = models.CharField(max_length=5, choices=What)
    at = models.DateTimeField(default=timezone.now)
    address = models.GenericIPAddressField(null=True)
    client_id = models.UUIDField()
    body = models.CharField(max_length=64)
    words = models.CharField(max_length=64, blank=True)
    issue = models.ForeignKey(Issue, models.CASCADE, null=True, related_name="+")
    held = models.ForeignKey(HeldRequest, models.CASCADE, null=True, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("user", "client_id"), name="submission_once"),
            models.CheckConstraint(
                condition=Q(issue__isnull=False, held__isnull=True)
                | Q(issue__isnull=True, held__isnull=False),
                name="submission_came_to_something",
            ),
        )
        indexes = (
            models.Index(fields=("user", "what", "at"), name="submission_by_user"),
            models.Index(fields=("enterprise", "what", "at"), name="submission_by_enterprise"),
            models.Index(fields=("address", "what", "at"), name="submission_by_address"),
            models.Index(fields=("at",), name="submission_age"),
        )

    def __str__(self) -> str:
        return f"{self.what} {self.client_id}"
