"""What the bill does when something happens below."""

from typing import Any

from django.dispatch import receiver

from enterprises.models import Enterprise
from enterprises.signals import officer_changed
from issues.actions import follow_officer
from liaison.accounts.models import User


@receiver(officer_changed)
def open_lines_follow_the_officer(
    sender: object,
    *,
    enterprise: Enterprise,
    before: User | None,
    after: User,
    by: User,
    reason: str,
    **_more: Any,
) -> None:
    follow_officer(enterprise, before=before, after=after, by=by, reason=reason)
