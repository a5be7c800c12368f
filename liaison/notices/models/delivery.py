"""What is sent outside of the inbox."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liaison.accounts.models import User
from liaison.notices.models.channel import Channel
from liaison.notices.models.notice import Notice


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: User) -> "DeliveryQuerySet":
        """A system administrator's own unit and below; what the notices say is not theirs."""
        if not user.is_active or user.unit is None or user.admin_duty != User.AdminDuty.SYSTEM:
            return self.none()
        return self.filter(notice__unit__path__startswith=user.unit.path)

    def due(self, now: datetime) -> "DeliveryQuerySet":
        """To be sent now, and those whose lease has run out without a result."""
        return self.filter(due_at__lte=now)

    def failed(self) -> "DeliveryQuerySet":
        return self.filter(failed_at__isnull=False)

    def untried(self) -> "DeliveryQuerySet":
        return self.filter(state=Delivery.State.PENDING, attempts=0, last_error="")

    def put_off(self) -> "DeliveryQuerySet":
        """Tried in vain and to be tried again."""
        return self.filter(due_at__isnull=False).exclude(last_error="")


def new_message_id() -> str:
    """Made with the row: a message that is sent twice is recognised by it."""
    return f"<{uuid.uuid4()}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2].rstrip('>')}>"


class Delivery(models.Model):
    """One notice on its way by one channel.

    ``due_at`` is when somebody must look at the row: to send it, to send it again, or, while it is
    leased, because the process that took it has not come back; empty once that is over.
    ``attempts`` counts leases and is what a process shows when it writes the result: a lease that
    ran out was given to another. Several to one person go as one message: one of them is leased,
    the others have joined it (``goes_with``) and are not looked at until it is over.
    """

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("delivery", "Pending")
        LEASED = "leased", pgettext_lazy("delivery", "Being sent")
        JOINED = "joined", pgettext_lazy("delivery", "Being sent with another")
        SENT = "sent", pgettext_lazy("delivery", "Sent")
        FAILED = "failed", pgettext_lazy("delivery", "Failed")
        DROPPED = "dropped", pgettext_lazy("delivery", "No longer wanted")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, default=timezone.now)
    last_error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=320, default=new_message_id)
    goes_with = models.ForeignKey("self", models.PROTECT, null=True, related_name="joined")

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = (
            models.UniqueConstraint(fields=("notice", "channel"), name="delivery_once"),
            models.CheckConstraint(
                condition=Q(state__in=("pending", "leased"), due_at__isnull=False)
                | ~Q(state__in=("pending", "leased")) & Q(due_at__isnull=True),
                name="delivery_due_until_over",
            ),
            models.CheckConstraint(
                condition=Q(state="failed", failed_at__isnull=False)
                | ~Q(state="failed") & Q(failed_at__isnull=True),
                name="delivery_failed_at",
            ),
            models.CheckConstraint(
                condition=Q(state="joined", goes_with__isnull=False)
                | ~Q(state="joined") & Q(goes_with__isnull=True),
                name="delivery_joined_to",
            ),
        )
        # By NULLs, not by state: a query sends values apart from itself, and SQLite cannot tell
        # then that an index with such a condition fits.
        indexes = (
            models.Index(
                fields=("due_at", "id"),
                condition=Q(due_at__isnull=False),
                name="delivery_due",
            ),
            models.Index(
                fields=("-failed_at", "-id"),
                condition=Q(failed_at__isnull=False),
                name="delivery_failed",
            ),
        )

    def __str__(self) -> str:
        return f"{self.notice_id} {self.channel} {self.state}"
