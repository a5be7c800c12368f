"""Slowing down whoever guesses passwords.

等保 practice: five failures lock the account for half an hour. An address is given far more, since
a whole station may sit behind one; it is locked only against guessing across accounts.

An attempt counts as a failure from before the password is looked at until it turns out right: of
any number of guesses sent at once no more are looked at than of guesses sent one by one.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from math import ceil
from typing import TypeVar

from django.conf import settings
from django.contrib.auth import authenticate
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from liaison.accounts.addresses import address_of
from liaison.accounts.backends import named
from liaison.accounts.models import SignInFailure, User
from liaison.core.refused import Refused

ADDRESS_FACTOR = 20
# In place of the account: no username has brackets.
A_LINK = "(link)"

Opened = TypeVar("Opened")


def try_to_sign_in(request: HttpRequest, account: str, password: str) -> User | None:
    """Whom this name and password open, if anybody.

    Raises Refused("locked") while the account or the address has failed too often; such an attempt
    is not looked at and makes the lock no longer.
    """
    address = address_of(request)
    attempt = SignInFailure.objects.create(
        account=_key(account), address=str(address) if address else None
    )
    try:
        _must_not_be_locked(attempt)
    except Refused:
        attempt.delete()
        raise
    user = authenticate(request, username=account, password=password)
    if not isinstance(user, User):
        return None
    # The right password clears the account's failures, not the address's.
    SignInFailure.objects.filter(account=attempt.account).delete()
    return user


def must_not_be_guessing(request: HttpRequest) -> None:
    """Refused("locked") while the address has failed too often, at links or at signing in."""
    if (address := address_of(request)) is not None:
        at_address = SignInFailure.objects.filter(address=str(address))
        _must_have_ended([_locked_until(at_address, settings.SIGN_IN_FAILURES * ADDRESS_FACTOR)])


def note_guess(request: HttpRequest) -> None:
    """Whoever tries secret links counts as one who guesses passwords; who is not known by an
    address shares none."""
    if (address := address_of(request)) is not None:
        SignInFailure.objects.create(account=A_LINK, address=str(address))


def try_to_open(
    request: HttpRequest, door: str, opens: Callable[[], Opened | None]
) -> Opened | None:
    """What ``opens`` gives for something short that can be guessed, a PIN; None when it was wrong.

    Counted like passwords: by ``door``, which is whatever is being guessed at, and by address.
    Raises Refused("locked"); such an attempt is not looked at and makes the lock no longer.
    """
    address = address_of(request)
    attempt = SignInFailure.objects.create(
        account=f"(door {door})"[:150], address=str(address) if address else None
    )
    try:
        _must_not_be_locked(attempt)
    except Refused:
        attempt.delete()
        raise
    opened = opens()
    if opened is not None:
        SignInFailure.objects.filter(account=attempt.account).delete()
    return opened


def forget_old_failures(now: datetime) -> dict[str, int]:
    """Delete those that lock nobody any more; how many."""
    deleted, _of_each = SignInFailure.objects.filter(at__lt=now - 2 * _window()).delete()
    return {"sign_in_failures": deleted}


def _must_not_be_locked(attempt: SignInFailure) -> None:
    limit = settings.SIGN_IN_FAILURES
    others = SignInFailure.objects.exclude(pk=attempt.pk)
    found = [_locked_until(others.filter(account=attempt.account), limit)]
    if attempt.address is not None:
        # Who is not known by an address shares none.
        at_address = others.filter(address=attempt.address)
        found.append(_locked_until(at_address, limit * ADDRESS_FACTOR))
    _must_have_ended(found)


def _must_have_ended(locks: Iterable[datetime | None]) -> None:
    now = timezone.now()
    ends = [end for end in locks if end is not None and end > now]
    if ends:
        raise _locked(max(ends))


def _locked(end: datetime) -> Refused:
    seconds = ceil((end - timezone.now()).total_seconds())
    minutes = ceil(seconds / 60)
    return Refused(
        "locked",
        ngettext(
            "Too many failed sign-ins. Try again in %(minutes)d minute.",
            "Too many failed sign-ins. Try again in %(minutes)d minutes.",
            minutes,
        )
        % {"minutes": minutes},
        details={"retry_after": seconds},
    )


def _locked_until(failures: QuerySet[SignInFailure], allowed: int) -> datetime | None:
    """When the lock ends that the last ``allowed`` failures made, if they fell into one window;
    it runs from the last of them."""
    window = _window()
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


def _window() -> timedelta:
    return timedelta(minutes=settings.SIGN_IN_LOCK_MINUTES)
