"""What goes into the record and is only announced, by accounts below and by apps beside."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.db.models import Model
from django.dispatch import receiver

from liaison.accounts.models import Unit, User
from liaison.accounts.signals import password_changed, person_changed, settings_changed
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


@receiver(settings_changed)
def record_settings_change(
    sender: object,
    *,
    subject: Model,
    unit: Unit,
    by: User,
    action: str,
    changes: dict[str, Any],
    **_more: Any,
) -> None:
    record(action, subject, by=by, unit=unit, changes=changes)
