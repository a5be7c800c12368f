"""What visits and plans of the day do when something happens below them: a line raised or given to
somebody, an enterprise that changes hands, a promise for today, a consent taken back."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.utils import timezone

from enterprises.models import Cover, Enterprise
from enterprises.signals import officer_changed
from issues.models import Event, Issue
from issues.signals import moved
from liaison.accounts.models import User
from liaison.whereabouts.signals import consent_withdrawn
from visits.actions.placing import forget_positions_of
from visits.actions.planning import and_acting, looked_after_by, plan_anew
from visits.models import Promise

# Moves by which a line wants its handler's attention that did not have it before.
URGENT_MOVES = frozenset({"raise", "transfer", "return", "dispute", "reopen", "resume"})


@receiver(moved)
def lines_that_come_in_change_the_day(
    sender: object, *, issue: Issue, event: Event, along: bool, **_more: Any
) -> None:
    """``along`` with an enterprise: its change of hands is heard by itself."""
    if event.move in URGENT_MOVES and not along and issue.handler_id is not None:
        plan_anew(and_acting([issue.handler_id]))


@receiver(officer_changed)
def enterprises_that_change_hands_change_two_days(
    sender: object, *, enterprise: Enterprise, before: User | None, after: User, **_more: Any
) -> None:
    plan_anew(and_acting([one.pk for one in (before, after) if one is not None]))


@receiver(post_save, sender=Promise)
def promises_for_today_change_the_day(
    sender: object, *, instance: Promise, created: bool, **_more: Any
) -> None:
    """Made by log_visit, whoever wrote the visit down."""
    if created and instance.due_on is not None and instance.due_on <= timezone.localdate():
        plan_anew(looked_after_by(instance.visit.enterprise))


@receiver(post_save, sender=Cover)
def covers_that_begin_today_change_two_days(
    sender: object, *, instance: Cover, created: bool, **_more: Any
) -> None:
    today = timezone.localdate()
    if created and instance.starts_on <= today <= instance.ends_on:
        plan_anew([instance.officer_id, instance.acting_id])


@receiver(consent_withdrawn)
def coordinates_go_with_the_consent(sender: object, *, person: User, **_more: Any) -> None:
    forget_positions_of(person)
