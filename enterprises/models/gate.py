"""门牌码: what the card at an enterprise's gate leads to."""

import secrets

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.models.enterprise import Enterprise
from enterprises.querysets import GateCodeQuerySet

# 96 bits: enterprises are not found by trying codes. It opens nothing by itself, whoever walks by
# may read it, and so it is kept as it is.
BYTES = 12


def new_code() -> str:
    return secrets.token_urlsafe(BYTES)


class GateCode(models.Model):
    """The code on the card that hangs at a gate. One holds at a time; those before it stay, so that
    an old card can be told that it is one."""

    enterprise = models.ForeignKey(Enterprise, models.CASCADE, related_name="gate_codes")
    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    made_at = models.DateTimeField(default=timezone.now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="gate_codes_made")
    # Why the one before it no longer holds; empty for the first.
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = GateCodeQuerySet.as_manager()

    class Meta:
        verbose_name = _("gate card")
        verbose_name_plural = _("gate cards")
        constraints = (
            models.UniqueConstraint(
                fields=("enterprise",), condition=Q(ended_at__isnull=True), name="gate_code_one"
            ),
        )

    def __str__(self) -> str:
        return f"{self.enterprise}"

    @property
    def holds(self) -> bool:
        """Whether the card is good: the last one printed, of an enterprise that is still there."""
        return self.ended_at is None and self.enterprise.is_live
