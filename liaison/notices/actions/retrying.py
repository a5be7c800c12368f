"""Trying again what could not be sent."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from liaison.accounts.models import User
from liaison.core.refused import Conflict, Refused
from liaison.notices.models import Delivery
from liaison.notices.tasks import wake


def retry_delivery(delivery: Delivery, *, by: User, now: datetime | None = None) -> None:
    """Begin again with one that has failed, all attempts anew."""
    if by.admin_duty != User.AdminDuty.SYSTEM:
        raise Refused("not_yours", _("Only the unit's system administrator may do this."))
    failed = Delivery.objects.visible_to(by).failed().filter(pk=delivery.pk)
    again = Delivery.objects.filter(pk__in=failed.values("pk"))
    if not again.update(
        state=Delivery.State.PENDING, attempts=0, failed_at=None, due_at=now or timezone.now()
    ):
        raise Conflict("stale", _("This delivery is being sent again already."))
    transaction.on_commit(wake, robust=True)
