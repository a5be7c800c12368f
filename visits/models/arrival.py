"""到访签到: that an officer has arrived, before there is a visit to write down."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from enterprises.models import Enterprise
from liaison.accounts.models import Unit
from visits.querysets import CheckInQuerySet


class CheckIn(models.Model):
    """An arrival. It is no contact: the clocks go by what came of it, which is the visit."""

    # As of a visit: the same one again is the same arrival.
    client_id = models.UUIDField(default=uuid.uuid4)
    body_hash = models.CharField(max_length=64, blank=True, editable=False)
    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="check_ins")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="check_ins")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="check_ins")
    happened_at = models.DateTimeField(_("when"))
    received_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("arrival")
        verbose_name_plural = _("arrivals")
        constraints = (
            models.UniqueConstraint(
                fields=("officer", "client_id"), name="check_in_client_id_once"
            ),
        )
        indexes = (
            models.Index(fields=("enterprise", "-happened_at"), name="check_in_enterprise_when"),
        )

    def __str__(self) -> str:
        return f"{self.enterprise} {timezone.localtime(self.happened_at):%Y-%m-%d %H:%M}"

    @property
    def left_out(self) -> str:
        """As of a visit: why its position was not kept, or ""."""
        return next((one.left_out for one in self.positions.all()), "")
