"""Text messages to somebody who is no user yet."""

from datetime import datetime

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import pgettext_lazy

from liaison.accounts.models import Unit


class TextMessageQuerySet(models.QuerySet["TextMessage"]):
    def due(self, now: datetime) -> "TextMessageQuerySet":
        """To be sent now, and those whose lease has run out without a result."""
        return self.filter(due_at__lte=now)


class TextMessage(models.Model):
    """One text message on its way to a telephone number, by the channel of a unit.

    A :class:`Delivery` needs a notice, and a notice a person with an inbox; this is for those who
    have none. The words have ``{link}`` where the secret link goes: its token stands nowhere, it is
    made of ``seed`` when the message is sent, and the seed goes with the sending. ``due_at`` and
    ``attempts`` are as of a Delivery. After ``expires_at`` it is not worth sending.
    """

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("text message", "Waiting to be sent")
        LEASED = "leased", pgettext_lazy("text message", "Being sent")
        SENT = "sent", pgettext_lazy("text message", "Sent")
        FAILED = "failed", pgettext_lazy("text message", "Could not be sent")
        DROPPED = "dropped", pgettext_lazy("text message", "No longer wanted")

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="text_messages")
    occasion = models.CharField(max_length=80, unique=True)
    phone = models.CharField(max_length=20)
    text = models.CharField(max_length=300)
    # A path of ours with {token}, and what the token is made of; empty once it is over.
    path = models.CharField(max_length=100)
    seed = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    due_at = models.DateTimeField(null=True, default=timezone.now)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=500, blank=True)

    objects = TextMessageQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=("pending", "leased"), due_at__isnull=False)
                | ~Q(state__in=("pending", "leased")) & Q(due_at__isnull=True, seed=""),
                name="text_message_due_until_over",
            ),
        )
        indexes = (
            models.Index(
                fields=("due_at", "id"), condition=Q(due_at__isnull=False), name="text_message_due"
            ),
        )

    def __str__(self) -> str:
        return f"{self.occasion} {self.state}"
