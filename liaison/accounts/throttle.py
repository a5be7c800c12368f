"""Slowing down whoever guesses passwords.

等保 practice: five failures lock the account for half an hour. An address is given far more, since
a whole station may sit behind one; it is locked only against guessing across accounts.
"""

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from liaison.accounts.models import SignInFailure
from liaison.core.refused import Refused

ADDRESS_FACTOR = 20


def must_not_be_locked(account: str, request: HttpRequest) -> None:
    """Raises Refused("locked") while the account or the address has failed too often."""
    window = timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES)
    recent = SignInFailure.objects.filter(at__gt=timezone.now() - window)
    if (
        recent.filter(account=_key(account)).count() >= settings.SIGN_IN_FAILURES
        or recent.filter(address=_address(request)).count()
        >= settings.SIGN_IN_FAILURES * ADDRESS_FACTOR
    ):
        minutes = settings.SIGN_IN_LOCK_MINUTES
        raise Refused(
            "locked",
            ngettext(
                "Too many failed sign-ins. Try again in %(minutes)d minute.",
                "Too many failed sign-ins. Try again in %(minutes)d minutes.",
                minutes,
            )
            % {"minutes": minutes},
        )


def note_failure(account: str, request: HttpRequest) -> None:
    """Remember a wrong password."""
    SignInFailure.objects.create(account=_key(account), address=_address(request))


def note_success(account: str) -> None:
    """The right password clears the account's failures, not the address's."""
    SignInFailure.objects.filter(account=_key(account)).delete()


def _key(account: str) -> str:
    return account.strip().lower()[:150]


def _address(request: HttpRequest) -> str | None:
    # REMOTE_ADDR only: a forwarded address is whatever the sender likes to claim.
    return request.META.get("REMOTE_ADDR") or None
