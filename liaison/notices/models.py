"""What people are told, what is sent outside of it, and who wants what."""

import uuid
from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from liaison.accounts.models import Unit, User


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> "NoticeQuerySet":
        """One's own; nobody reads another's."""
        return self.filter(recipient=user) if user.is_active else self.none()

    def unread(self) -> "NoticeQuerySet":
        return self.filter(read_at__isnull=True)


class Notice(models.Model):
    """Something that one person is told, once.

    ``occasion`` says what happened; whatever makes notices may run again, the constraint lets
    nobody be told twice. The words are a snapshot in the site's language: a line renamed or
    transferred later does not rewrite what was said. The database refuses to change them.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="notices")
    occasion = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(blank=True)
    # A path of ours; empty where the notice's own page is all there is.
    url = models.CharField(max_length=200, blank=True)
    # Read after signing in only: what leaves the house says that there is something, not what.
    confidential = models.BooleanField(default=False)
    # The recipient's when told, for those who look after its deliveries.
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="notices")
    made_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = (
            models.UniqueConstraint(fields=("recipient", "occasion"), name="notice_told_once"),
        )
        indexes = (
            models.Index(fields=("recipient", "-made_at", "-id"), name="notice_inbox"),
            models.Index(
                fields=("recipient", "-made_at", "-id"),
                condition=Q(read_at__isnull=True),
                name="notice_unread",
            ),
        )

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.occasion}"

    @property
    def leads_to(self) -> str:
        """The page it is about."""
        return self.url or reverse("notice_detail", args=(self.pk,))


class MentionQuerySet(models.QuerySet["Mention"]):
    def untold(self) -> "MentionQuerySet":
        return self.filter(notice__isnull=True)

    def coldest_first(self) -> "MentionQuerySet":
        return self.order_by("rank", "id")


class Mention(models.Model):
    """Something that one person is told together with whatever else is due at that time.

    Sweeps make them (reminders, escalations), once for each occasion; ``gathering`` makes a notice
    of all that one person has not been told. Told, it stays with its notice.
    """

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="mentions")
    occasion = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(blank=True)
    url = models.CharField(max_length=200)
    confidential = models.BooleanField(default=False)
    # Order among those told together: the lower, the more urgent.
    rank = models.IntegerField(default=0)
    made_at = models.DateTimeField(default=timezone.now)
    # Goes with its notice: left behind it would be told again.
    notice = models.ForeignKey(Notice, models.CASCADE, null=True, related_name="mentions")

    objects = MentionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("recipient", "occasion"), name="mention_once"),
        )
        indexes = (
            models.Index(
                fields=("recipient", "rank", "id"),
                condition=Q(notice__isnull=True),
                name="mention_untold",
            ),
        )

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.occasion}"


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
    ran out was given to another.
    """

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")

    class State(models.TextChoices):
        PENDING = "pending", pgettext_lazy("delivery", "Pending")
        LEASED = "leased", pgettext_lazy("delivery", "Being sent")
        SENT = "sent", pgettext_lazy("delivery", "Sent")
        FAILED = "failed", pgettext_lazy("delivery", "Failed")
        DROPPED = "dropped", pgettext_lazy("delivery", "No longer wanted")

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    channel = models.CharField(max_length=10, choices=Channel)
    state = models.CharField(max_length=8, choices=State, default=State.PENDING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(null=True, default=timezone.now)
    last_error = models.CharField(max_length=500, blank=True)
    sent_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    message_id = models.CharField(max_length=320, default=new_message_id)

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


class Choice(models.Model):
    """What one person wants sent besides the inbox; no row is no wish."""

    person = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="notice_choice"
    )
    by_email = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"{self.person_id}"


def wants_email(user: User) -> bool:
    """Has an address and chose it."""
    chosen = Choice.objects.filter(person=user).first() if user.email else None
    return chosen is not None and chosen.by_email
