"""What visits do when something happens below them."""

from typing import Any

from django.dispatch import receiver

from liaison.accounts.models import User
from liaison.whereabouts.signals import consent_withdrawn
from visits.actions.placing import forget_positions_of


@receiver(consent_withdrawn)
def coordinates_go_with_the_consent(sender: object, *, person: User, **_more: Any) -> None:
    forget_positions_of(person)
