"""邀请: how a contact of an enterprise comes to an account of their own."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from enterprises.models.enterprise import Contact
from enterprises.querysets import InvitationQuerySet


class Invitation(models.Model):
    """A link with which one contact makes one account, once, within 72 hours.

    Only the token's hash is kept. One is open for a contact at a time: a new one ends the old.
    ``phone`` is the number that the account will have; it was the contact's when they were invited.
    """

    class State(models.TextChoices):
        SENT = "sent", pgettext_lazy("invitation", "Invited")
        USED = "used", pgettext_lazy("invitation", "Used")
        EXPIRED = "expired", pgettext_lazy("invitation", "Expired")
        REVOKED = "revoked", pgettext_lazy("invitation", "Revoked")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="invitations")
    phone = models.CharField(_("phone"), max_length=20)
    token_hash = models.CharField(max_length=64, unique=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="invitations_made"
    )
    by_text = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="invitations_used"
    )
    revoked_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = (
            models.UniqueConstraint(
                fields=("contact",),
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="invitation_one_open",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
                name="invitation_used_or_revoked",
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True, used_by__isnull=True)
                | Q(used_at__isnull=False, used_by__isnull=False),
                name="invitation_used_by_somebody",
            ),
        )

    def __str__(self) -> str:
        return f"{self.contact}"

    @property
    def occasion(self) -> str:
        """By which its text message is found."""
        return f"invitation:{self.pk}"

    def state(self, now: datetime | None = None) -> "Invitation.State":
        if self.used_at is not None:
            return self.State.USED
        if self.revoked_at is not None:
            return self.State.REVOKED
        return self.State.EXPIRED if self.expires_at <= (now or timezone.now()) else self.State.SENT
