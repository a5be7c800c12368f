"""What happened to a line, and what proves it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from issues.models.issue import Issue
from issues.querysets import AttachmentQuerySet, EventQuerySet
from issues.workflow import Proof, Stage
from liaison.evidence.models import Evidence


class Event(models.Model):
    """One entry of the timeline. Names and values are snapshots; rows are only ever added.

    The database refuses UPDATE and DELETE by trigger.
    """

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True)
    actor_name = models.CharField(max_length=60)
    move = models.CharField(max_length=20)
    from_stage = models.CharField(max_length=10, choices=Stage, blank=True)
    to_stage = models.CharField(max_length=10, choices=Stage)
    generation = models.PositiveSmallIntegerField(default=1)
    public = models.BooleanField(_("the enterprise may read it"), default=True)
    text = models.TextField(blank=True)
    values = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ("at", "id")
        indexes = (models.Index(fields=("issue", "at", "id"), name="event_timeline"),)

    def __str__(self) -> str:
        return f"{self.issue_id} {self.move} {self.actor_name}"


class Attachment(models.Model):
    """A file put to a line in one event, and what it proves."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="attachments")
    event = models.ForeignKey(Event, models.PROTECT, related_name="attachments")
    evidence = models.OneToOneField(Evidence, models.PROTECT, related_name="attachment")
    proof = models.CharField(_("proves"), max_length=10, choices=Proof, default=Proof.OTHER)

    objects = AttachmentQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.proof}: {self.evidence_id}"


class Pause(models.Model):
    """A time in which the resolve clock stands still. Nothing ``awaited`` by name is the
    enterprise's word on a close-out."""

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="pauses")
    starts_at = models.DateTimeField()
    until_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    awaited = models.CharField(max_length=200, blank=True)
    awaited_from = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("issue",), condition=Q(ended_at__isnull=True), name="pause_one_open"
            ),
        )

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.awaited}"

    @property
    def what(self) -> str:
        """What is awaited, in words."""
        return self.awaited or str(_("the enterprise's word whether it is done"))


class CloseOut(models.Model):
    """销号: what was done, who proposed it, who else approved or returned it."""

    class Outcome(models.TextChoices):
        PENDING = "pending", _("Pending")
        APPROVED = "approved", _("Approved")
        RETURNED = "returned", _("Returned")

    issue = models.ForeignKey(Issue, models.PROTECT, related_name="close_outs")
    generation = models.PositiveSmallIntegerField()
    summary = models.TextField(_("what was done"), max_length=4000)
    loss_recovered = models.DecimalField(max_digits=14, decimal_places=2, null=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="close_outs_proposed"
    )
    proposed_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="close_outs_decided"
    )
    decided_at = models.DateTimeField(null=True)
    remark = models.TextField(blank=True)
    # Who at the enterprise confirmed and how, where its word closes the line but somebody
    # else typed it in.
    confirmed_by = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("issue",), condition=Q(outcome="pending"), name="close_out_one_pending"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=models.F("proposed_by")),
                name="close_out_by_another",
            ),
        )

    def __str__(self) -> str:
        return f"{self.issue_id}: {self.outcome}"
