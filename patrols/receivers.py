"""What the teams do when something happens below."""

from collections.abc import Sequence
from typing import Any

from django.dispatch import receiver

from enterprises.models import Enterprise
from enterprises.signals import closed_down
from liaison.accounts.models import User
from patrols.actions.leaving import leave_teams


@receiver(closed_down)
def who_is_gone_patrols_no_more(
    sender: object, *, enterprises: Sequence[Enterprise], by: User | None, **_more: Any
) -> None:
    leave_teams(enterprises, by=by)
