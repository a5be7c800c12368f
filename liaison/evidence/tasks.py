from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from liaison.evidence.actions import discard_unattached


@shared_task
def discard_forgotten_uploads() -> None:
    kept_for = timedelta(days=settings.EVIDENCE_KEEP_UNATTACHED_DAYS)
    discard_unattached(before=timezone.now() - kept_for)
