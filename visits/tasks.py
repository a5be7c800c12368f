from celery import shared_task
from django.utils import timezone

from visits.day_plans.sweep import plan_due

# Later than this the next sweep has done it (liaison/schedule.py).
WAKES_FOR = 60  # seconds


@shared_task
def plan_days() -> None:
    plan_due(timezone.now())


def wake() -> None:
    """Have a worker plan now instead of within a minute; called when a transaction is committed."""
    plan_days.apply_async(retry=False, expires=WAKES_FOR)
