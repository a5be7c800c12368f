"""What the periodic job does about deliveries, and how far behind it is."""

from datetime import datetime, timedelta

from liaison.notices.delivering import deliver
from liaison.notices.models import Delivery


def deliver_due(now: datetime) -> dict[str, int]:
    """How many were sent, put off, given up, or no longer wanted."""
    came_to = deliver(now)
    return {
        "deliveries": came_to["sent"],
        "deliveries_put_off": came_to["pending"],
        "deliveries_failed": came_to["failed"],
        "deliveries_dropped": came_to["dropped"],
    }


def oldest_due(now: datetime) -> timedelta | None:
    """For how long the delivery that has waited longest has been due."""
    due = Delivery.objects.all().due(now).order_by("due_at", "id")
    first = due.values_list("due_at", flat=True).first()
    return now - first if first else None
