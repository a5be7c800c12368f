"""What the bill does when something happens below."""

from datetime import date
from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import ngettext

from enterprises.models import Enterprise
from enterprises.signals import everything_handed_over, officer_changed
from issues.actions import follow_officer, take_over_lines
from issues.actions.recomputing import doubt_deadlines, move_callbacks, recompute_deadlines
from issues.models import Event, Issue
from issues.notices import tell_of
from issues.signals import moved
from liaison.accounts.models import Unit, User
from liaison.accounts.signals import person_leaving
from liaison.calendars.signals import calendar_imported, days_changed
from liaison.core.refused import Refused


@receiver(moved)
def those_whom_it_concerns_are_told(
    sender: object, *, issue: Issue, event: Event, along: bool, **_more: Any
) -> None:
    tell_of(issue, event, along=along)


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


@receiver(everything_handed_over)
def other_lines_go_along(
    sender: object,
    *,
    unit: Unit,
    before: User,
    after: User,
    by: User,
    reason: str,
    **_more: Any,
) -> list[Issue]:
    return take_over_lines(unit, before=before, after=after, by=by, reason=reason)


@receiver(person_leaving)
def nobody_leaves_lines_behind(sender: object, *, user: User, **_more: Any) -> None:
    """No request without an answer: whoever handles open lines hands them over first."""
    left = Issue.objects.filter(handler=user).open().count()
    if left:
        raise Refused(
            "handles",
            ngettext(
                "%(who)s handles %(n)d open line: transfer it first.",
                "%(who)s handles %(n)d open lines: transfer them first.",
                left,
            )
            % {"who": user, "n": left},
        )


@receiver(days_changed)
def deadlines_across_them_are_in_doubt(
    sender: object, *, first: date, last: date, **_more: Any
) -> None:
    doubt_deadlines(first, last)
    move_callbacks(first, last)


@receiver(calendar_imported)
def deadlines_follow_the_calendar(sender: object, *, by: User | None, **_more: Any) -> int:
    return recompute_deadlines(timezone.now(), by=by)
