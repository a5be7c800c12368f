"""A token is as good as the password it was given for, and ends with it."""

from typing import Any

from django.dispatch import receiver
from rest_framework.authtoken.models import Token

from liaison.accounts.models import User
from liaison.accounts.signals import password_changed, person_changed


@receiver(password_changed)
def tokens_end_with_the_password(sender: object, *, user: User, **_more: Any) -> None:
    Token.objects.filter(user=user).delete()


@receiver(person_changed)
def tokens_end_with_the_account(sender: object, *, user: User, deed: str, **_more: Any) -> None:
    if deed in ("closed", "password_reset"):
        Token.objects.filter(user=user).delete()
