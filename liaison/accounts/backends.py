"""Sign in with a phone number or a username."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db.models import Q
from django.http import HttpRequest

from liaison.accounts.models import User
from liaison.core.identifiers import normalise_phone


class PhoneOrUsernameBackend(ModelBackend):
    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        **kwargs: Any,
    ) -> User | None:
        if not username or password is None:
            return None
        found = list(User.objects.filter(named(username))[:2])
        if len(found) != 1:
            # One person's username may be another's phone number: refuse rather than guess.
            # Hashing all the same hides by timing whether the account exists.
            User().set_password(password)
            return None
        user = found[0]
        if user.check_password(password) and self.user_can_authenticate(user):
            return user
        return None

    def get_user(self, user_id: int) -> User | None:
        # One query for the person and the unit: every page needs both.
        user = User.objects.select_related("unit").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None


def named(typed: str) -> Q:
    """The username as typed, or the phone number however it was spelled."""
    try:
        return Q(username=typed) | Q(phone=normalise_phone(typed))
    except ValueError:
        return Q(username=typed)
