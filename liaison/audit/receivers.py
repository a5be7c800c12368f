"""Sign-ins go into the record; accounts stands below and only announces them."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

from liaison.accounts.models import User
from liaison.accounts.signals import password_changed, person_changed
from liaison.audit.record import record


@receiver(user_logged_in)
def record_sign_in(sender: object, *, user: User, **_more: Any) -> None:
    record("user.signed_in", user, by=user, unit=user.unit)


@receiver(password_changed)
def record_password_change(sender: object, *, user: User, **_more: Any) -> None:
    record("user.password_changed", user, by=user, unit=user.unit)


@receiver(person_changed)
def record_person_change(
    sender: object, *, user: User, by: User | None, deed: str, **_more: Any
) -> None:
    record(f"user.{deed}", user, by=by, unit=user.unit)
