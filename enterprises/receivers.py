"""What enterprises have to say when something happens below."""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import ngettext

from enterprises.models import Assignment, Stage
from liaison.accounts.models import User
from liaison.accounts.signals import person_leaving
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
