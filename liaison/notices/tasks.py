from celery import shared_task

from liaison.notices.delivering import deliver
from liaison.notices.texting import send_texts

# Later than this the next sweep has done it (liaison/schedule.py).
WAKES_FOR = 60  # seconds


@shared_task
def deliver_due() -> None:
    deliver()
    send_texts()


def wake() -> None:
    """Have a worker deliver now instead of within a minute.

    Called when a transaction is committed. What is due stands in the database, so one try is
    enough: without a broker it goes out with the next sweep.
    """
    deliver_due.apply_async(retry=False, expires=WAKES_FOR)
