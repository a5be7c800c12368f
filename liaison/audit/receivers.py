"""Sign-ins go into the record; accounts stands below and only announces them."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from liaison.accounts.models import User
from liaison.audit.record import record


@receiver(user_logged_in)
def record_sign_in(sender: object, *, user: User, **_more: Any) -> None:
    record("user.signed_in", user, by=user, unit=user.unit)
