"""How much a contact, an enterprise and an address may send in within a while.

Counted are the rows of ``Submission``, by index; whoever counts holds the person's row and, for
requests, the enterprise's, so that none slips through beside another. Of one address a few more may
come in the same moment, which does no harm.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import ngettext

from enterprises.models import Contact, Enterprise
from issues.models import HeldRequest, Posting, Submission
from liaison.accounts.addresses import address_of
from liaison.accounts.models import User
from liaison.accounts.people import hold_still
from liaison.core.refused import Refused
from liaison.evidence.models import Evidence


def why_held(
    by: User, enterprise: Enterprise, address: str | None, words: str, now: datetime
) -> HeldRequest.Why | None:
    """Why a request that comes now is held for the desk; None where it is not."""
    asked = Submission.objects.filter(what=Submission.What.ASK)
    recent = asked.filter(at__gt=now - _window())
    why = HeldRequest.Why
    if _reached(recent.filter(user=by), settings.PORTAL_ASKS_BY_ACCOUNT):
        return why.ACCOUNT
    if _reached(recent.filter(enterprise=enterprise), settings.PORTAL_ASKS_BY_ENTERPRISE):
        return why.ENTERPRISE
    if address and _reached(recent.filter(address=address), settings.PORTAL_ASKS_BY_ADDRESS):
        return why.ADDRESS
    since = now - timedelta(hours=settings.PORTAL_REPEAT_HOURS)
    if words and asked.filter(enterprise=enterprise, at__gt=since, words=words).exists():
        return why.REPEAT
    return None


def must_not_be_many(by: User, enterprise: Enterprise, address: str | None, now: datetime) -> None:
    """Raises Refused("throttled") once as many replies as may be have come within the window."""
    recent = Submission.objects.filter(what=Submission.What.REPLY, at__gt=now - _window())
    limits = [
        (recent.filter(user=by), settings.PORTAL_REPLIES_BY_ACCOUNT),
        (recent.filter(enterprise=enterprise), settings.PORTAL_REPLIES_BY_ENTERPRISE),
    ]
    if address:
        limits.append((recent.filter(address=address), settings.PORTAL_REPLIES_BY_ADDRESS))
    if any(_reached(rows, limit) for rows, limit in limits):
        raise _too_many()


def too_many(request: HttpRequest) -> Refused | None:
    """Count a contact's form that costs and is no request or reply of the bill: an application,
    a list, photos, an answer. Once as many as may be have come within the window, what the page
    is to say; it then shows what was typed again, with 429. Who serves at a station is not counted.
    """
    user, now, address = request.user, timezone.now(), address_of(request)
    if not isinstance(user, User) or not user.is_contact:
        return None
    with transaction.atomic():
        hold_still(user)
        recent = Posting.objects.filter(at__gt=now - _window())
        mine = Contact.objects.filter(user=user).present().values("enterprise")
        of_us = Contact.objects.filter(enterprise__in=mine).present().values("user")
        limits = [
            (recent.filter(user=user), settings.PORTAL_REPLIES_BY_ACCOUNT),
            (recent.filter(user__in=of_us), settings.PORTAL_REPLIES_BY_ENTERPRISE),
        ]
        if address:
            limits.append((recent.filter(address=str(address)), settings.PORTAL_REPLIES_BY_ADDRESS))
        if any(_reached(rows, limit) for rows, limit in limits):
            return _too_many()
        Posting.objects.create(user=user, at=now, address=str(address) if address else None)
    return None


def must_not_send_more_files(by: User, more: int, now: datetime) -> None:
    """Raises Refused("throttled") where so many files more would be too many; asked before any of
    them is read, since that is what costs."""
    kept = Evidence.objects.filter(uploaded_by=by, made_at__gt=now - _window())
    if more and kept.count() + more > settings.PORTAL_FILES_BY_ACCOUNT:
        raise _too_many()


def _reached(rows: QuerySet[Any], limit: int) -> bool:
    return len(rows.values_list("pk")[:limit]) >= limit


def _too_many() -> Refused:
    minutes = settings.PORTAL_WINDOW_MINUTES
    return Refused(
        "throttled",
        ngettext(
            "That is a lot within %(n)d minute. What you wrote is still here: send it a little"
            " later, or call your officer if it is urgent.",
            "That is a lot within %(n)d minutes. What you wrote is still here: send it a little"
            " later, or call your officer if it is urgent.",
            minutes,
        )
        % {"n": minutes},
        details={"retry_after": minutes * 60},
    )


def _window() -> timedelta:
    return timedelta(minutes=settings.PORTAL_WINDOW_MINUTES)
