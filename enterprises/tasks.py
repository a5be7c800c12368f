from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from enterprises.actions.importing import discard_old_previews as discard

# A list is agreed to within days, or never.
KEEPS_PREVIEWS = timedelta(days=7)


@shared_task
def discard_old_previews() -> None:
    discard(before=timezone.now() - KEEPS_PREVIEWS)
