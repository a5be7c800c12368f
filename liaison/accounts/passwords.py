"""What a password must be: 8 characters of three classes, or long."""

from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liaison.accounts.models import FormerPassword, User


class ClassesValidator:
    """So many kinds of characters, unless it is long: a sentence is better than a riddle."""

    def __init__(self, classes: int = 3, long_enough: int = 14) -> None:
        self.classes, self.long_enough = classes, long_enough

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if len(password) < self.long_enough and len(_classes_of(password)) < self.classes:
            raise ValidationError(self.get_help_text(), code="password_too_plain")

    def get_help_text(self) -> str:
        return _(
            "Use %(classes)d of capital letters, small letters, digits and other characters, "
            "or at least %(n)d characters."
        ) % {"classes": self.classes, "n": self.long_enough}


class FormerPasswordsValidator:
    """Not one of the last few, the present one among them."""

    def __init__(self, remembered: int = 5) -> None:
        self.remembered = remembered

    def validate(self, password: str, user: AbstractBaseUser | None = None) -> None:
        if not isinstance(user, User) or user.pk is None:
            return
        # The present one too where it was set past `set_password`.
        former = {user.password, *self._last(user).values_list("encoded", flat=True)}
        if any(check_password(password, encoded) for encoded in former):
            raise ValidationError(self.get_help_text(), code="password_used_before")

    def password_changed(self, password: str, user: AbstractBaseUser | None = None) -> None:
        """Django says so once the new one is saved."""
        if not isinstance(user, User):
            return
        FormerPassword.objects.create(user=user, encoded=user.password)
        kept = self._last(user).values_list("pk", flat=True)
        FormerPassword.objects.filter(user=user).exclude(pk__in=list(kept)).delete()

    def get_help_text(self) -> str:
        return ngettext(
            "Not your last password.", "Not one of your last %(n)d passwords.", self.remembered
        ) % {"n": self.remembered}

    def _last(self, user: User) -> QuerySet[FormerPassword]:
        return FormerPassword.objects.filter(user=user).order_by("-pk")[: self.remembered]


def _classes_of(password: str) -> set[str]:
    """A letter of a script without capitals counts among the other characters."""
    return {
        "upper" if one.isupper() else "lower" if one.islower() else "digit" if one.isdigit() else ""
        for one in password
    }
