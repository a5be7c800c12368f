"""What the periodic job does about deliveries, and how far behind it is."""

from datetime import datetime, timedelta

from liaison.core.sweeping import longest_wait
from liaison.notices.delivering import deliver
from liaison.notices.models import Delivery, TextMessage
from liaison.notices.texting import send_texts


def deliver_due(now: datetime) -> dict[str, int]:
    """How many were sent, put off, given up, or no longer wanted, text messages among them."""
    came_to = deliver(now) + send_texts(now)
    return {
        "deliveries": came_to["sent"],
        "deliveries_put_off": came_to["pending"],
        "deliveries_failed": came_to["failed"],
        "deliveries_dropped": came_to["dropped"],
    }


def oldest_due(now: datetime) -> timedelta | None:
    """For how long the delivery that has waited longest has been due."""
    due = (Delivery.objects.all().due(now), TextMessage.objects.all().due(now))
    return longest_wait(now, *((rows, "due_at") for rows in due))
