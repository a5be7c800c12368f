"""What people are told, and what they are to be told together."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

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
