"""What enterprises have to say when something happens below."""

from datetime import date
from typing import Any

from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from enterprises.models import Assignment, Cadence, Cover, Stage
from liaison.accounts.models import User
from liaison.accounts.signals import person_leaving
from liaison.calendars.signals import days_changed
from liaison.core.due import start_of
from liaison.core.refused import Refused


@receiver(person_leaving)
def nobody_leaves_enterprises_behind(sender: object, *, user: User, **_more: Any) -> None:
    """No enterprise without an officer: whoever answers for some hands them over first."""
    places = Assignment.objects.all().open().responsible().filter(officer=user)
    left = places.exclude(enterprise__stage=Stage.CLOSED).count()
    if left:
        raise Refused(
            "answers",
            ngettext(
                "%(who)s answers for %(n)d enterprise: hand it over first.",
                "%(who)s answers for %(n)d enterprises: hand them over first.",
                left,
            )
            % {"who": user, "n": left},
        )


@receiver(days_changed)
def steps_follow_the_calendar(sender: object, *, first: date, **_more: Any) -> None:
    """Steps towards an officer are counted in working days: the sweep reckons them anew."""
    Cadence.objects.filter(
        officer_due_at__isnull=False, next_reminder_at__gte=start_of(first)
    ).update(next_reminder_at=timezone.now())


@receiver(person_leaving)
def nobody_leaves_a_cover_behind(sender: object, *, user: User, **_more: Any) -> None:
    """Whoever acts for another is there while the other is away, and whoever is covered comes back.

    A cover that is over binds nobody; one to come is cancelled first.
    """
    to_come = Cover.objects.filter(
        cancelled_at__isnull=True, ends_on__gte=timezone.localdate()
    ).order_by("starts_on")
    if found := to_come.filter(acting=user).select_related("officer").first():
        raise Refused(
            "acts",
            _("%(who)s acts for %(officer)s until %(day)s: cancel that cover first.")
            % {"who": user, "officer": found.officer, "day": f"{found.ends_on:%F}"},
        )
    if found := to_come.filter(officer=user).select_related("acting").first():
        raise Refused(
            "covered",
            _("%(acting)s acts for %(who)s until %(day)s: cancel that cover first.")
            % {"who": user, "acting": found.acting, "day": f"{found.ends_on:%F}"},
        )
