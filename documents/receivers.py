"""What papers have to say when something happens below."""

from datetime import datetime
from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from documents.actions.postponing import postpone_order
from documents.models import Order
from issues.deadlines import falls_on
from issues.models import Event, Issue
from issues.signals import moved
from liaison.core.refused import Refused

# Moves by which a line would end, or be said to be done, over what is still to be put right.
ENDING = frozenset({"propose", "withdraw"})


@receiver(moved)
def no_line_ends_over_an_open_order(
    sender: object, *, issue: Issue, event: Event, **_more: Any
) -> None:
    """First each item is accepted, or the order is revoked."""
    if event.move not in ENDING:
        return
    if order := Order.objects.all().open().filter(issue=issue).first():
        raise Refused(
            "open_order",
            _("%(number)s is open: first each of its items is accepted, or it is revoked.")
            % {"number": order.number},
        )


@receiver(moved)
def an_order_goes_with_its_line(
    sender: object, *, issue: Issue, event: Event, **_more: Any
) -> None:
    """A line that is granted more time gives it to its open order too."""
    if event.move != "grant_extension":
        return
    before, after = (
        falls_on(datetime.fromisoformat(event.values[name])) for name in ("from", "due")
    )
    postpone_order(issue, event, before=before, after=after)
