"""Slowing down whoever guesses passwords.

等保 practice: five failures lock the account for half an hour. An address is given far more, since
a whole station may sit behind one; it is locked only against guessing across accounts.
"""

from datetime import datetime, timedelta
from math import ceil

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from liaison.accounts.backends import named
from liaison.accounts.models import SignInFailure, User
from liaison.core.refused import Refused

ADDRESS_FACTOR = 20


def must_not_be_locked(account: str, request: HttpRequest) -> None:
    """Raises Refused("locked") while the account or the address has failed too often."""
    now = timezone.now()
    limit = settings.SIGN_IN_FAILURES
    failures = SignInFailure.objects.all()
    ends = [
        end
        for end in (
            _locked_until(failures.filter(account=_key(account)), limit),
            _locked_until(failures.filter(address=_address(request)), limit * ADDRESS_FACTOR),
        )
        if end is not None and end > now
    ]
    if ends:
        seconds = ceil((max(ends) - now).total_seconds())
        minutes = ceil(seconds / 60)
        raise Refused(
            "locked",
            ngettext(
                "Too many failed sign-ins. Try again in %(minutes)d minute.",
                "Too many failed sign-ins. Try again in %(minutes)d minutes.",
                minutes,
            )
            % {"minutes": minutes},
            details={"retry_after": seconds},
        )


def note_failure(account: str, request: HttpRequest) -> None:
    """Remember a wrong password."""
    SignInFailure.objects.create(account=_key(account), address=_address(request))


def note_success(account: str) -> None:
    """The right password clears the account's failures, not the address's."""
    SignInFailure.objects.filter(account=_key(account)).delete()


def _locked_until(failures: QuerySet[SignInFailure], allowed: int) -> datetime | None:
    """When the lock ends that the last ``allowed`` failures made, if they fell into one window;
    it runs from the last of them."""
    window = timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES)
    last = list(
        failures.filter(at__gt=timezone.now() - 2 * window)
        .order_by("-at")
        .values_list("at", flat=True)[:allowed]
    )
    if len(last) < allowed or last[0] - last[-1] > window:
        return None
    return last[0] + window


def _key(account: str) -> str:
    """One key for one person, however spelled: a phone number can be typed in a hundred ways."""
    found = list(User.objects.filter(named(account)).values_list("pk", flat=True)[:2])
    return f"#{found[0]}" if len(found) == 1 else account.strip().lower()[:150]


def _address(request: HttpRequest) -> str | None:
    # REMOTE_ADDR only: a forwarded address is whatever the sender likes to claim.
    return request.META.get("REMOTE_ADDR") or None
